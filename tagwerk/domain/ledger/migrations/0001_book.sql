-- The book: one debit account, one credit account, one amount. Balanced by construction, append-only, idempotent by id.
-- What each piece is for: docs/decisions/ledger-in-the-database.md

CREATE TABLE ledger_account (
  id                     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code                   varchar(120) COLLATE "C" NOT NULL,  -- "C": the index serves prefixes too
  kind                   varchar(10)  NOT NULL,
  currency               varchar(3)   NOT NULL,
  guard                  varchar(20)  NOT NULL DEFAULT 'none',
  debits_posted_micros   bigint NOT NULL DEFAULT 0,
  credits_posted_micros  bigint NOT NULL DEFAULT 0,
  debits_pending_micros  bigint NOT NULL DEFAULT 0,
  credits_pending_micros bigint NOT NULL DEFAULT 0,
  opened_at              timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT ledger_account_code_once UNIQUE (code),
  CONSTRAINT ledger_account_of_one_currency UNIQUE (id, currency),
  CONSTRAINT ledger_account_kind_known CHECK (kind IN ('asset', 'liability', 'income', 'expense')),
  CONSTRAINT ledger_account_currency_iso CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT ledger_account_guard_known CHECK (guard IN ('none', 'debits_le_credits', 'credits_le_debits')),
  CONSTRAINT ledger_account_not_negative CHECK (
    debits_posted_micros >= 0 AND credits_posted_micros >= 0
    AND debits_pending_micros >= 0 AND credits_pending_micros >= 0),
  CONSTRAINT ledger_account_no_overdraft CHECK (
    guard <> 'debits_le_credits' OR debits_posted_micros + debits_pending_micros <= credits_posted_micros),
  CONSTRAINT ledger_account_no_overcredit CHECK (
    guard <> 'credits_le_debits' OR credits_posted_micros + credits_pending_micros <= debits_posted_micros)
);

CREATE TABLE ledger_transfer (
  id            uuid PRIMARY KEY,
  seq           bigint GENERATED ALWAYS AS IDENTITY,
  booked_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  event         uuid NOT NULL,
  kind          varchar(7) NOT NULL,
  debit_id      bigint NOT NULL,
  credit_id     bigint NOT NULL,
  currency      varchar(3) NOT NULL,
  amount_micros bigint NOT NULL,
  pending_id    uuid,
  code          varchar(40) NOT NULL,
  ref_type      varchar(40) NOT NULL DEFAULT '',
  ref_id        varchar(80) NOT NULL DEFAULT '',
  memo          varchar(200) NOT NULL DEFAULT '',
  CONSTRAINT ledger_transfer_seq_once UNIQUE (seq),
  CONSTRAINT ledger_transfer_debit_currency FOREIGN KEY (debit_id, currency) REFERENCES ledger_account (id, currency),
  CONSTRAINT ledger_transfer_credit_currency FOREIGN KEY (credit_id, currency) REFERENCES ledger_account (id, currency),
  CONSTRAINT ledger_transfer_pending_exists FOREIGN KEY (pending_id) REFERENCES ledger_transfer (id),
  CONSTRAINT ledger_transfer_kind_known CHECK (kind IN ('single', 'pending', 'post', 'void')),
  CONSTRAINT ledger_transfer_amount_range CHECK (amount_micros BETWEEN 1 AND 1000000000000000),
  CONSTRAINT ledger_transfer_two_accounts CHECK (debit_id <> credit_id),
  CONSTRAINT ledger_transfer_names_pending CHECK ((kind IN ('post', 'void')) = (pending_id IS NOT NULL))
);
CREATE UNIQUE INDEX ledger_transfer_resolved_once ON ledger_transfer (pending_id) WHERE pending_id IS NOT NULL;
CREATE INDEX ledger_transfer_debits ON ledger_transfer (debit_id, seq DESC);
CREATE INDEX ledger_transfer_credits ON ledger_transfer (credit_id, seq DESC);
CREATE INDEX ledger_transfer_of_event ON ledger_transfer (event);

CREATE TABLE ledger_seal (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  first_seq bigint NOT NULL,
  last_seq  bigint NOT NULL,
  transfers bigint NOT NULL,
  previous  bytea,
  hash      bytea NOT NULL,
  CONSTRAINT ledger_seal_range_once UNIQUE (first_seq),
  CONSTRAINT ledger_seal_range_forward CHECK (first_seq <= last_seq)
);

