-- Seals of version 2 cover, beside their transfers: the accounts that were opened since the seal before, and all of their
-- own row. Accounts never change but in their balances, so each is sealed once. Seals of version 1 stay as they are; the
-- first one of version 2 covers their rows, and all accounts there are.
ALTER TABLE ledger_seal
  ADD COLUMN version smallint NOT NULL DEFAULT 1,
  ADD COLUMN last_account bigint NOT NULL DEFAULT 0,  -- accounts up to this number are sealed by it, or by one before
  ADD COLUMN accounts text NOT NULL DEFAULT '';       -- what they were, one a line: a change can be named by what it was

-- The newest seal once more, or nothing would miss one that is taken away at the end of the chain.
CREATE TABLE ledger_newest_seal (
  id       smallint PRIMARY KEY DEFAULT 1,
  seal_id  bigint NOT NULL,
  last_seq bigint NOT NULL,
  hash     bytea  NOT NULL,
  CONSTRAINT ledger_newest_seal_is_one CHECK (id = 1)
);
INSERT INTO ledger_newest_seal (seal_id, last_seq, hash)
  SELECT id, last_seq, hash FROM ledger_seal ORDER BY id DESC LIMIT 1;

-- It follows only from the seal before to the next: once the two differ they do so until somebody has looked.
CREATE FUNCTION ledger_keep_newest_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before ledger_seal;
BEGIN
  SELECT * INTO before FROM ledger_seal WHERE id < NEW.id ORDER BY id DESC LIMIT 1;
  IF NOT FOUND THEN
    INSERT INTO ledger_newest_seal (seal_id, last_seq, hash) VALUES (NEW.id, NEW.last_seq, NEW.hash)
      ON CONFLICT DO NOTHING;
  ELSE
    UPDATE ledger_newest_seal SET seal_id = NEW.id, last_seq = NEW.last_seq, hash = NEW.hash
      WHERE (seal_id, last_seq, hash) = (before.id, before.last_seq, before.hash);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_keep_newest_seal AFTER INSERT ON ledger_seal
  FOR EACH ROW EXECUTE FUNCTION ledger_keep_newest_seal();

-- Depth 1 is this trigger under a statement that somebody sent; deeper is the one inside ledger_keep_newest_seal.
CREATE FUNCTION ledger_newest_seal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'the newest seal follows the seals' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_newest_seal_guard BEFORE INSERT OR UPDATE OR DELETE ON ledger_newest_seal
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_newest_seal_guard();

-- Who opens an account holds the same lock as who books: below the highest number seen under it, none is on its way.
CREATE TRIGGER ledger_announce BEFORE INSERT ON ledger_account FOR EACH STATEMENT EXECUTE FUNCTION ledger_announce();

CREATE FUNCTION ledger_settled(OUT seq bigint, OUT account bigint) LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
BEGIN
  PERFORM pg_advisory_lock(7440001);
  BEGIN
    SELECT (SELECT max(t.seq) FROM ledger_transfer t), (SELECT max(a.id) FROM ledger_account a) INTO seq, account;
  EXCEPTION WHEN OTHERS THEN
    PERFORM pg_advisory_unlock(7440001);
    RAISE;
  END;
  PERFORM pg_advisory_unlock(7440001);
END $$;

CREATE FUNCTION ledger_account_text(a ledger_account) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_array(a.id, a.code, a.kind, a.currency, a.guard, extract(epoch FROM a.opened_at))::text $$;

-- The accounts above the number `low` up to `high`, one a line.
CREATE FUNCTION ledger_accounts_text(low bigint, high bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_agg(ledger_account_text(a), E'\n' ORDER BY a.id), '')
    FROM ledger_account a WHERE a.id > low AND a.id <= high $$;

CREATE FUNCTION ledger_range_text(low bigint, high bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_agg(ledger_row_text(t), E'\n' ORDER BY t.seq), '')
    FROM ledger_transfer t WHERE t.seq BETWEEN low AND high $$;

-- The rows of all seals of version 1, whose own hashes cover their transfers only.
CREATE FUNCTION ledger_former_seals() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_agg(jsonb_build_array(s.id, extract(epoch FROM s.sealed_at), s.first_seq, s.last_seq,
      s.transfers, encode(sha256(s.digests), 'hex'), s.last_account, s.accounts)::text, E'\n' ORDER BY s.id), '')
    FROM ledger_seal s WHERE s.version = 1 $$;

-- The hash that a seal has to have; `before`: the version of the seal before it.
CREATE FUNCTION ledger_seal_hash(s ledger_seal, before smallint) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT CASE s.version
    WHEN 1 THEN ledger_range_hash(s.previous, s.first_seq, s.last_seq)
    WHEN 2 THEN sha256(coalesce(s.previous, ''::bytea) || convert_to(
      jsonb_build_array(s.version, s.id, extract(epoch FROM s.sealed_at), s.first_seq, s.last_seq, s.transfers,
        encode(sha256(s.digests), 'hex'), s.last_account, encode(sha256(convert_to(s.accounts, 'UTF8')), 'hex'))::text
      || CASE WHEN before = 1 THEN E'\n' || ledger_former_seals() ELSE '' END
      || E'\n' || ledger_range_text(s.first_seq, s.last_seq), 'UTF8'))
    END $$;

