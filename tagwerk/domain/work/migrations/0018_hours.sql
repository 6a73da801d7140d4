-- The time of an assignment that ends now, as before, up to what is paid without asking or was agreed while its worker was at
-- it. A stop can be corrected like an answer. What was asked for beforehand is not more than what was measured, and
-- nothing where no more was needed, or nothing came of it.
CREATE OR REPLACE FUNCTION work_end_time(p bigint, given bigint, w bigint, ended_as smallint, moment timestamptz,
    OUT seconds integer, OUT reward bigint)
  LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
  a assignment%ROWTYPE;
  measured integer;
  over boolean;
BEGIN
  SELECT x.* INTO a FROM assignment x WHERE x.project_id = p AND x.id = given AND x.worker_id = w FOR NO KEY UPDATE;
  IF a.most_seconds IS NULL THEN
    RETURN;
  END IF;
  UPDATE time_entry x SET
      ended_at = CASE WHEN moment > x.seen_at + interval '120 seconds' THEN x.seen_at ELSE greatest(moment, x.started_at) END,
      ended_by = CASE WHEN moment > x.seen_at + interval '120 seconds' THEN 'lost'
        WHEN ended_as IN (1, 7) THEN 'handed_in' ELSE 'given_up' END
    WHERE x.worker_id = w AND x.ended_at IS NULL AND x.project_id = p AND x.assignment_id = given;
  SELECT least(coalesce(floor(extract(epoch FROM sum(x.ended_at - x.started_at))), 0), 2147483)::integer INTO measured
    FROM time_entry x WHERE x.project_id = p AND x.assignment_id = given;
  seconds := measured;
  INSERT INTO hourly_answer (project_id, assignment_id, worker_id, claimed_micros, measured_seconds, paid_seconds,
                             handed_in_at, correct_until, ended_at)
    VALUES (p, given, w, a.reward_micros, measured, least(measured, a.most_seconds), moment, moment + interval '7 days',
            CASE WHEN ended_as NOT IN (1, 8) THEN moment END)
    ON CONFLICT (project_id, assignment_id) DO NOTHING;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  over := ended_as IN (1, 8) AND measured > a.most_seconds;
  UPDATE time_request x SET seconds = CASE WHEN over THEN least(x.seconds, measured) ELSE x.seconds END,
      state = CASE WHEN over THEN x.state ELSE 'withdrawn' END, decided_at = CASE WHEN NOT over THEN moment END
    WHERE x.project_id = p AND x.assignment_id = given AND x.state = 'asked';
  reward := work_fix_time_pay(p, given, a.reward_micros, least(measured, a.most_seconds));
END $$;

-- Fix what so much time of an assignment pays, of which nothing is decided. `claimed`: its price for the longest time that
-- was paid without asking when it was taken, which no rounding exceeds; for more that was agreed, money was set aside.
CREATE FUNCTION work_fix_time_pay(p bigint, given bigint, claimed bigint, counted integer) RETURNS bigint
  LANGUAGE plpgsql AS $$
DECLARE
  r record;
  pay bigint;
BEGIN
  SELECT x.hour_micros, x.reward_micros, x.fee_bp INTO r FROM project x WHERE x.id = p;
  pay := work_pay_for_time(r.hour_micros, counted, claimed, r.reward_micros);
  IF pay > claimed AND NOT EXISTS (SELECT FROM time_request q
      WHERE q.project_id = p AND q.assignment_id = given AND q.agreed_micros > 0) THEN
    pay := claimed;
  END IF;
  UPDATE assignment x SET reward_micros = pay, fee_micros = work_fee(pay, r.fee_bp),
      spare_micros = x.spare_micros + x.reward_micros + x.fee_micros - pay - work_fee(pay, r.fee_bp)
    WHERE x.project_id = p AND x.id = given;
  RETURN pay;
END $$;

-- Where the timer of what just ended has measured nothing, the time counts in which its page was at work, up to the time
-- that the task was in hand and to what is paid without asking. What it pays then.
CREATE FUNCTION work_count_activity(p bigint, given bigint, active integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  h hourly_answer%ROWTYPE;
  a assignment%ROWTYPE;
  worked integer;
BEGIN
  SELECT x.* INTO a FROM assignment x WHERE x.project_id = p AND x.id = given FOR NO KEY UPDATE;
  SELECT x.* INTO h FROM hourly_answer x WHERE x.project_id = p AND x.assignment_id = given FOR NO KEY UPDATE;
  IF NOT FOUND OR h.measured_seconds > 0 OR h.stated_at IS NOT NULL THEN
    RETURN 0;
  END IF;
  worked := least(active / 1000, floor(extract(epoch FROM h.handed_in_at - a.claimed_at)))::integer;
  IF worked <= 0 THEN
    RETURN 0;
  END IF;
  UPDATE hourly_answer x SET active_seconds = worked, paid_seconds = least(worked, a.most_seconds)
    WHERE x.project_id = p AND x.assignment_id = given;
  RETURN work_fix_time_pay(p, given, h.claimed_micros, least(worked, a.most_seconds));
END $$;
