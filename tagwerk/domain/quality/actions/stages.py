"""Stages: results and answers of a project become tasks of the projects that take them from it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import UNRESOLVED, State
from tagwerk.domain.quality.events import ResultsNotPassedOn
from tagwerk.domain.quality.queries.answers import (
    CountedAnswer,
    counted_answers,
    data_of,
    ids_taken,
    settled_tasks,
    writers_of,
)
from tagwerk.domain.quality.queries.results import TaskResult, results_of
from tagwerk.domain.quality.rules.stages import Row, goes_on, row_of_answer, row_of_result, row_of_task
from tagwerk.domain.quality.rules.words import CANNOT_BE_ANSWERED, TaskState
from tagwerk.domain.work import actions as work

CHUNK = 1_000  # as many bad rows as an import names one by one


@dataclass(frozen=True)
class _Settled:
    """A task whose result stands: its data, its result, its answers, and everybody who wrote one."""

    data: Row
    result: TaskResult
    answers: list[CountedAnswer]
    wrote: frozenset[int]


@transaction.atomic
def pass_on_results(*, project_id: int, task_ids: Collection[int]) -> int:
    """Give settled tasks on to the next stages; how many tasks were added. Again, it adds nothing twice."""
    stages = projects.projects_fed_by(project_id)
    settled = _settled(project_id, task_ids) if stages else {}
    return sum(_give_on(stage, settled) for stage in stages) if settled else 0


def fill_stage(*, project_id: int) -> int:
    """Give a stage what its source has found up to now; how many tasks were added. Again, it adds nothing twice."""
    stage = projects.project(project_id)
    if stage.source_project_id is None:
        return 0
    added, after, unresolved = 0, 0, stage.source_each == UNRESOLVED
    while ids := settled_tasks(stage.source_project_id, after, CHUNK, unresolved=unresolved):
        with transaction.atomic():
            added += _give_on(stage, _settled(stage.source_project_id, ids))
        after = ids[-1]
    return added


def _settled(project_id: int, task_ids: Collection[int]) -> dict[int, _Settled]:
    results = {
        task_id: one
        for task_id, one in results_of(project_id, task_ids).items()
        if one.state is not TaskState.OPEN
        and not all(found.reason == CANNOT_BE_ANSWERED for found in one.results.values())
    }
    answers: dict[int, list[CountedAnswer]] = {task_id: [] for task_id in results}
    for one in counted_answers(project_id, list(results)):
        answers[one.task_id].append(one)
    data = data_of(project_id, list(results))
    wrote = writers_of(project_id, list(results))
    return {
        task_id: _Settled(data[task_id], result, answers[task_id], frozenset(wrote.get(task_id, ())))
        for task_id, result in results.items()
        if task_id in data
    }


def _give_on(stage: ProjectView, settled: Mapping[int, _Settled]) -> int:
    """Add what this stage wants and does not have yet; nobody is given what they, or others on the task, wrote."""
    if stage.state is State.FINISHED:
        return 0
    wanted = {
        row["_id"]: (row, one.wrote) for task_id, one in settled.items() for row in _rows(stage, task_id, one)
    }
    for known in ids_taken(stage.id, wanted):
        del wanted[known]
    rows = list(wanted.values())
    return sum(_add(stage, rows[start : start + CHUNK]) for start in range(0, len(rows), CHUNK))


def _add(stage: ProjectView, rows: Sequence[tuple[Row, frozenset[int]]]) -> int:
    barred = {row["_id"]: wrote for row, wrote in rows}
    try:
        return work.add_tasks(project_id=stage.id, rows=[row for row, _ in rows], barred=barred).imported
    except work.BadRows as refused:
        # Rows that the next design cannot show stay here; the others go on without them.
        bad = {one.number for one in refused.report.bad}
        record(
            ResultsNotPassedOn(
                organisation_id=stage.organisation_id, project_id=stage.id, tasks=len(bad),
                reason=str(refused.report.bad[0].reason),
            )
        )  # fmt: skip
        good = [pair for number, pair in enumerate(rows, 1) if number not in bad]
        return _add(stage, good) if good else 0


def _rows(stage: ProjectView, task_id: int, one: _Settled) -> Iterator[Row]:
    """The next stage's rows of one task; their ids are made from where they come from, so a repeat changes nothing."""
    if stage.source_each == "answer":
        for answer in one.answers:
            if goes_on(stage.source_when, answer.answers):
                source = public_id("asg", answer.assignment_id)
                yield row_of_answer(one.data, answer.answers, source=source)
        return
    values = {name: found.value for name, found in one.result.results.items()}
    source = public_id("tsk", task_id)
    if not goes_on(stage.source_when, values):
        return
    if stage.source_each == UNRESOLVED:
        if one.result.state is TaskState.EXHAUSTED:
            yield row_of_task(one.data, source=source)
        return
    yield row_of_result(one.data, values, source=source)
