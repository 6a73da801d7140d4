"""What a worker can learn from gold that they have answered, in projects that train."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import row_number
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.work import queries
from tagwerk.interfaces.api.asking import WORKER, worker_asking

router = Router(tags=["my-answers"])


class QuestionFeedbackOut(BaseModel):
    """One question."""

    question: str
    right: bool = Field(description="Whether your first answer was")
    accepted: list[Any] = Field(description="All right answers")


class FeedbackOut(BaseModel):
    """What there is to learn."""

    teaches: bool = Field(
        description="Whether there is anything: only gold of projects that train, once it is answered"
    )
    right: bool | None
    questions: list[QuestionFeedbackOut]
    explanation: str


@router.get(
    "/work/projects/{project}/assignments/{assignment}/feedback",
    auth=WORKER,
    response=FeedbackOut,
    operation_id="get_feedback",
    summary="What you can learn from an answer",
)
def get_feedback(request: HttpRequest, project: str, assignment: str) -> FeedbackOut:
    """In a project that trains (`quality.gold_feedback`): whether your answer to gold was right, and why."""
    person_id, number = worker_asking(request), row_number("asg", assignment)
    if queries.project_of_assignment(person_id, number) != row_number("prj", project):
        raise NotFound("assignment_not_found", "You have no such task.")
    found = quality.gold_feedback(person_id, number)
    if found is None:
        return FeedbackOut(teaches=False, right=None, questions=[], explanation="")
    questions = [
        QuestionFeedbackOut(question=one.question, right=one.right, accepted=list(one.accepted))
        for one in found.questions
    ]
    return FeedbackOut(teaches=True, right=found.right, questions=questions, explanation=found.explanation)
