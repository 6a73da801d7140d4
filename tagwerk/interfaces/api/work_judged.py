"""How a worker's own work is judged in a project, and objecting to a pause."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import row_number
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.api.asking import WORKER, worker_asking
from tagwerk.interfaces.api.shapes import Body
from tagwerk.interfaces.api.signals import (
    LONGEST,
    FiguresOut,
    ObjectionOut,
    StepOut,
    figures_out,
    objection_out,
    step_out,
)

router = Router(tags=["my-answers"])


class JudgedOut(BaseModel):
    """Every figure that affects you in a project."""

    paused_at: datetime | None = Field(description="Since when you get no more tasks; null: you get tasks")
    pause_reason: str | None = Field(
        description="A member's words, or a code such as gold_failed or rule_gold"
    )
    pause_rule: dict[str, Any] | None = Field(description="The rule that did it; null: a member did")
    pause_figures: str = Field(description="What the rule saw, with its limit")
    objection: ObjectionOut | None = Field(description="Your newest one")
    rules: list[dict[str, Any]] = Field(description="The control rules of the project")
    answers_a_day: int | None = Field(description="The most that you can hand in on one day; null: no limit")
    offer_other_work: bool = Field(description="You skipped several tasks: other work may suit you better")
    figures: FiguresOut
    steps: list[StepOut] = Field(description="What a rule or a member did, the newest first")


class ObjectIn(Body):
    """Why you should go on."""

    text: str = Field(min_length=1, max_length=LONGEST)


@router.get(
    "/work/projects/{project}/judged",
    auth=WORKER,
    response=JudgedOut,
    operation_id="get_judged",
    summary="How your work is judged",
)
def get_judged(request: HttpRequest, project: str) -> JudgedOut:
    """The rules, your figures, what happened because of them."""
    person_id = worker_asking(request)
    entered = work.project_for_worker(person_id, row_number("prj", project))
    view, mine = entered.project, entered.enrolment
    pause = queries.running_pause(view.id, person_id)
    objection = queries.objection_of(view.id, person_id)
    steps = [one for one in queries.steps_of_worker(view.id, person_id) if one.step != "signal"]
    return JudgedOut(
        paused_at=mine.paused_at if mine else None,
        pause_reason=mine.pause_reason if mine else None,
        pause_rule=pause.rule if pause else None,
        pause_figures=queries.pause_figures(pause),
        objection=objection_out(objection) if objection else None,
        rules=[one.model_dump(mode="json", exclude_none=True) for one in queries.rules_of(view)],
        answers_a_day=view.answers_a_day,
        offer_other_work=queries.other_work_offered(person_id, view),
        figures=figures_out(queries.figures_of(view, person_id)),
        steps=[step_out(one) for one in steps],
    )


@router.post(
    "/work/projects/{project}/objection",
    auth=WORKER,
    response=ObjectionOut,
    operation_id="object_to_pause",
    summary="Object to a pause",
)
def object_to_pause(request: HttpRequest, project: str, data: ObjectIn) -> ObjectionOut:
    """Say why you should not be paused, once for each pause; somebody else decides within seven days."""
    person_id = worker_asking(request)
    entered = work.project_for_worker(person_id, row_number("prj", project))
    quality.object_to_pause(person_id=person_id, project_id=entered.project.id, text=data.text)
    found = queries.objection_of(entered.project.id, person_id)
    assert found is not None
    return objection_out(found)
