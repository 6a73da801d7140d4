"""Objections: a worker's own, those that a project or the instance waits for, and what is public of a requester's."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now as clock

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.models import Appeal
from tagwerk.domain.quality.queries.deciders import Deciders, confirmers, project_to_decide_in
from tagwerk.domain.quality.rules.appeals import WON, AppealState, median_days
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.models import Rejection
from tagwerk.domain.work.queries import sql

PUBLIC_DAYS = 365


@dataclass(frozen=True, slots=True)
class MyAppeal:
    """A worker's own objection: never who decided, but whether it was who rejected."""

    project_id: int
    assignment_id: int
    text: str
    made_at: datetime
    due_at: datetime
    state: AppealState
    answer: str
    decided_at: datetime | None
    same_person: bool


def appeals_by(person_id: int, assignment_ids: Collection[int]) -> dict[int, MyAppeal]:
    """A worker's objections to the rejections of some of their own assignments."""
    rows = Appeal.objects.filter(worker_id=person_id, assignment_id__in=list(assignment_ids))
    return {row.assignment_id: _mine(row) for row in rows}


def own_appeals(person_id: int) -> Iterator[MyAppeal]:
    """All objections of a worker, the first first, for their own records."""
    rows = Appeal.objects.filter(worker_id=person_id).order_by("made_at")
    return (_mine(row) for row in rows.iterator(chunk_size=500))


def appeal_by(person_id: int, assignment_id: int) -> MyAppeal:
    """The gate of a worker to one of their own objections."""
    found = appeals_by(person_id, [assignment_id]).get(assignment_id)
    if found is None:
        raise NotFound("appeal_not_found", "There is no such objection.")
    return found


@dataclass(frozen=True, slots=True)
class AppealView:
    """An objection, as those see it who decide. `rejected_by`, `decided_by`: members' names; "" where not known."""

    project_id: int
    assignment_id: int
    task_id: int
    pseudonym: str
    text: str
    made_at: datetime
    due_at: datetime
    state: AppealState
    answer: str
    decided_at: datetime | None
    same_person: bool
    code: str
    reason: str
    rejected_at: datetime | None
    only_grants: bool  # who asks took part in the rejection, and there is somebody else
    rejected_by: str
    decided_by: str
    reward_micros: int
    answers: dict[str, Any]
    data: dict[str, Any]


def appeals_page(
    actor: Actor, project_id: int, *, ended: bool = False, after: int = 0, limit: int = 20
) -> list[AppealView]:
    """Objections in a project, by keyset on the assignment: those that wait, or those that have ended."""
    project = project_to_decide_in(actor, project_id)
    rows = Appeal.objects.filter(project_id=project.id, assignment_id__gt=after)
    rows = rows.exclude(state=AppealState.OPEN) if ended else rows.filter(state=AppealState.OPEN)
    return _views(actor, project, list(rows.order_by("assignment_id")[:limit]))


def appeal_for(actor: Actor, project_id: int, assignment_id: int) -> AppealView:
    """The gate of those who decide to one objection."""
    project = project_to_decide_in(actor, project_id)
    rows = list(Appeal.objects.filter(project_id=project.id, assignment_id=assignment_id))
    if not rows:
        raise NotFound("appeal_not_found", "There is no such objection.")
    return _views(actor, project, rows)[0]


def open_appeals_count(project_id: int) -> int:
    """How many objections wait in a project; for those who have passed its gate."""
    return Appeal.objects.filter(project_id=project_id, state=AppealState.OPEN).count()


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """An objection that waits anywhere on the instance."""

    project_id: int
    assignment_id: int
    organisation_id: int
    made_at: datetime
    due_at: datetime
    overdue: bool


def open_appeals(actor: Actor, *, limit: int = 200) -> list[OpenAppeal]:
    """For operators: all objections that wait, the one due first before the others."""
    require_operator(actor)
    now = clock()
    return [
        OpenAppeal(
            row.project_id, row.assignment_id, row.organisation_id, row.made_at, row.due_at, row.due_at <= now
        )
        for row in Appeal.objects.filter(state=AppealState.OPEN).order_by("due_at")[:limit]
    ]


