"""Taking and handing in: the platform's pulse. One call of one function, one transaction, one round trip."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from psycopg.types.numeric import Int2, Int4, Int8

from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.render import order_for
from tagwerk.domain.work.actions.enrolling import enrol
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import COLUMNS, Held, NoTask, held_of_row
from tagwerk.domain.work.rules.handing_in import body_of, refuse_outcome
from tagwerk.domain.work.rules.states import Nothing

MOST_LOOKS = 16  # rounds of a claim that has to look past very many tasks the worker has had


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of an answer. `status`: "submitted", or "late": kept, but the task wanted no more."""

    assignment_id: int
    revision: int
    status: str
    reward_micros: int
    undo_seconds: int
    next: Held | NoTask | None


_CYCLE = (
    f"SELECT outcome, outcome_revision, outcome_design, outcome_reward, nothing, {COLUMNS} FROM work_cycle("  # noqa: S608
    "%s::bigint, %s::bigint, %s::smallint, %s::bigint, %s::bigint, %s::jsonb, %s::uuid, %s::integer, %s::text,"
    " %s::integer, %s::boolean)"
)


def claim(*, person_id: int, project_id: int, channel: int) -> Held | NoTask:
    """Take the next task; who holds as many as they may goes on with the oldest of them."""
    taken = _claim(person_id, project_id, channel)
    if isinstance(taken, NoTask) and taken.reason == Nothing.NOT_ENROLLED:
        enrol(person_id=person_id, project_id=project_id)
        taken = _claim(person_id, project_id, channel)
    return taken


def submit(
    *,
    person_id: int,
    project_id: int,
    assignment_id: int,
    design_id: int,
    answers: Mapping[str, Any],
    active_ms: int,
    channel: int,
    claim_next: bool,
    order: str | None = None,
) -> Submitted:
    """Hand in an answer and take the next task with it. The same again gives the same reply."""
    design = designs.design(design_id)
    body = body_of(design, answers, active_ms)
    found = _cycle(
        person_id, project_id, channel,
        (Int8(assignment_id), Int8(design_id), body.text, body.mark, Int4(body.active_ms),
         order or order_for(design, assignment_id), Int4(settings.UNDO_SECONDS)),
        claim_next,
    )  # fmt: skip
    outcome, revision, right_design, reward = found[:4]
    if outcome == "design":  # the page was of another project's design, or none was named
        return submit(
            person_id=person_id, project_id=project_id, assignment_id=assignment_id, design_id=right_design,
            answers=answers, active_ms=active_ms, channel=channel, claim_next=claim_next, order=order,
        )  # fmt: skip
    refuse_outcome(outcome)
    return Submitted(
        assignment_id=assignment_id,
        revision=revision,
        status="late" if outcome == "late" else "submitted",
        reward_micros=reward,
        undo_seconds=settings.UNDO_SECONDS,
        next=_next(person_id, project_id, channel, found) if claim_next else None,
    )


def change_answer(
    *,
    person_id: int,
    project_id: int,
    assignment_id: int,
    design_id: int,
    answers: Mapping[str, Any],
    active_ms: int,
    channel: int,
) -> int:
    """Change an answer that has not been judged; gives the number of the new revision."""
    body = body_of(designs.design(design_id), answers, active_ms)
    found = sql.row(
        "SELECT outcome, outcome_revision, outcome_design FROM work_change(%s::bigint, %s::bigint, %s::bigint,"
        " %s::bigint, %s::jsonb, %s::uuid, %s::integer, %s::smallint)",
        [project_id, person_id, assignment_id, design_id, body.text, body.mark, body.active_ms, channel],
    )
    assert found is not None
    outcome, revision, right_design = found
    if outcome == "design":
        return change_answer(
            person_id=person_id, project_id=project_id, assignment_id=assignment_id, design_id=right_design,
            answers=answers, active_ms=active_ms, channel=channel,
        )  # fmt: skip
    refuse_outcome(outcome)
    return int(revision)


_NOTHING_HANDED_IN = (None, None, None, None, None, None, None)


def _claim(person_id: int, project_id: int, channel: int) -> Held | NoTask:
    return _next(
        person_id, project_id, channel, _cycle(person_id, project_id, channel, _NOTHING_HANDED_IN, True)
    )


def _cycle(
    person_id: int, project_id: int, channel: int, handed_in: tuple[Any, ...], claim_next: bool
) -> tuple[Any, ...]:
    found = sql.row(_CYCLE, [Int8(project_id), Int8(person_id), Int2(channel), *handed_in, claim_next])
    assert found is not None
    return found


def _next(person_id: int, project_id: int, channel: int, found: tuple[Any, ...]) -> Held | NoTask:
    """The next task of a cycle's reply; goes on looking where the way to it was too long for one claim."""
    for _ in range(MOST_LOOKS):
        if found[5] is not None:
            return held_of_row(project_id, found[5:])
        if found[4] != Nothing.SEARCHING:
            break
        found = _cycle(person_id, project_id, channel, _NOTHING_HANDED_IN, True)
    return NoTask(found[4])