-- Every writer of transfers holds this lock shared to its end; the sealer takes it exclusively for one read, and so
-- knows that no lower sequence number is still on its way (numbers are given out before transactions commit).
CREATE FUNCTION ledger_announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7440001);
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_announce BEFORE INSERT ON ledger_transfer FOR EACH STATEMENT EXECUTE FUNCTION ledger_announce();

CREATE FUNCTION ledger_check_resolutions(resolution uuid[]) RETURNS void LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  wrong text;
BEGIN
  SELECT CASE
      WHEN p.kind <> 'pending' THEN 'ledger_transfer_pending_exists'
      WHEN (p.debit_id, p.credit_id, p.currency) IS DISTINCT FROM (t.debit_id, t.credit_id, t.currency)
        THEN 'ledger_transfer_matches_pending'
      ELSE 'ledger_transfer_within_pending' END
    INTO wrong
    FROM ledger_transfer t JOIN ledger_transfer p ON p.id = t.pending_id
    WHERE t.id = ANY (resolution)
      AND (p.kind <> 'pending'
        OR (p.debit_id, p.credit_id, p.currency) IS DISTINCT FROM (t.debit_id, t.credit_id, t.currency)
        OR t.amount_micros > p.amount_micros
        OR (t.kind = 'void' AND t.amount_micros <> p.amount_micros))
    LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'a transfer does not fit the pending one that it resolves'
      USING ERRCODE = 'check_violation', TABLE = 'ledger_transfer', CONSTRAINT = wrong;
  END IF;
END $$;

CREATE TYPE ledger_move AS (account_id bigint, debits_posted bigint, credits_posted bigint, debits_pending bigint, credits_pending bigint);

-- One statement books any number of transfers: moves are summed per account first, so each account row is written
-- once (a trigger per row writes a hot account once per transfer, which is quadratic in a batch).
CREATE FUNCTION ledger_apply() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  resolutions uuid[];
  moves ledger_move[];
  short record;
BEGIN
  SELECT array_agg(id) INTO resolutions FROM booked WHERE pending_id IS NOT NULL;
  IF resolutions IS NOT NULL THEN
    PERFORM ledger_check_resolutions(resolutions);
  END IF;

  WITH legs AS (
    SELECT b.debit_id, b.credit_id,
        CASE WHEN b.kind IN ('single', 'post') THEN b.amount_micros ELSE 0 END AS posted,
        CASE WHEN b.kind = 'pending' THEN b.amount_micros ELSE -coalesce(p.amount_micros, 0) END AS pending
      FROM booked b LEFT JOIN ledger_transfer p ON p.id = b.pending_id
  ), sides AS (
    SELECT debit_id AS account_id, posted AS dp, 0 AS cp, pending AS dw, 0 AS cw FROM legs
    UNION ALL SELECT credit_id, 0, posted, 0, pending FROM legs
  ), sums AS (
    SELECT account_id, sum(dp)::bigint AS dp, sum(cp)::bigint AS cp, sum(dw)::bigint AS dw, sum(cw)::bigint AS cw
      FROM sides GROUP BY account_id
  )
  SELECT array_agg((account_id, dp, cp, dw, cw)::ledger_move) INTO moves FROM sums;

  -- One lock order for everybody; NO KEY UPDATE, because the foreign-key checks already hold KEY SHARE.
  PERFORM 1 FROM ledger_account
    WHERE id IN (SELECT account_id FROM unnest(moves)) ORDER BY id FOR NO KEY UPDATE;

  SELECT a.code, a.currency, m.debits_posted + m.debits_pending AS needed,
      a.credits_posted_micros + m.credits_posted - a.debits_posted_micros - a.debits_pending_micros AS available
    INTO short
    FROM unnest(moves) m JOIN ledger_account a ON a.id = m.account_id
    WHERE a.guard = 'debits_le_credits'
      AND a.debits_posted_micros + m.debits_posted + a.debits_pending_micros + m.debits_pending
        > a.credits_posted_micros + m.credits_posted
    ORDER BY a.id LIMIT 1;
  IF FOUND THEN  -- the constraint would say no as well, but could not name the amounts
    RAISE EXCEPTION 'not enough money in %', short.code
      USING ERRCODE = 'check_violation', TABLE = 'ledger_account', CONSTRAINT = 'ledger_account_no_overdraft',
            DETAIL = json_build_object('account', short.code, 'currency', short.currency,
                                       'needed_micros', short.needed, 'available_micros', short.available);
  END IF;

  UPDATE ledger_account a
    SET debits_posted_micros = a.debits_posted_micros + m.debits_posted,
        credits_posted_micros = a.credits_posted_micros + m.credits_posted,
        debits_pending_micros = a.debits_pending_micros + m.debits_pending,
        credits_pending_micros = a.credits_pending_micros + m.credits_pending
    FROM unnest(moves) m WHERE a.id = m.account_id;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_apply AFTER INSERT ON ledger_transfer REFERENCING NEW TABLE AS booked
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_apply();

