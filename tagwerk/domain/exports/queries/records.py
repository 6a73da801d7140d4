"""Tasks as records, page by page: each page is a few short queries, so that no snapshot is held for long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Actor, Channel, Permission
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.exports.queries.tasks import (
    ApprovedAnswer,
    ExportedTask,
    approved_answers,
    tallies,
    tasks_page,
)
from tagwerk.domain.exports.rules.delivery import Tally, withheld
from tagwerk.domain.exports.rules.records import Found, Record, record
from tagwerk.domain.exports.rules.shape import Options, Shape, Shown
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import TaskResult
from tagwerk.domain.quality.rules.words import NO_ANSWERS, NO_GOLD_ANSWER

PAGE = 1_000
ENDED = (State.FINISHED, State.ARCHIVED)
PROMPTS = ("chat", "text", "markdown")


@dataclass(frozen=True)
class RecordsPage:
    """Some records and where the next page begins (None: there is none)."""

    records: list[Record]
    next_after: int | None


def records_page(
    actor: Actor, project_id: int, *, after: int = 0, limit: int = 100, raw_answers: bool = False
) -> RecordsPage:
    """Records by task, as an export would hold them: only what is approved."""
    project = projects.project_for(actor, project_id, Permission.RESULT_EXPORT)
    tasks = tasks_page(project.id, after=after, limit=limit)
    found = records_for(project.id, tasks, raw_answers=raw_answers)
    return RecordsPage(found, tasks[-1].id if len(tasks) == limit else None)


def shape_of(project: ProjectView, options: Options) -> Shape:
    """The project as the formats see it."""
    design = designs.design(project.design_id)
    comparisons = {q.name: q.options.of for q in design.questions if q.kind == "comparison"}  # type: ignore[attr-defined]
    sides: dict[str, str] = {}
    before: list[Shown] = []
    for block in design.spec.show:
        if block.compare is not None:
            sides |= block.compare.sides
        elif not sides and block.kind in PROMPTS:
            before.append(Shown(block.kind, getattr(block, block.kind)))
    return Shape(tuple(q.name for q in design.questions), comparisons, sides, tuple(before), options)


def records_of(project_id: int, *, raw_answers: bool = False) -> Iterator[list[Record]]:
    """All tasks of a project as records, in pages in the order of import."""
    after = 0
    while True:
        tasks = tasks_page(project_id, after=after, limit=PAGE)
        if not tasks:
            return
        yield records_for(project_id, tasks, raw_answers=raw_answers)
        after = tasks[-1].id


def records_for(project_id: int, tasks: Sequence[ExportedTask], *, raw_answers: bool = False) -> list[Record]:
    """These tasks as records."""
    project = projects.project(project_id)
    design = designs.design(project.design_id)
    ids = [task.id for task in tasks]
    results = quality.results_of(project_id, ids)
    counted = tallies(project_id, ids)
    raw: dict[int, list[ApprovedAnswer]] = {}
    if raw_answers:
        for answer in approved_answers(project_id, ids):
            raw.setdefault(answer.task_id, []).append(answer)
    return [
        _record(project, design, task, results.get(task.id), counted.get(task.id, Tally()))
        | ({"raw_answers": [raw_answer(one) for one in raw.get(task.id, [])]} if raw_answers else {})
        for task in tasks
    ]


def _record(
    project: ProjectView, design: DesignView, task: ExportedTask, result: TaskResult | None, tally: Tally
) -> Record:
    row_id = task.external_id or public_id("tsk", task.id)
    names = [question.name for question in design.questions]
    if task.gold is not None:
        found = {name: _known(task.gold.get(name)) for name in names}
        return record(row_id=row_id, data=task.data, found=found, answers=tally.approved, gold=True)
    state = result.state if result else None
    ended = project.state in ENDED
    held = withheld(tally, state=state, judged_answers=result.answers if result else 0, ended=ended)
    views = result.results if result else {}
    found = {name: _found(views.get(name)) for name in names}
    return record(
        row_id=row_id, data=task.data, found=found, answers=tally.approved, gold=False, withheld=held
    )


def _known(right: Any) -> Found:
    """A gold task's right answer, which nobody had to find."""
    return Found(None, reason=NO_GOLD_ANSWER) if right is None else Found(right, 1.0)


def _found(view: quality.ResultView | None) -> Found:
    if view is None:
        return Found(None, reason=NO_ANSWERS)
    return Found(view.value, view.confidence, view.agreement, view.reason)


def raw_answer(answer: ApprovedAnswer) -> dict[str, Any]:
    """One approved answer, under the worker's pseudonym."""
    return {
        "worker": answer.pseudonym,
        "answers": answer.answers,
        "submitted_at": answer.submitted_at.isoformat(),
        "active_seconds": answer.active_ms / 1000,
        "counted": answer.counted,
        "revision": answer.revision,
        "design": public_id("dsn", answer.design_id),
        "instructions_version": answer.instructions_version,
        "order": answer.order,
        "channel": Channel(answer.channel).name.lower(),
    }
