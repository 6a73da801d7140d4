"""Bonuses as members and workers see them, and the lines of a file as gifts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tagwerk.base.errors import Conflict, Invalid, NotFound, Refusal, bad_lines
from tagwerk.base.ids import row_number
from tagwerk.domain.work.models import Enrolment
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.bonuses import Gift, GiftLine
from tagwerk.domain.work.rules.states import State


@dataclass(frozen=True, slots=True)
class BonusView:
    """A bonus as a project's members see it."""

    id: int
    worker_id: int
    pseudonym: str
    assignment_id: int | None
    reward_micros: int
    fee_micros: int
    reason: str
    source: str
    given_by_id: int | None
    given_at: datetime


@dataclass(frozen=True, slots=True)
class BonusCost:
    """What a project's bonuses have cost, with the fee."""

    bonuses: int
    people: int
    micros: int


@dataclass(frozen=True, slots=True)
class ExtraPay:
    """What a worker's movement was paid for that is no answer: the project, and the reason they read."""

    project_id: int
    project_title: str
    reason: str


def bonuses_page(
    project_id: int, *, before: int | None = None, limit: int = 50, worker_id: int | None = None
) -> list[BonusView]:
    """A project's bonuses, the newest first, by keyset; for who has passed its gate."""
    rows = sql.rows(_BONUSES, {"project": project_id, "before": before, "worker": worker_id, "limit": limit})
    return [BonusView(*row) for row in rows]


def bonus_cost(project_id: int) -> BonusCost:
    """For who has passed a gate."""
    return BonusCost(*map(int, sql.row(_COST, [project_id]) or (0, 0, 0)))


def extra_pay(
    person_id: int, *, bonuses: Collection[int], top_ups: Collection[int]
) -> dict[tuple[str, int], ExtraPay]:
    """What these movements of a worker's own were paid for, by the kind and number that the book names."""
    if not bonuses and not top_ups:
        return {}
    rows = sql.rows(_EXTRA, [person_id, list(bonuses), person_id, list(top_ups)])
    return {(kind, number): ExtraPay(*columns) for kind, number, *columns in rows}


def gifts_of(project_id: int, lines: Sequence[GiftLine], *, key: str) -> list[Gift]:
    """The gifts that the lines of a file mean; each line that names nobody of the project is named."""
    workers = dict(
        Enrolment.objects.filter(
            project_id=project_id, pseudonym__in={one.worker for one in lines}
        ).values_list("pseudonym", "worker_id")
    )
    answers = {one.number: _answer_id(one.answer) for one in lines if one.answer}
    owners = dict(sql.rows(_OWNERS, [project_id, [number for number in answers.values() if number]]))
    gifts, wrong = [], dict[int, Refusal]()
    for one in lines:
        try:
            assignment_id = answers.get(one.number)
            worker_id = _meant(one, workers.get(one.worker), owners.get(assignment_id or 0))
        except Refusal as refusal:
            wrong[one.number] = refusal
            continue
        gifts.append(Gift(worker_id, one.reward_micros, one.reason, f"{key}:{one.number}", assignment_id))
    if wrong:
        raise bad_lines(wrong)
    return gifts


def _answer_id(text: str) -> int | None:
    try:
        return row_number("asg", text)
    except NotFound:
        return None


def _meant(line: GiftLine, worker: int | None, owner: int | None) -> int:
    if line.answer and owner is None:
        raise Invalid("bonus_answer_unknown", "This project has no answer “{id}”.", id=line.answer[:40])
    if line.worker and worker is None:
        raise Invalid(
            "bonus_worker_unknown", "Nobody in this project is called “{name}”.", name=line.worker[:40]
        )
    if line.worker and line.answer and worker != owner:
        raise Conflict("bonus_not_theirs", "This answer is from somebody else.")
    found = owner or worker
    assert found is not None
    return found


_BONUSES = """
SELECT b.id, b.worker_id, e.pseudonym, b.assignment_id, b.reward_micros, b.fee_micros, b.reason, b.source, b.given_by_id,
    b.given_at
FROM bonus b JOIN enrolment e ON e.project_id = b.project_id AND e.worker_id = b.worker_id
WHERE b.project_id = %(project)s AND b.id < coalesce(%(before)s::bigint, 9223372036854775807)
    AND (%(worker)s::bigint IS NULL OR b.worker_id = %(worker)s) ORDER BY b.id DESC LIMIT %(limit)s
"""
_COST = """
SELECT count(*), count(DISTINCT worker_id), coalesce(sum(reward_micros + fee_micros), 0) FROM bonus WHERE project_id = %s
"""
_EXTRA = """
SELECT 'bonus', b.id, p.id, p.title, b.reason FROM bonus b JOIN project p ON p.id = b.project_id
WHERE b.worker_id = %s AND b.id = ANY(%s::bigint[])
UNION ALL
SELECT 'top_up', t.id, p.id, p.title, '' FROM top_up t JOIN project p ON p.id = t.project_id
WHERE t.worker_id = %s AND t.id = ANY(%s::bigint[])
"""
_OWNERS = f"""
SELECT id, worker_id FROM assignment WHERE project_id = %s AND id = ANY(%s::bigint[])
    AND state IN ({State.SUBMITTED}, {State.APPROVED}, {State.REJECTED}, {State.LATE}, {State.STOPPED})
"""  # noqa: S608 (only our own numbers)
