"""Bringing tasks in: streamed, in one transaction, in memory that does not grow with the file."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from tagwerk.base.errors import Conflict, Invalid, Refusal
from tagwerk.base.events import record
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.answers import check_prediction
from tagwerk.domain.designs.rules.gold import check_gold
from tagwerk.domain.designs.rules.render import compile_row_check
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State as ProjectState
from tagwerk.domain.work.actions.copying import copy_gold, copy_tasks, known_ids, reserve_ids
from tagwerk.domain.work.actions.launching import raise_for_new_tasks
from tagwerk.domain.work.actions.opening import locked_opening, open_some
from tagwerk.domain.work.actions.pricing import looked_up, measure_tasks, note_usual_pay
from tagwerk.domain.work.actions.replacing import replace_task
from tagwerk.domain.work.events import TasksAdded
from tagwerk.domain.work.models import Opening
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.rows import BadRow, Chunk, GoodRow, Row, RowReader, Unread
from tagwerk.domain.work.rules.units import Length, meter_of

KEPT_BAD_ROWS = 1_000
OPENED_AT_ONCE = 500  # of tasks added while running; the rest is opened by the job
LARGEST_ADD = 10_000
SEVERAL = "several"  # no pay plan has this mark, so the tasks are measured again

OnBad = Callable[[BadRow], None]
Progress = Callable[[int], None]


@dataclass
class ImportReport:
    """What became of the rows. `bad` holds number and reason of the first thousand bad rows; all of them, with the
    rows themselves, go to `on_bad_row`."""

    batch_id: int | None = None
    imported: int = 0
    gold: int = 0
    unchanged: int = 0
    replaced: int = 0
    bad_rows: int = 0
    bad: list[BadRow] = field(default_factory=list)


class BadRows(Invalid):
    """Nothing was imported because of bad rows; `report` has them."""

    def __init__(self, report: ImportReport) -> None:
        first = report.bad[0]
        super().__init__(
            "bad_rows", gettext_noop("Nothing was imported. Rows that cannot be used: {count}. Row {number}: {reason}"),
            count=report.bad_rows, number=first.number, reason=first.reason,
        )  # fmt: skip
        self.report = report


def import_tasks(
    *,
    project_id: int,
    rows: Iterable[Mapping[str, Any] | Unread],
    actor_id: int | None = None,
    on_bad: str = "refuse",
    source_name: str = "",
    progress: Progress | None = None,
    on_bad_row: OnBad | None = None,
    replace: bool = False,
) -> ImportReport:
    """Bring rows in as tasks, all of them or (on_bad="skip") the good ones; a repeated `_id` changes nothing."""
    assert on_bad in ("refuse", "skip")
    run = _Import(receiving(project_id), actor_id, source_name, replace, on_bad_row)
    try:
        with transaction.atomic():
            run.all(rows, progress)
            if run.report.bad_rows and on_bad == "refuse":
                raise BadRows(run.report)
            run.finish(waits_for_money=False)
    except IntegrityError as error:
        raise Conflict(
            "imports_collided",
            "Another import brought tasks with the same ids at the same moment; import again.",
        ) from error
    return run.report


def add_tasks(
    *,
    project_id: int,
    rows: Sequence[Mapping[str, Any]],
    actor_id: int | None = None,
    barred: Mapping[str, Iterable[int]] | None = None,
) -> ImportReport:
    """Add some tasks to a project, running or not. `barred`: `_id` → workers who may never have it (a next stage);
    such tasks wait when money is short, others are refused then."""
    if len(rows) > LARGEST_ADD:
        raise Invalid(
            "too_many_rows", "Add at most {most} tasks at once, or import a file.", most=LARGEST_ADD
        )
    run = _Import(receiving(project_id), actor_id, "", False, None)
    try:
        with transaction.atomic():
            run.all(rows, None)
            if run.report.bad_rows:
                raise BadRows(run.report)
            _bar(project_id, run.report.batch_id, barred or {})
            run.finish(waits_for_money=barred is not None)
            if run.project.state is not ProjectState.DRAFT and run.report.imported:
                open_some(project_id=project_id, most=OPENED_AT_ONCE)
    except IntegrityError as error:
        raise Conflict(
            "imports_collided",
            "Another import brought tasks with the same ids at the same moment; import again.",
        ) from error
    return run.report


def receiving(project_id: int) -> ProjectView:
    """The project, if it takes tasks."""
    project = projects.project(project_id)
    if project.state in (ProjectState.FINISHED, ProjectState.ARCHIVED):
        raise Conflict("project_closed", "A finished project takes no more tasks; copy it instead.")
    return project


def _one_ahead(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """The chunks, the next of which is read in another thread while the database stores this one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = pool.submit(next, chunks, None)
            yield chunk