@dataclass(frozen=True, slots=True)
class Fairness:
    """What everybody may know of how an organisation decides about answers. Appeals: of the last year."""

    decided: int  # answers, ever
    rejected: int  # of them, as things stand
    appeals: int
    won: int
    not_in_time: int  # of the won ones: nobody decided in time
    same_person: int  # decided by who had rejected
    median_days: float | None

    @property
    def rejection_rate(self) -> float | None:
        return self.rejected / self.decided if self.decided else None


def fairness_of(organisation_id: int) -> Fairness:
    """The public figures of a requester; nothing of it is about a single person."""
    approved, rejected = sql.row(_DECIDED, [organisation_id]) or (0, 0)
    since = clock() - timedelta(days=PUBLIC_DAYS)
    rows = list(
        Appeal.objects.filter(organisation_id=organisation_id, made_at__gt=since)
        .exclude(state__in=[AppealState.OPEN, AppealState.WITHDRAWN])
        .values_list("state", "same_person", "made_at", "decided_at")
    )
    return Fairness(
        int(approved) + int(rejected), int(rejected), len(rows), sum(row[0] in WON for row in rows),
        sum(row[0] == AppealState.LAPSED for row in rows), sum(row[1] for row in rows),
        median_days([(row[3] - row[2]).total_seconds() for row in rows if row[3]]),
    )  # fmt: skip


def _mine(row: Appeal) -> MyAppeal:
    return MyAppeal(
        row.project_id, row.assignment_id, row.text, row.made_at, row.due_at, AppealState(row.state), row.answer,
        row.decided_at, row.same_person,
    )  # fmt: skip


def _views(actor: Actor, project: ProjectView, rows: list[Appeal]) -> list[AppealView]:
    ids, project_id = [row.assignment_id for row in rows], project.id
    facts = {number: rest for number, *rest in sql.rows(_FACTS, [project_id, ids])}
    reasons = {
        one.assignment_id: one
        for one in Rejection.objects.filter(project_id=project_id, assignment_id__in=ids)
    }
    names = work.pseudonyms(project_id, [row.worker_id for row in rows])
    people = [one for row in rows for one in (row.rejected_by_id, row.decided_by_id) if one]
    staff = accounts.staff_names(project.organisation_id, people)
    person_id, may_decide, confirmed = (
        accounts.person_behind(actor),
        Deciders(project),
        confirmers(project_id, ids),
    )
    return [
        _view(
            row, facts[row.assignment_id], reasons[row.assignment_id], names, staff,
            only_grants=may_decide.must_leave_it(person_id, [row.rejected_by_id, confirmed.get(row.assignment_id)]),
        )
        for row in rows
    ]  # fmt: skip


def _view(
    row: Appeal,
    facts: list[Any],
    why: Rejection,
    names: dict[int, str],
    staff: dict[int, str],
    *,
    only_grants: bool,
) -> AppealView:
    task_id, micros, answers, data = facts
    return AppealView(
        row.project_id, row.assignment_id, task_id, names.get(row.worker_id, ""), row.text, row.made_at, row.due_at,
        AppealState(row.state), row.answer, row.decided_at, row.same_person, why.code, why.reason, why.rejected_at,
        only_grants, staff.get(row.rejected_by_id or 0, ""), staff.get(row.decided_by_id or 0, ""), micros,
        sql.read_json(answers), sql.read_json(data),
    )  # fmt: skip


_DECIDED = """
SELECT coalesce(sum(o.approved), 0)::bigint, coalesce(sum(o.rejected), 0)::bigint
FROM project p JOIN opening o ON o.project_id = p.id WHERE p.organisation_id = %s
"""
_FACTS = """
SELECT a.id, a.task_id, a.reward_micros, r.answers::text, t.data::text FROM assignment a
JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = a.revision
JOIN task t ON t.project_id = a.project_id AND t.id = a.task_id
WHERE a.project_id = %s AND a.id = ANY(%s)
"""
