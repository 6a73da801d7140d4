"""What a worker is told about gold that they have answered, in projects that train."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tagwerk.domain.designs.rules.gold import expected_of
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.rules.gold import score, tolerances_of
from tagwerk.domain.work.queries.holding import project_of_assignment
from tagwerk.domain.work.rules.states import State


@dataclass(frozen=True, slots=True)
class QuestionFeedback:
    """Whether the answer to a question was right, and what is."""

    question: str
    right: bool
    accepted: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What there is to learn from a gold task."""

    questions: list[QuestionFeedback]
    explanation: str

    @property
    def right(self) -> bool:
        return all(one.right for one in self.questions)


def gold_feedback(person_id: int, assignment_id: int) -> Feedback | None:
    """For a worker: how their own first answer to gold was, once they have handed it in; None unless the project trains
    (`quality.gold_feedback`), or where there is nothing to tell. The gate is theirs: another's assignment does not exist."""
    project = projects.project(project_of_assignment(person_id, assignment_id))
    if not (project.file.get("quality") or {}).get("gold_feedback"):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, [project.id, assignment_id, person_id, [int(one) for one in ANSWERED]])
        found = cursor.fetchone()
    if found is None:
        return None
    given, right, explanation = json.loads(found[0]), json.loads(found[1]), found[2]
    scored = score(right, given, ballots_of(project.design_id), tolerances_of(project.file))
    questions = [
        QuestionFeedback(question, one.right, expected_of(right[question]).accepted)
        for question, one in scored.items()
    ]
    return Feedback(questions, explanation) if questions else None


ANSWERED = (State.SUBMITTED, State.APPROVED)
_ANSWERED = """
SELECT r.answers::text, g.answers::text, g.explanation FROM assignment a
JOIN gold g ON g.project_id = a.project_id AND g.task_id = a.task_id
JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = 0
WHERE a.project_id = %s AND a.id = %s AND a.worker_id = %s AND a.is_gold AND a.state = ANY(%s)
"""