-- Append-only. There is no trigger against TRUNCATE: that is kept by privilege, so that tests may empty their tables.
CREATE FUNCTION ledger_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the book is append-only: % of % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ledger_transfer_append_only BEFORE UPDATE OR DELETE ON ledger_transfer
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_immutable();
CREATE TRIGGER ledger_seal_append_only BEFORE UPDATE OR DELETE ON ledger_seal
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_immutable();
CREATE TRIGGER ledger_account_stays BEFORE DELETE ON ledger_account
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_immutable();

-- Depth 1 is this trigger under a statement that somebody sent; deeper is the one inside ledger_apply.
CREATE FUNCTION ledger_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.debits_posted_micros, NEW.credits_posted_micros, NEW.debits_pending_micros, NEW.credits_pending_micros)
       IS DISTINCT FROM (0::bigint, 0::bigint, 0::bigint, 0::bigint) THEN
      RAISE EXCEPTION 'an account opens empty' USING ERRCODE = 'insufficient_privilege';
    END IF;
  ELSIF pg_trigger_depth() < 2 OR (OLD.id, OLD.code, OLD.kind, OLD.currency, OLD.guard, OLD.opened_at)
       IS DISTINCT FROM (NEW.id, NEW.code, NEW.kind, NEW.currency, NEW.guard, NEW.opened_at) THEN
    RAISE EXCEPTION 'accounts change only through transfers' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_account_guard BEFORE INSERT OR UPDATE ON ledger_account
  FOR EACH ROW EXECUTE FUNCTION ledger_account_guard();