CREATE OR REPLACE FUNCTION ledger_seal_next(largest bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  settled record; newest ledger_newest_seal; before ledger_seal; made ledger_seal;
BEGIN
  PERFORM pg_advisory_xact_lock(7440002);
  SELECT * INTO before FROM ledger_seal ORDER BY id DESC LIMIT 1;
  SELECT * INTO newest FROM ledger_newest_seal WHERE seal_id > coalesce(before.id, 0);  -- one that was taken away
  BEGIN
    SELECT * INTO settled FROM ledger_settled();
  EXCEPTION WHEN lock_not_available THEN
    RETURN NULL;
  END;
  SELECT min(seq) INTO made.first_seq FROM ledger_transfer
    WHERE seq <= settled.seq AND seq > coalesce(
      greatest(newest.last_seq, (SELECT s.last_seq FROM ledger_seal s ORDER BY s.first_seq DESC LIMIT 1)), 0);
  IF made.first_seq IS NULL THEN
    RETURN NULL;
  END IF;
  made.id := nextval(pg_get_serial_sequence('public.ledger_seal', 'id'));
  made.version := 2;
  made.sealed_at := clock_timestamp();
  made.last_seq := least(settled.seq, made.first_seq + largest - 1);
  SELECT coalesce(max(a.id), before.last_account, 0) INTO made.last_account
    FROM (SELECT id FROM ledger_account WHERE id > coalesce(before.last_account, 0) AND id <= settled.account
            ORDER BY id LIMIT largest) a;
  made.accounts := ledger_accounts_text(coalesce(before.last_account, 0), made.last_account);
  made.previous := coalesce(newest.hash, before.hash);
  SELECT count(*), string_agg(ledger_row_digest(t), ''::bytea ORDER BY t.seq) INTO made.transfers, made.digests
    FROM ledger_transfer t WHERE t.seq BETWEEN made.first_seq AND made.last_seq;
  made.hash := ledger_seal_hash(made, before.version);
  INSERT INTO ledger_seal OVERRIDING SYSTEM VALUE VALUES (made.*);
  RETURN made.id;
END $$;

-- Seals whose accounts are not what they were, with those accounts: as they were sealed and as they are.
CREATE FUNCTION ledger_wrong_accounts() RETURNS TABLE (seal_id bigint, sealed text, present text)
  LANGUAGE sql STABLE AS $$
  WITH ranges AS (
    SELECT s.id, s.accounts, s.last_account, coalesce(lag(s.last_account) OVER (ORDER BY s.id), 0) AS low
      FROM ledger_seal s WHERE s.version > 1
  ), broken AS (
    SELECT r.* FROM ranges r WHERE r.last_account > r.low
      AND r.accounts IS DISTINCT FROM ledger_accounts_text(r.low, r.last_account)
  ), sealed AS (
    SELECT b.id, line, substring(line FROM '^\[([0-9]+),') AS number
      FROM broken b, string_to_table(b.accounts, E'\n') line WHERE line <> ''
  ), present AS (
    SELECT b.id, ledger_account_text(a) AS line, a.id::text AS number
      FROM broken b JOIN ledger_account a ON a.id > b.low AND a.id <= b.last_account
  )
  SELECT coalesce(s.id, p.id), s.line, p.line
    FROM sealed s FULL JOIN present p ON p.id = s.id AND p.number = s.number
    WHERE s.line IS DISTINCT FROM p.line ORDER BY 1, coalesce(s.number, p.number)::numeric $$;

-- Seals that are not as they were made, or whose transfers, accounts or predecessor are not (must return no row).
CREATE OR REPLACE FUNCTION ledger_broken_seals() RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT s.id FROM ledger_seal s
      LEFT JOIN LATERAL (SELECT b.hash, b.last_seq, b.version FROM ledger_seal b
                           WHERE b.id < s.id ORDER BY b.id DESC LIMIT 1) b ON true
    WHERE s.previous IS DISTINCT FROM b.hash
      OR s.hash IS DISTINCT FROM ledger_seal_hash(s, b.version)
      OR s.transfers <> (SELECT count(*) FROM ledger_transfer t WHERE t.seq BETWEEN s.first_seq AND s.last_seq)
      OR EXISTS (SELECT 1 FROM ledger_transfer t
                   WHERE t.seq > coalesce(b.last_seq, 0) AND t.seq < s.first_seq)
  UNION
  SELECT w.seal_id FROM ledger_wrong_accounts() w
  UNION
  SELECT coalesce(n.seal_id, s.id)
    FROM (SELECT id, last_seq, hash FROM ledger_seal ORDER BY id DESC LIMIT 1) s FULL JOIN ledger_newest_seal n ON true
    WHERE (s.id, s.last_seq, s.hash) IS DISTINCT FROM (n.seal_id, n.last_seq, n.hash)
  ORDER BY 1 $$;

DROP FUNCTION ledger_settled_seq();

CREATE OR REPLACE FUNCTION ledger_restrict(app_role name) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('REVOKE ALL ON ledger_account, ledger_transfer, ledger_seal, ledger_newest_seal FROM %I', app_role);
  EXECUTE format('GRANT SELECT ON ledger_account, ledger_transfer, ledger_seal, ledger_newest_seal, ledger_recomputed,'
                 ' ledger_drift TO %I', app_role);
  EXECUTE format('GRANT INSERT (code, kind, currency, guard) ON ledger_account TO %I', app_role);
  EXECUTE format('GRANT INSERT (id, event, kind, debit_id, credit_id, currency, amount_micros, pending_id, code,'
                 ' ref_type, ref_id, memo) ON ledger_transfer TO %I', app_role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION ledger_seal_next(bigint) TO %I', app_role);
  EXECUTE format('REVOKE EXECUTE ON FUNCTION ledger_restrict(name) FROM %I', app_role);
END $$;
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'tagwerk_app') THEN
    PERFORM ledger_restrict('tagwerk_app');
  END IF;
END $$;
