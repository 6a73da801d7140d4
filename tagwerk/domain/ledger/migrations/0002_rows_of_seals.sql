-- A seal keeps a short digest of each of its rows as well, so that a change by force can be named and not only noticed:
-- for each row its sequence number (8 bytes) and the beginning of its hash (8 bytes), in order. What proves a change is
-- still the hash of the range; seals that were made before name their range alone.
ALTER TABLE ledger_seal ADD COLUMN digests bytea;

CREATE FUNCTION ledger_row_digest(t ledger_transfer) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT int8send(t.seq) || substr(sha256(convert_to(ledger_row_text(t), 'UTF8')), 1, 8) $$;

CREATE OR REPLACE FUNCTION ledger_seal_next(largest bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
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
  INSERT INTO ledger_seal (first_seq, last_seq, transfers, previous, hash, digests)
    SELECT low, high, count(*), prior, ledger_range_hash(prior, low, high),
        string_agg(ledger_row_digest(t), ''::bytea ORDER BY t.seq)
      FROM ledger_transfer t WHERE t.seq BETWEEN low AND high
    RETURNING id INTO sealed;
  RETURN sealed;
END $$;

-- Which rows are not as this seal, and the end of the one before it, left them.
CREATE FUNCTION ledger_wrong_rows(number bigint) RETURNS TABLE (wrong_seq bigint, wrong text) LANGUAGE sql STABLE AS $$
  WITH one AS (
    SELECT s.first_seq, s.last_seq, s.digests,
        coalesce((SELECT max(b.last_seq) FROM ledger_seal b WHERE b.id < s.id), 0) AS last_before
      FROM ledger_seal s WHERE s.id = number AND s.digests IS NOT NULL
  ), sealed AS (
    SELECT ('x' || encode(substr(digests, 16 * k + 1, 8), 'hex'))::bit(64)::bigint AS seq,
        substr(digests, 16 * k + 1, 16) AS digest
      FROM one, generate_series(0, length(digests) / 16 - 1) k
  ), present AS (
    SELECT t.seq, ledger_row_digest(t) AS digest FROM one, ledger_transfer t
      WHERE t.seq > one.last_before AND t.seq <= one.last_seq
  )
  SELECT coalesce(s.seq, p.seq),
      CASE WHEN p.seq IS NULL THEN 'gone' WHEN s.seq IS NULL THEN 'added' ELSE 'changed' END
    FROM sealed s FULL JOIN present p ON p.seq = s.seq
    WHERE s.digest IS DISTINCT FROM p.digest ORDER BY 1 $$;