class _Import:
    """One import while it runs: a batch, and what became of the rows so far."""

    def __init__(
        self,
        project: ProjectView,
        actor_id: int | None,
        source_name: str,
        replace: bool,
        on_bad_row: OnBad | None,
    ) -> None:
        self.project, self.actor_id, self.replace, self.on_bad_row = project, actor_id, replace, on_bad_row
        self.source_name = source_name[:200]
        self.report = ImportReport()
        self.first_id: int | None = None
        self.last_id: int | None = None
        design = designs.design(project.design_id)
        self.meter = meter_of(project.file)
        self.reader = RowReader(
            check_row=compile_row_check(design),
            check_gold=partial(check_gold, design),
            check_prediction=partial(check_prediction, design),
            meter=self.meter,
            amounts=self.meter.takes_amounts or project.state is ProjectState.DRAFT,
        )

    def all(self, rows: Iterable[Mapping[str, Any] | Unread], progress: Progress | None) -> None:
        """Store the good rows chunk by chunk."""
        self.report.batch_id = sql.value(_NEW_BATCH, [self.project.id, self.source_name, self.actor_id])
        for chunk in _one_ahead(self.reader.chunks(rows)):
            for bad in chunk.bad:
                self._bad(bad)
            self._store(self._with_lengths(chunk.good))
            if progress:
                progress(chunk.read)

    def finish(self, *, waits_for_money: bool) -> None:
        """Write the batch down, raise a running project's reservation, tell."""
        report, project = self.report, self.project
        assert report.batch_id is not None
        if not report.imported:
            sql.write("DELETE FROM batch WHERE project_id = %s AND id = %s", [project.id, report.batch_id])
            report.batch_id = None
            return
        # Rows may have come for minutes: who launches or settles meanwhile waits for this lock, or was before us.
        opening = locked_opening(project_id=project.id)
        self.project = project = receiving(project.id)
        only_gold = report.gold == report.imported
        sql.write(
            _WRITE_BATCH,
            [report.imported, report.gold, self.first_id, self.last_id, self.last_id if only_gold else 0,
             project.id, report.batch_id],
        )  # fmt: skip
        self._note_measured(opening)
        measure_tasks(project_id=project.id)  # whose pay plan was changed meanwhile
        note_usual_pay(project=project)
        if project.state is not ProjectState.DRAFT:
            raise_for_new_tasks(project_id=project.id, batch_id=report.batch_id, may_wait=waits_for_money)
        record(
            TasksAdded(
                actor_id=self.actor_id, organisation_id=project.organisation_id, project_id=project.id,
                batch_id=report.batch_id, tasks=report.imported,
            )
        )  # fmt: skip

    def _note_measured(self, opening: Opening) -> None:
        """Note by which pay plan the new tasks have their units: where others were measured by another one, by none."""
        if self.meter.mark == opening.measured_by:
            return
        if self.project.state is ProjectState.DRAFT:
            opening.measured_by = self.meter.mark if self._is_first() else SEVERAL
            opening.save(update_fields=["measured_by"])
        elif self.meter.mark != meter_of(self.project.file).mark:
            raise Conflict(
                "pay_changed_meanwhile",
                "The pay was changed and the project launched while the tasks came in; import them again.",
            )

    def _is_first(self) -> bool:
        """Whether the project has no tasks but those of this import."""
        return not sql.value(_ANY_OTHER, [self.project.id, self.report.batch_id])

    def _with_lengths(self, rows: Sequence[GoodRow]) -> Sequence[GoodRow]:
        """The rows with the lengths of the files that they are paid by; those without are bad."""
        lengths = {one.number: one.row.units for one in rows if isinstance(one.row.units, Length)}
        if not lengths:
            return rows
        by_number = {one.number: one for one in rows}

        def bad(number: int, reason: Refusal) -> None:
            row = by_number.pop(number)
            self._bad(BadRow(number, reason, row.came or json.loads(row.row.data)))

        found = looked_up(project_id=self.project.id, meter=self.meter, lengths=lengths, bad=bad)
        return [
            one._replace(row=replace(one.row, units=found[number])) if number in found else one
            for number, one in by_number.items()
        ]

    def _bad(self, bad: BadRow) -> None:
        self.report.bad_rows += 1
        if len(self.report.bad) < KEPT_BAD_ROWS:
            self.report.bad.append(BadRow(bad.number, bad.reason, {}))
        if self.on_bad_row:
            self.on_bad_row(bad)

    def _store(self, rows: Sequence[GoodRow]) -> None:
        fresh = self._without_known(rows)
        if not fresh:
            return
        assert self.report.batch_id is not None
        ids = reserve_ids(count=len(fresh))
        copy_tasks(project_id=self.project.id, batch_id=self.report.batch_id, rows=fresh, ids=ids)
        gold = [
            (task_id, row.gold, row.explanation)
            for task_id, row in zip(ids, fresh, strict=True)
            if row.gold is not None
        ]
        if gold:
            copy_gold(project_id=self.project.id, gold=gold)
        self.report.imported += len(fresh)
        self.report.gold += len(gold)
        self.first_id = self.first_id or ids[0]
        self.last_id = ids[-1]

    def _without_known(self, rows: Sequence[GoodRow]) -> list[Row]:
        """The rows whose id is new; the same again is left out, another content under it is bad."""
        ids = [one.row.external_id for one in rows if one.row.external_id is not None]
        known = known_ids(project_id=self.project.id, external_ids=ids) if ids else {}
        fresh = []
        for one in rows:
            row = one.row
            if row.external_id is None or row.external_id not in known:
                fresh.append(row)
                if row.external_id is not None:
                    known[row.external_id] = row.digest
            elif known[row.external_id] == row.digest:
                self.report.unchanged += 1
            elif self.replace and replace_task(project_id=self.project.id, row=row):
                self.report.replaced += 1
            else:
                self._bad(BadRow(one.number, _taken(row.external_id, self.replace), one.came or {}))
        return fresh


