-- What so much time pays at a rate for an hour; half a micro counts as one. `work.rules.hours.pay_for_time` says the same.
CREATE FUNCTION work_pay_for_time(hour_micros bigint, seconds bigint, claimed_micros bigint, most_micros bigint)
  RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT div(2 * hour_micros::numeric * seconds * claimed_micros + 3600::numeric * most_micros,
    7200::numeric * most_micros)::bigint $$;

-- The time of an assignment that ends now: its timer stops, and what it pays follows from all its runs, up to what is paid
-- without asking. What is committed for it stays, as it can be corrected for a week; where no answer came of it, it cannot.
CREATE FUNCTION work_end_time(p bigint, given bigint, w bigint, ended_as smallint, moment timestamptz,
    OUT seconds integer, OUT reward bigint)
  LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
  a assignment%ROWTYPE;
  r record;
  paid integer;
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
  SELECT least(coalesce(floor(extract(epoch FROM sum(x.ended_at - x.started_at))), 0), 2147483)::integer INTO seconds
    FROM time_entry x WHERE x.project_id = p AND x.assignment_id = given;
  SELECT x.hour_micros, x.reward_micros, x.fee_bp INTO r FROM project x WHERE x.id = p;
  paid := least(seconds, a.most_seconds);
  INSERT INTO hourly_answer (project_id, assignment_id, worker_id, claimed_micros, measured_seconds, paid_seconds,
                             handed_in_at, correct_until, ended_at)
    VALUES (p, given, w, a.reward_micros, seconds, paid, moment, moment + interval '7 days',
            CASE WHEN ended_as <> 1 THEN moment END)
    ON CONFLICT (project_id, assignment_id) DO NOTHING;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  reward := least(a.reward_micros, work_pay_for_time(r.hour_micros, paid, a.reward_micros, r.reward_micros));
  UPDATE assignment x SET reward_micros = reward, fee_micros = work_fee(reward, r.fee_bp),
      spare_micros = x.spare_micros + x.reward_micros + x.fee_micros - reward - work_fee(reward, r.fee_bp)
    WHERE x.project_id = p AND x.id = given;
END $$;

-- The claim notes for how long a task is paid by the hour without asking, and handing in fixes what its time pays. The
-- rest is as it was.
-- Hand in (handed, design, body, mark …) and take the next (wants_next), either or both.
--   outcome: null (nothing handed in), accepted, repeated, late, conflict, design, gone, unknown
--   nothing: why there is no next task; null with one
CREATE OR REPLACE FUNCTION work_cycle(
    p bigint, w bigint, via smallint,
    handed bigint, given_design bigint, body jsonb, mark uuid, active integer, shown_sides text, undo integer,
    wants_next boolean,
    OUT outcome text, OUT outcome_revision smallint, OUT outcome_design bigint, OUT outcome_reward bigint,
    OUT nothing text,
    OUT next_assignment bigint, OUT next_task bigint, OUT next_design bigint, OUT next_instructions integer,
    OUT next_data text, OUT next_prediction text, OUT next_draft text,
    OUT next_claimed timestamptz, OUT next_expires timestamptz, OUT next_reward bigint, OUT next_currency text)
  LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
  e enrolment%ROWTYPE;
  a assignment%ROWTYPE;
  project record;
  new_state smallint;
  found_slot record;
  g record;
  took_gold boolean := false;
  changed boolean := false;
  first_pos bigint;
  next_fee bigint;
  next_spare bigint := 0;
  next_units bigint;
  own integer[];
  most bigint;
  old_next bigint;
  timed record;
  moment timestamptz := statement_timestamp();
