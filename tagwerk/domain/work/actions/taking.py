"""Taking and handing in: the platform's pulse. One call of one function, one transaction, one round trip."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from psycopg.types.numeric import Int2, Int4, Int8

from tagwerk.base.errors import Refusal
from tagwerk.domain.accounts.queries import KEY_OPENS
from tagwerk.domain.accounts.rules import Channel
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


# A task held from the page stays there: by API it is not even shown where people may not work by API.
_CYCLE = (
    "SELECT outcome, outcome_revision, outcome_design,"  # noqa: S608
    # What pays nothing for its timer may be paid for the work on its page.
    " CASE WHEN outcome IN ('accepted', 'late') AND outcome_reward = 0"
    " THEN work_count_activity(%s::bigint, %s::bigint, %s::integer) ELSE outcome_reward END,"
    f" CASE WHEN %s::smallint = {Channel.API:d} AND NOT (SELECT api_work FROM project WHERE id = %s::bigint)"
    f" THEN '{Nothing.API}' ELSE nothing END, {COLUMNS} FROM work_cycle("
    "%s::bigint, %s::bigint, %s::smallint, %s::bigint, %s::bigint, %s::jsonb, %s::uuid, %s::integer, %s::text,"
    f" %s::integer, %s::boolean) WHERE {KEY_OPENS}"
)


class KeyEnded(Refusal):
    """The key that somebody came with does not open anything any more; nothing was done."""

    status = 401

    def __init__(self) -> None:
        super().__init__("key_unknown", "This API key is unknown, has expired or was revoked.")


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks, in which project, and with which key, if it is still to be looked at."""

    project_id: int
    person_id: int
    channel: int
    key_id: int | None


def claim(*, person_id: int, project_id: int, channel: int, key_id: int | None = None) -> Held | NoTask:
    """Take the next task; who holds as many as they may goes on with the oldest of them. `key_id`: KeyEnded where
    this key opens nothing any more, which is asked in the same statement."""
    asker = _Asker(project_id, person_id, channel, key_id)
    taken = _claim(asker)
    if isinstance(taken, NoTask) and taken.reason == Nothing.NOT_ENROLLED:
        enrol(person_id=person_id, project_id=project_id)
        taken = _claim(asker)
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
    key_id: int | None = None,
) -> Submitted:
    """Hand in an answer and take the next task with it. The same again gives the same reply. `key_id` as in `claim`."""
    design = designs.design(design_id)
    body = body_of(design, answers, active_ms)
    asker = _Asker(project_id, person_id, channel, key_id)
    found = _cycle(
        asker,
        (Int8(assignment_id), Int8(design_id), body.text, body.mark, Int4(body.active_ms),
         order or order_for(design, assignment_id), Int4(settings.UNDO_SECONDS)),
        claim_next,
    )  # fmt: skip
    outcome, revision, right_design, reward = found[:4]
    if outcome == "design":  # the page was of another project's design, or none was named
        return submit(
            person_id=person_id, project_id=project_id, assignment_id=assignment_id, design_id=right_design,
            answers=answers, active_ms=active_ms, channel=channel, claim_next=claim_next, order=order, key_id=key_id,
        )  # fmt: skip
    refuse_outcome(outcome)
    return Submitted(
        assignment_id=assignment_id,
        revision=revision,
        status="late" if outcome == "late" else "submitted",
        reward_micros=reward,
        undo_seconds=settings.UNDO_SECONDS,
        next=_next(asker, found) if claim_next else None,
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


def _claim(asker: _Asker) -> Held | NoTask:
    return _next(asker, _cycle(asker, _NOTHING_HANDED_IN, True))


def _cycle(asker: _Asker, handed_in: tuple[Any, ...], claim_next: bool) -> tuple[Any, ...]:
    project, channel = Int8(asker.project_id), Int2(asker.channel)
    key = None if asker.key_id is None else Int8(asker.key_id)
    found = sql.row(
        _CYCLE,
        [
            project,
            handed_in[0],
            handed_in[4],
            channel,
            project,
            project,
            Int8(asker.person_id),
            channel,
            *handed_in,
            claim_next,
            key,
            key,
        ],
    )
    if found is None:  # the condition on the key let nothing through: the function was not even called
        raise KeyEnded
    return found


def _next(asker: _Asker, found: tuple[Any, ...]) -> Held | NoTask:
    """The next task of a cycle's reply; goes on looking where the way to it was too long for one claim."""
    for _ in range(MOST_LOOKS):
        if found[5] is not None and found[4] is None:
            return held_of_row(asker.project_id, found[5:])
        if found[4] != Nothing.SEARCHING:
            break
        found = _cycle(asker, _NOTHING_HANDED_IN, True)
    return NoTask(found[4])
