-- Counts of results and judgements, so that a page about a million tasks reads a handful of rows. One statement of the
-- judge changes hundreds of rows and each tally once. Rows of a tally are locked in their order.
CREATE FUNCTION quality_tally_results() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO result_tally (project_id, question, value, tasks)
    SELECT project_id, question, left(value::text, 200), count(*) FROM added
    WHERE value IS NOT NULL AND confidence IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (project_id, question, value) DO UPDATE SET tasks = result_tally.tasks + excluded.tasks;
  ELSE
    INSERT INTO result_tally (project_id, question, value, tasks)
    SELECT project_id, question, left(value::text, 200), sum(one) FROM (
      SELECT project_id, question, value, confidence, 1 AS one FROM added
      UNION ALL SELECT project_id, question, value, confidence, -1 FROM removed) moved
    WHERE value IS NOT NULL AND confidence IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(one) <> 0 ORDER BY 1, 2, 3
    ON CONFLICT (project_id, question, value) DO UPDATE SET tasks = result_tally.tasks + excluded.tasks;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER result_tally_added AFTER INSERT ON result REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION quality_tally_results();
CREATE TRIGGER result_tally_changed AFTER UPDATE ON result REFERENCING OLD TABLE AS removed NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION quality_tally_results();

CREATE FUNCTION quality_tally_judgements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO judgement_tally (project_id, state, tasks, answers)
    SELECT project_id, state, count(*), sum(answers) FROM added GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (project_id, state) DO UPDATE SET tasks = judgement_tally.tasks + excluded.tasks,
      answers = judgement_tally.answers + excluded.answers;
  ELSE
    INSERT INTO judgement_tally (project_id, state, tasks, answers)
    SELECT project_id, state, sum(one), sum(one * answers) FROM (
      SELECT project_id, state, answers, 1 AS one FROM added
      UNION ALL SELECT project_id, state, answers, -1 FROM removed) moved
    GROUP BY 1, 2 HAVING sum(one) <> 0 OR sum(one * answers) <> 0 ORDER BY 1, 2
    ON CONFLICT (project_id, state) DO UPDATE SET tasks = judgement_tally.tasks + excluded.tasks,
      answers = judgement_tally.answers + excluded.answers;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER judgement_tally_added AFTER INSERT ON judgement REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION quality_tally_judgements();
CREATE TRIGGER judgement_tally_changed AFTER UPDATE ON judgement REFERENCING OLD TABLE AS removed NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION quality_tally_judgements();

INSERT INTO result_tally (project_id, question, value, tasks)
SELECT project_id, question, left(value::text, 200), count(*) FROM result
WHERE value IS NOT NULL AND confidence IS NOT NULL GROUP BY 1, 2, 3;
INSERT INTO judgement_tally (project_id, state, tasks, answers)
SELECT project_id, state, count(*), sum(answers) FROM judgement GROUP BY 1, 2;