BEGIN
  SELECT x.* INTO e FROM enrolment x WHERE x.project_id = p AND x.worker_id = w FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    outcome := CASE WHEN handed IS NOT NULL THEN 'unknown' END;
    nothing := 'not_enrolled';
    RETURN;
  END IF;

  IF handed IS NOT NULL THEN
    SELECT x.* INTO a FROM assignment x WHERE x.project_id = p AND x.id = handed;
    IF a.id IS NULL OR a.worker_id <> w OR a.state = 9 THEN
      outcome := 'unknown';
      RETURN;
    END IF;
    outcome_revision := a.revision;
    outcome_reward := a.reward_micros;
    IF a.state IN (0, 5) AND a.design_id <> given_design THEN
      outcome := 'design';
      outcome_design := a.design_id;
      RETURN;
    ELSIF a.state = 0 THEN
      outcome := 'accepted';
      new_state := 1;
      e.held := array_remove(e.held, handed);
      DELETE FROM hold WHERE project_id = p AND assignment_id = handed;
    ELSIF a.state = 5 THEN
      new_state := CASE WHEN NOT a.is_gold AND work_take_late(p, a.task_id) THEN 1 ELSE 7 END;
      outcome := CASE new_state WHEN 1 THEN 'accepted' ELSE 'late' END;
    ELSIF a.state IN (4, 6, 8) THEN
      outcome := 'gone';
      RETURN;
    ELSIF a.digest IS DISTINCT FROM mark THEN
      outcome := 'conflict';
      RETURN;
    ELSE
      outcome := CASE a.state WHEN 7 THEN 'late' ELSE 'repeated' END;
      old_next := a.next_id;
    END IF;
    IF new_state IS NOT NULL THEN
      IF a.most_seconds IS NOT NULL THEN
        SELECT t.seconds, t.reward INTO timed FROM work_end_time(p, handed, w, new_state, moment) t;
        outcome_reward := timed.reward;
        active := greatest(active, timed.seconds * 1000);
      END IF;
      INSERT INTO answer (project_id, assignment_id, revision, task_id, worker_id, design_id, instructions_version,
                          channel, sides, active_ms, answers, submitted_at)
        VALUES (p, handed, 0, a.task_id, w, a.design_id, a.instructions_version, via, shown_sides, active, body, moment);
      IF new_state = 1 THEN
        INSERT INTO inbox (project_id, due_at, assignment_id) VALUES (p, moment + make_interval(secs => undo), handed);
      END IF;
      e.submitted := e.submitted + 1;
      IF new_state = 1 THEN
        IF e.day_ends_at IS NULL OR e.day_ends_at <= moment THEN
          e.day_ends_at := work_midnight_after(w, moment);
          e.day_submitted := 0;
        END IF;
        e.day_submitted := e.day_submitted + 1;
      END IF;
      changed := true;
    END IF;
  END IF;

  IF wants_next AND old_next IS NULL THEN
    SELECT x.state, x.paid, x.reward_micros, x.fee_bp, x.currency, x.design_id, x.instructions_version,
           x.gold_share_bp, x.gold_start_bp, x.gold_start_tasks, x.hold_tasks, x.hold_seconds, x.sensitivity, x.api_work,
           x.answers_a_day, x.most_seconds,
           coalesce(o.head_pos, 0) - 1 AS below_head, o.most_factors, o.volume_after
      INTO project FROM project x LEFT JOIN opening o ON o.project_id = x.id WHERE x.id = p;
    nothing := CASE
      WHEN project.state = 'paused' THEN 'project_paused'
      WHEN project.state <> 'open' THEN 'project_closed'
      WHEN e.pause_reason IS NOT NULL THEN 'worker_paused'
      WHEN NOT e.eligible THEN 'not_eligible'
      WHEN via = 2 AND NOT project.api_work THEN 'api_work_not_allowed'
      WHEN project.sensitivity >= 2 AND e.consented_at IS NULL THEN 'consent_missing'
      WHEN project.answers_a_day <= cardinality(e.held)
        + CASE WHEN e.day_ends_at > moment THEN e.day_submitted ELSE 0 END THEN 'limit_reached'
    END;
    -- Whoever holds as many as they may, or may take no more, goes on with the oldest that they hold.
    IF cardinality(e.held) >= project.hold_tasks OR (nothing IS NOT NULL AND cardinality(e.held) > 0) THEN
      nothing := NULL;
      old_next := e.held[1];
    ELSIF nothing IS NULL THEN
      -- What this worker is paid more than others, as it is now. Null where everybody is paid alike.
      IF project.most_factors IS NOT NULL THEN
        own := ARRAY[least(e.level_bp, project.most_factors[1]),
          CASE WHEN project.volume_after <= (SELECT x.answers FROM approved_count x WHERE x.project_id = p AND x.worker_id = w)
            THEN project.most_factors[2] ELSE 10000 END,
          least(e.floor_bp, project.most_factors[3])];
      END IF;
      -- Gold, if it is due and paid for.
      IF project.gold_share_bp > 0 AND e.gold_due <= 0 AND (NOT project.paid OR e.gold_micros > 0) THEN
        SELECT x.pos, x.task_id INTO g FROM gold x
          WHERE x.project_id = p AND x.pos > e.gold_cursor AND x.retired_at IS NULL
            AND (SELECT 1 FROM assignment z WHERE z.project_id = p AND z.task_id = x.task_id AND z.worker_id = w) IS NULL
          ORDER BY x.pos LIMIT 1;
        IF NOT FOUND AND e.gold_cursor > 0 THEN
          SELECT x.pos, x.task_id INTO g FROM gold x
            WHERE x.project_id = p AND x.pos <= e.gold_cursor AND x.retired_at IS NULL
              AND (SELECT 1 FROM assignment z WHERE z.project_id = p AND z.task_id = x.task_id AND z.worker_id = w) IS NULL
            ORDER BY x.pos LIMIT 1;
        END IF;
        changed := true;
        IF FOUND THEN
          SELECT x.data::text, x.prediction::text, x.units
            INTO next_data, next_prediction, next_units FROM task x WHERE x.project_id = p AND x.id = g.task_id;
          IF own IS NOT NULL THEN
            next_units := work_worker_units(next_units, own);
          END IF;
          next_reward := work_reward(project.reward_micros, next_units);
          next_fee := work_fee(next_reward, project.fee_bp);
          -- Dearer than what is set aside for this worker: the job sets more aside, and it comes then.
          took_gold := NOT project.paid OR next_reward + next_fee <= e.gold_micros;
        END IF;
        IF took_gold THEN
          next_task := g.task_id;
          e.gold_cursor := g.pos;
          e.gold_taken := e.gold_taken + 1;
          e.gold_micros := e.gold_micros - next_reward - next_fee;
          e.gold_due := work_gold_gap(e.gold_taken, e.seed, work_gold_share(
            e.submitted, project.gold_share_bp, project.gold_start_bp, project.gold_start_tasks));
        ELSIF g.task_id IS NULL THEN
          e.gold_due := 100;  -- they know them all; new gold may come
        END IF;
      END IF;
      -- The few urgent ones.
      IF NOT took_gold THEN
        next_data := NULL;
        next_prediction := NULL;
        next_reward := NULL;
        SELECT x.task_id, x.open INTO found_slot FROM short_queue x
          WHERE x.project_id = p
            AND (SELECT 1 FROM assignment z WHERE z.project_id = p AND z.task_id = x.task_id AND z.worker_id = w) IS NULL
          ORDER BY x.rank, x.task_id LIMIT 1 FOR UPDATE SKIP LOCKED;
        IF FOUND THEN
          next_task := found_slot.task_id;
          PERFORM work_take_short(p, next_task, found_slot.open);
        ELSE
          -- The first open position that this worker has not passed. Nearly always it is in the first window.
          first_pos := greatest(e.cursor, project.below_head);
          SELECT x.pos AS slot_pos, x.task_id AS slot_task, x.open AS slot_open INTO found_slot FROM queue x
            WHERE x.project_id = p AND x.pos > first_pos AND x.pos <= first_pos + 256
              AND (SELECT 1 FROM assignment z WHERE z.project_id = p AND z.task_id = x.task_id AND z.worker_id = w) IS NULL
            ORDER BY x.pos LIMIT 1 FOR UPDATE SKIP LOCKED;
          IF FOUND THEN
            e.cursor := found_slot.slot_pos;
          ELSE
            SELECT * INTO found_slot FROM work_look(p, w, first_pos, 9223372036854775807);
            IF found_slot.slot_pos IS NOT NULL THEN
              e.cursor := found_slot.slot_pos;
            ELSIF found_slot.at_end THEN
              -- A second lap: a row that was locked when we passed may be one that only this worker can do.
              SELECT max(x.pos) INTO e.cursor FROM (
                SELECT e.cursor AS pos UNION ALL
                (SELECT x.pos FROM queue x WHERE x.project_id = p ORDER BY x.pos DESC LIMIT 1)) x;
              SELECT * INTO found_slot FROM work_look(p, w, greatest(e.lap_cursor, project.below_head), e.cursor);
              e.lap_cursor := CASE WHEN found_slot.at_end THEN 0 ELSE found_slot.reached END;
              nothing := CASE WHEN found_slot.at_end THEN 'no_open_task' ELSE 'still_searching' END;
            ELSE
              e.cursor := found_slot.reached;
              nothing := 'still_searching';
            END IF;
          END IF;
          changed := true;
          IF found_slot.slot_pos IS NOT NULL THEN
            nothing := NULL;
            next_task := found_slot.slot_task;
            IF found_slot.slot_open = 1 THEN
              DELETE FROM queue WHERE project_id = p AND pos = found_slot.slot_pos;
            ELSE
              UPDATE queue SET open = open - 1 WHERE project_id = p AND pos = found_slot.slot_pos;
            END IF;
          END IF;
        END IF;
        e.gold_due := e.gold_due - (next_task IS NOT NULL AND NOT took_gold)::int;
      END IF;
    END IF;

    IF next_task IS NOT NULL THEN
      IF NOT took_gold THEN
        SELECT x.data::text, x.prediction::text, x.units
          INTO next_data, next_prediction, next_units FROM task x WHERE x.project_id = p AND x.id = next_task;
        IF own IS NOT NULL THEN
          most := work_reward(project.reward_micros, work_worker_units(next_units, project.most_factors));
          next_units := work_worker_units(next_units, own);
        END IF;
        next_reward := work_reward(project.reward_micros, next_units);
        next_fee := work_fee(next_reward, project.fee_bp);
        IF own IS NOT NULL THEN  -- its task was opened at the price for who is paid most
          next_spare := most + work_fee(most, project.fee_bp) - next_reward - next_fee;
        END IF;
      END IF;
      next_claimed := moment;
      next_expires := moment + make_interval(secs => project.hold_seconds);
      next_currency := project.currency;
      next_design := project.design_id;
      next_instructions := project.instructions_version;
      INSERT INTO assignment (project_id, task_id, worker_id, claimed_at, reward_micros, fee_micros, spare_micros,
                              factors, design_id, instructions_version, channel, is_gold, most_seconds)
        VALUES (p, next_task, w, moment, next_reward, next_fee, next_spare, own, next_design, next_instructions, via,
                took_gold, nullif(project.most_seconds, 0))
        RETURNING id INTO next_assignment;
      INSERT INTO hold (project_id, assignment_id, expires_at) VALUES (p, next_assignment, next_expires);
      e.held := e.held || next_assignment;
      changed := true;
    END IF;
  END IF;

  IF old_next IS NOT NULL AND wants_next THEN
    SELECT x.next_assignment, x.next_task, x.next_design, x.next_instructions, x.next_data, x.next_prediction,
           x.next_draft, x.next_claimed, x.next_expires, x.next_reward, x.next_currency
      INTO next_assignment, next_task, next_design, next_instructions, next_data, next_prediction,
           next_draft, next_claimed, next_expires, next_reward, next_currency
      FROM work_held(p, old_next) x;
  END IF;

  IF new_state IS NOT NULL THEN
    UPDATE assignment x SET state = new_state, submitted_at = moment, digest = mark, active_ms = active,
        judged_from = moment + make_interval(secs => undo), next_id = next_assignment
      WHERE x.project_id = p AND x.id = handed;
  ELSIF outcome = 'repeated' AND a.next_id IS NULL AND next_assignment IS NOT NULL THEN
    UPDATE assignment x SET next_id = next_assignment WHERE x.project_id = p AND x.id = handed;
  END IF;
  IF changed THEN
    UPDATE enrolment x SET cursor = e.cursor, lap_cursor = e.lap_cursor, gold_cursor = e.gold_cursor,
        gold_taken = e.gold_taken, gold_due = e.gold_due, gold_micros = e.gold_micros,
        submitted = e.submitted, held = e.held, day_ends_at = e.day_ends_at, day_submitted = e.day_submitted
      WHERE x.project_id = p AND x.worker_id = w;
  END IF;
END $$;