-- Sealing: a hash chain over closed ranges, apart from booking, so that it serialises nobody.
CREATE FUNCTION ledger_row_text(t ledger_transfer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_array(t.seq, t.id, extract(epoch FROM t.booked_at), t.event, t.kind, t.debit_id, t.credit_id,
                           t.currency, t.amount_micros, t.pending_id, t.code, t.ref_type, t.ref_id, t.memo)::text $$;

CREATE FUNCTION ledger_range_hash(prior bytea, low bigint, high bigint) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(coalesce(prior, ''::bytea)
                || convert_to(coalesce(string_agg(ledger_row_text(t), E'\n' ORDER BY t.seq), ''), 'UTF8'))
    FROM ledger_transfer t WHERE t.seq BETWEEN low AND high $$;

CREATE FUNCTION ledger_settled_seq() RETURNS bigint LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  last bigint;
BEGIN
  PERFORM pg_advisory_lock(7440001);
  BEGIN
    SELECT max(seq) INTO last FROM ledger_transfer;
  EXCEPTION WHEN OTHERS THEN
    PERFORM pg_advisory_unlock(7440001);
    RAISE;
  END;
  PERFORM pg_advisory_unlock(7440001);
  RETURN last;
END $$;

-- Seals the next range of at most `largest` numbers; NULL when there is none, or when writers were too busy to wait for.
CREATE FUNCTION ledger_seal_next(largest bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  start bigint; low bigint; high bigint; prior bytea; sealed bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7440002);
  SELECT last_seq + 1, hash INTO start, prior FROM ledger_seal ORDER BY id DESC LIMIT 1;
  BEGIN
    high := ledger_settled_seq();
  EXCEPTION WHEN lock_not_available THEN
    RETURN NULL;
  END;
  SELECT min(seq) INTO low FROM ledger_transfer WHERE seq BETWEEN coalesce(start, 1) AND high;
  IF low IS NULL THEN
    RETURN NULL;
  END IF;
  high := least(high, low + largest - 1);
  INSERT INTO ledger_seal (first_seq, last_seq, transfers, previous, hash)
    SELECT low, high, count(*), prior, ledger_range_hash(prior, low, high)
      FROM ledger_transfer WHERE seq BETWEEN low AND high
    RETURNING id INTO sealed;
  RETURN sealed;
END $$;

-- Seals whose transfers, number of transfers or predecessor are not what was sealed (must return no row).
CREATE FUNCTION ledger_broken_seals() RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  WITH chain AS (
    SELECT s.*, lag(hash) OVER (ORDER BY id) AS expected_previous, lag(last_seq) OVER (ORDER BY id) AS last_before
      FROM ledger_seal s
  )
  SELECT c.id FROM chain c
    WHERE c.previous IS DISTINCT FROM c.expected_previous
      OR c.hash <> ledger_range_hash(c.previous, c.first_seq, c.last_seq)
      OR c.transfers <> (SELECT count(*) FROM ledger_transfer t WHERE t.seq BETWEEN c.first_seq AND c.last_seq)
      OR EXISTS (SELECT 1 FROM ledger_transfer t
                   WHERE t.seq > coalesce(c.last_before, 0) AND t.seq < c.first_seq)
    ORDER BY c.id $$;

-- What the transfers say, against what the accounts say.
CREATE VIEW ledger_recomputed AS
  WITH legs AS (
    SELECT t.debit_id, t.credit_id,
        CASE WHEN t.kind IN ('single', 'post') THEN t.amount_micros ELSE 0 END AS posted,
        CASE WHEN t.kind = 'pending' AND r.id IS NULL THEN t.amount_micros ELSE 0 END AS pending
      FROM ledger_transfer t LEFT JOIN ledger_transfer r ON r.pending_id = t.id
  ), sides AS (
    SELECT debit_id AS account_id, posted AS dp, 0 AS cp, pending AS dw, 0 AS cw FROM legs
    UNION ALL SELECT credit_id, 0, posted, 0, pending FROM legs
  )
  SELECT a.id, a.code, a.kind, a.currency,
      coalesce(sum(dp), 0) AS debits_posted_micros, coalesce(sum(cp), 0) AS credits_posted_micros,
      coalesce(sum(dw), 0) AS debits_pending_micros, coalesce(sum(cw), 0) AS credits_pending_micros
    FROM ledger_account a LEFT JOIN sides s ON s.account_id = a.id
    GROUP BY a.id;

CREATE VIEW ledger_drift AS
  SELECT a.id, a.code, a.currency,
      abs(a.debits_posted_micros - r.debits_posted_micros) + abs(a.credits_posted_micros - r.credits_posted_micros)
      + abs(a.debits_pending_micros - r.debits_pending_micros)
      + abs(a.credits_pending_micros - r.credits_pending_micros) AS drift_micros
    FROM ledger_account a JOIN ledger_recomputed r ON r.id = a.id
    WHERE (a.debits_posted_micros, a.credits_posted_micros, a.debits_pending_micros, a.credits_pending_micros)
      IS DISTINCT FROM
      (r.debits_posted_micros, r.credits_posted_micros, r.debits_pending_micros, r.credits_pending_micros);

-- What the application's role may do with the book. Call it again after any grant on all tables.
CREATE FUNCTION ledger_restrict(app_role name) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('REVOKE ALL ON ledger_account, ledger_transfer, ledger_seal FROM %I', app_role);
  EXECUTE format('GRANT SELECT ON ledger_account, ledger_transfer, ledger_seal, ledger_recomputed, ledger_drift TO %I',
                 app_role);
  EXECUTE format('GRANT INSERT (code, kind, currency, guard) ON ledger_account TO %I', app_role);
  EXECUTE format('GRANT INSERT (id, event, kind, debit_id, credit_id, currency, amount_micros, pending_id, code,'
                 ' ref_type, ref_id, memo) ON ledger_transfer TO %I', app_role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION ledger_seal_next(bigint) TO %I', app_role);
  EXECUTE format('REVOKE EXECUTE ON FUNCTION ledger_restrict(name) FROM %I', app_role);
END $$;
REVOKE EXECUTE ON FUNCTION ledger_restrict(name) FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'tagwerk_app') THEN
    PERFORM ledger_restrict('tagwerk_app');
  END IF;
END $$;
