"""Tasks as records, page by page: each page is a few short queries, so that no snapshot is held for long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Actor, Channel, Permission
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.gold import shown_answers
from tagwerk.domain.exports.queries.tasks import (
    ApprovedAnswer,
    ExportedTask,
    approved_answers,
    newest_approved_of,
    tallies,
    tasks_named,
    tasks_page,
)
from tagwerk.domain.exports.rules.delivery import Tally, withheld
from tagwerk.domain.exports.rules.records import RAW, Found, Record, record
from tagwerk.domain.exports.rules.shape import Options, Shape, Shown
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import TaskResult
from tagwerk.domain.quality.rules.words import NO_ANSWERS, NO_GOLD_ANSWER

PAGE = 2_000
NO_ANSWER = Tally()
NOTHING_FOUND = Found(None, reason=NO_ANSWERS)
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
    found = records_for(project, tasks, raw_answers=raw_answers)
    return RecordsPage(found, tasks[-1].id if len(tasks) == limit else None)


def records_numbered(project: ProjectView, task_ids: Sequence[int]) -> list[tuple[int, Record]]:
    """These tasks with their records, in the order given, for who has passed the gate of the results."""
    there = {task.id: task for task in tasks_named(project.id, task_ids)}
    tasks = [there[number] for number in task_ids if number in there]
    return list(zip([task.id for task in tasks], records_for(project, tasks), strict=True))


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


class Page(NamedTuple):
    """So many tasks, as records that are made one by one while they are read: none outlives its line."""

    tasks: int
    records: Iterator[Record]


def records_of(project_id: int, *, raw_answers: bool = False) -> Iterator[Page]:
    """All tasks of a project as records, in pages in the order of import."""
    after = 0
    while tasks := tasks_page(project_id, after=after, limit=PAGE):
        project = projects.project(project_id)  # it may end meanwhile
        yield Page(len(tasks), _records(project, tasks, raw_answers=raw_answers))
        after = tasks[-1].id


def records_for(
    project: ProjectView, tasks: Sequence[ExportedTask], *, raw_answers: bool = False
) -> list[Record]:
    """These tasks as records."""
    return list(_records(project, tasks, raw_answers=raw_answers))


def _records(project: ProjectView, tasks: Sequence[ExportedTask], *, raw_answers: bool) -> Iterator[Record]:
    names = [question.name for question in designs.design(project.design_id).questions]
    ids = [task.id for task in tasks]
    results = quality.results_of(project.id, ids)
    counted = tallies(project.id, ids)
    ended = project.state in ENDED
    raw: dict[int, list[dict[str, Any]]] = {task_id: [] for task_id in ids} if raw_answers else {}
    given = approved_answers(project.id, ids) if raw_answers else []
    weights = quality.answer_weights(project, {one.worker_id for one in given}) if given else {}
    for answer in given:
        each = {name: weights.get(name, {}).get(answer.worker_id) for name in names}
        raw[answer.task_id].append({**raw_answer(answer), "weights": each})
    for task in tasks:
        tally = counted.get((task.id, task.gold is not None), NO_ANSWER)
        if task.gold is not None:
            found = _gold_record(task, names, tally)
        else:
            found = _record(task, names, results.get(task.id), tally, ended=ended)
        if raw_answers:
            found[RAW] = raw[task.id]
        yield found


def _gold_record(task: ExportedTask, names: Sequence[str], tally: Tally) -> Record:
    """A gold task's result is its right answer, which nobody had to find."""
    assert task.gold is not None
    first = shown_answers(task.gold)
    right = {name: first.get(name) for name in names}
    found = {
        name: Found(None, reason=NO_GOLD_ANSWER) if value is None else Found(value, 1.0, method="gold")
        for name, value in right.items()
    }
    return record(row_id=_row_id(task), data=task.data, found=found, answers=tally.approved, gold=True)


def _record(
    task: ExportedTask, names: Sequence[str], result: TaskResult | None, tally: Tally, *, ended: bool
) -> Record:
    state, judged_answers, views = (result.state, result.answers, result.results) if result else (None, 0, {})
    found = {name: views.get(name, NOTHING_FOUND) for name in names}
    held = withheld(tally, state=state, judged_answers=judged_answers, ended=ended)
    return record(
        row_id=_row_id(task), data=task.data, found=found, answers=tally.approved, gold=False, withheld=held
    )


def _row_id(task: ExportedTask) -> str:
    return task.external_id or public_id("tsk", task.id)


def own_answer_as_exported(person_id: int) -> dict[str, Any] | None:
    """For a worker: their newest approved answer as requesters get it, but for what would tell which tasks are gold."""
    answer = newest_approved_of(person_id)
    if answer is None:
        return None
    return {name: value for name, value in raw_answer(answer).items() if name != "counted"}


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
        **({} if answer.paid_seconds is None else {"paid_seconds": answer.paid_seconds}),
    }