def _taken(external_id: str, replace: bool) -> Invalid:
    if replace:
        return Invalid(
            "row_in_work",
            "The task “{id}” was given out already and cannot be replaced.",
            path="_id",
            id=external_id,
        )
    return Invalid(
        "row_id_taken",
        "There is another task with the id “{id}”; replace it, or use a new id.",
        path="_id",
        id=external_id,
    )


def _bar(project_id: int, batch_id: int | None, barred: Mapping[str, Iterable[int]]) -> None:
    pairs = [(name, worker_id) for name, workers in barred.items() for worker_id in sorted(set(workers))]
    if pairs:
        sql.write(
            _BAR, [[name for name, _ in pairs], [worker_id for _, worker_id in pairs], project_id, batch_id]
        )


_ANY_OTHER = "SELECT 1 FROM batch WHERE project_id = %s AND id <> %s LIMIT 1"
_NEW_BATCH = "INSERT INTO batch (project_id, source_name, created_by_id) VALUES (%s, %s, %s) RETURNING id"
_WRITE_BATCH = """
UPDATE batch SET tasks = %s, gold_tasks = %s, first_id = %s, last_id = %s, opened_to = %s WHERE project_id = %s AND id = %s
"""
_BAR = """
INSERT INTO assignment (project_id, task_id, worker_id, state)
SELECT t.project_id, t.id, b.worker_id, 9 FROM unnest(%s::text[], %s::bigint[]) b (external_id, worker_id)
JOIN task t ON t.project_id = %s AND t.external_id = b.external_id AND t.batch_id = %s
ON CONFLICT DO NOTHING
"""
