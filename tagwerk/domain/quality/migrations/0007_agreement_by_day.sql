-- How sure the judge is, summed by state: over settled tasks it is how many results are expected to be right.
CREATE OR REPLACE FUNCTION quality_tally_judgements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO judgement_tally (project_id, state, tasks, answers, sure)
    SELECT project_id, state, count(*), sum(answers), coalesce(sum(confidence), 0) FROM added GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (project_id, state) DO UPDATE SET tasks = judgement_tally.tasks + excluded.tasks,
      answers = judgement_tally.answers + excluded.answers, sure = judgement_tally.sure + excluded.sure;
  ELSE
    INSERT INTO judgement_tally (project_id, state, tasks, answers, sure)
    SELECT project_id, state, sum(one), sum(one * answers), coalesce(sum(one * confidence), 0) FROM (
      SELECT project_id, state, answers, confidence, 1 AS one FROM added
      UNION ALL SELECT project_id, state, answers, confidence, -1 FROM removed) moved
    GROUP BY 1, 2 HAVING sum(one) <> 0 OR sum(one * answers) <> 0 OR coalesce(sum(one * confidence), 0) <> 0 ORDER BY 1, 2
    ON CONFLICT (project_id, state) DO UPDATE SET tasks = judgement_tally.tasks + excluded.tasks,
      answers = judgement_tally.answers + excluded.answers, sure = judgement_tally.sure + excluded.sure;
  END IF;
  RETURN NULL;
END $$;

UPDATE judgement_tally t SET sure = s.sure FROM (
  SELECT project_id, state, coalesce(sum(confidence), 0) AS sure FROM judgement GROUP BY 1, 2) s
WHERE t.project_id = s.project_id AND t.state = s.state;
