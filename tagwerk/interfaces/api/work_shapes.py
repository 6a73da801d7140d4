"""What a worker's program gets to see: tasks in hand, designs, reasons why there is nothing to do."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from pydantic import BaseModel, Field

from tagwerk.base.errors import Conflict
from tagwerk.base.ids import public_id
from tagwerk.base.money import plain
from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.designs.rules.question import QuestionOptions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.actions import Submitted
from tagwerk.domain.work.queries import Held, NoTask
from tagwerk.interfaces.api.problems import words
from tagwerk.interfaces.api.shapes import Json, Money

WHY_NOTHING = {
    "no_open_task": gettext_noop("There is no task for you here now; ask again later."),
    "still_searching": gettext_noop("Still looking for a task; ask again at once."),
    "project_paused": gettext_noop("The project is paused."),
    "project_closed": gettext_noop("The project is not open."),
    "not_enrolled": gettext_noop("You take no part in this project."),
    "not_eligible": gettext_noop("This project is for others; its audience says for whom."),
    "worker_paused": gettext_noop("You are paused in this project."),
    "consent_missing": gettext_noop("This project needs your consent first; enrol with it."),
    "limit_reached": gettext_noop(
        "You have handed in as much as this project wants from one person on one day."
    ),
    "api_work_not_allowed": gettext_noop("In this project people work on the page, not by API."),
}


class HeldOut(BaseModel):
    """A task that you hold. Nothing here says whether its right answer is known."""

    assignment: str
    project: str
    task: str
    design: str = Field(description="What it shows and asks: fetch it once, it never changes")
    instructions_version: int
    data: Json
    media: dict[str, str] = Field(
        default={}, description="Name → link, for files that the data names `media:…`"
    )
    prediction: Json | None = Field(description="A model's answer, if the requester gave one")
    draft: Json | None
    claimed_at: datetime
    expires_at: datetime | None
    reward: Money | None
    order: str | None = Field(
        description="ab, or ba: the sides of each “compare” block with “shuffle” stand the other way round"
    )


class NextOut(BaseModel):
    """The task in your hands, or why there is none."""

    held: HeldOut | None
    reason: str | None
    message: str | None


class SubmittedOut(BaseModel):
    """What became of an answer."""

    assignment: str
    revision: int
    status: str = Field(description="submitted, or late: kept, but the task wanted no more")
    undo_seconds: int = Field(description="For so long it can be changed, and often for longer")
    next: NextOut | None


class QuestionOut(BaseModel):
    """One question."""

    name: str
    kind: str
    label: str
    help: str
    required: bool
    when: str | None = Field(description="It is asked only where this holds for the answers before it")
    options: Json = Field(description="Those of its kind, as in a project file")


class DesignOut(BaseModel):
    """What a task shows and asks."""

    id: str
    language: str
    instructions: str = Field(description="Markdown")
    show: list[Json] = Field(description="In order; values are Liquid over the task's data")
    ask: list[QuestionOut]


def held_facts(held: Held) -> Json:
    """A task in hand, as the API writes it."""
    facts: Json = {
        "assignment": public_id("asg", held.assignment_id),
        "project": public_id("prj", held.project_id),
        "task": public_id("tsk", held.task_id),
        "design": public_id("dsn", held.design_id),
        "instructions_version": held.instructions_version,
        "data": held.data,
        "prediction": held.prediction,
        "draft": held.draft,
        "claimed_at": held.claimed_at,
        "expires_at": held.expires_at,
        "reward": _reward(held.reward_micros, held.currency),
        "order": held.order,
    }
    names = _media_named(held.data) if held.names_files else []
    if names:
        facts["media"] = projects.media_links(held.project_id, names)
    return facts


def next_facts(request: HttpRequest, found: Held | NoTask) -> Json:
    """The next task, or why there is none."""
    if isinstance(found, Held):
        return {"held": held_facts(found), "reason": None, "message": None}
    why = Conflict(found.reason, WHY_NOTHING[found.reason])
    return {"held": None, "reason": str(found.reason), "message": words(request, why)}


def submitted_facts(request: HttpRequest, found: Submitted) -> Json:
    """What became of an answer, as the API writes it."""
    return {
        "assignment": public_id("asg", found.assignment_id),
        "revision": found.revision,
        "status": found.status,
        "undo_seconds": found.undo_seconds,
        "next": None if found.next is None else next_facts(request, found.next),
    }


@lru_cache(maxsize=1024)
def design_facts(design: DesignView) -> Json:
    """A design, as the API writes it."""
    spec = design.spec.model_dump(mode="json", exclude_defaults=True)
    return {
        "id": public_id("dsn", design.id),
        "language": design.language,
        "instructions": design.spec.instructions,
        "show": spec["show"],
        "ask": [
            {
                "name": question.name,
                "kind": question.kind,
                "label": question.label,
                "help": question.help,
                "required": question.required,
                "when": question.options.when,
                "options": _own_options(question.options),
            }
            for question in design.questions
        ],
    }


def _own_options(options: QuestionOptions) -> Json:
    """Without those that every question has."""
    values = options.model_dump(mode="json")
    return {name: value for name, value in values.items() if name not in QuestionOptions.model_fields}


def _reward(micros: int, currency: str) -> dict[str, str] | None:
    return {"amount": plain(micros), "currency": currency} if micros else None


def _media_named(data: Any) -> list[str]:
    """The uploaded files that a task's data names."""
    found: list[str] = []
    waiting = [data]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str) and part.startswith("media:"):
            found.append(part.removeprefix("media:"))
        elif isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return found
