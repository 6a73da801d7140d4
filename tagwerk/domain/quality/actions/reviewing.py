"""Reviewing: a reviewer opens an answer, judges it without seeing what others found, and commits what they find.

The first review of an answer decides about it. A second one, and one of gold, only measure the reviewers: nobody's pay
changes because somebody checks a reviewer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.timezone import now as clock

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.answers import check_answers
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.actions.locking import wait_for_judge
from tagwerk.domain.quality.actions.rejecting import reject_answers
from tagwerk.domain.quality.actions.review import overrule_result
from tagwerk.domain.quality.events import AnswerReviewed
from tagwerk.domain.quality.models import Review
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.deciders import person_deciding
from tagwerk.domain.quality.queries.drawing import drawn_for
from tagwerk.domain.quality.queries.reviewing import Reviewed, to_review
from tagwerk.domain.quality.rules.gold import score, tolerances_of
from tagwerk.domain.quality.rules.reviewing import (
    Draw,
    Drawn,
    Plan,
    ReviewKind,
    Verdict,
    corrections,
    right_verdict,
)
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.domain.work.rules.rejecting import code_of, reason_of


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a reviewer found. No verdict: good as it is, or as they corrected it."""

    verdict: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    text: str = ""
    extra_micros: int = 0


@transaction.atomic
def open_review(*, actor: Actor, project_id: int, assignment_id: int, draw: Draw | None = None) -> Reviewed:
    """A reviewer looks at an answer, drawn as they asked: for a while nobody else is given it. No draw: why it came stays
    as it was noted."""
    found = to_review(actor, project_id, assignment_id)
    if not found.committed:
        project = work_queries.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
        opened = {"kind": found.kind, "opened_at": Now(), "task_id": found.answer.task_id}
        noted = opened | dict(zip(("drawn", "drawn_about"), _drawn(project, found, draw), strict=True))
        Review.objects.update_or_create(
            project_id=project_id, assignment_id=assignment_id, round=found.round, reviewer_id=person_deciding(actor),
            defaults=opened if draw is None else noted, create_defaults=noted,
        )  # fmt: skip
    return found


def _drawn(project: ProjectView, found: Reviewed, draw: Draw | None) -> tuple[Drawn, str]:
    if found.kind is not ReviewKind.FIRST:
        return Drawn.CHECK, ""
    if found.as_it_is:
        return Drawn.DECISION, ""
    if found.answer.revision:
        return Drawn.BETTER, ""
    return drawn_for(project, found.answer.assignment_id, found.answer.worker_id, draw)


@transaction.atomic
def commit_review(*, actor: Actor, project_id: int, assignment_id: int, found: Found) -> Verdict:
    """A reviewer commits what they found; the first to do so decides about the answer."""
    project = work_queries.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    if (
        found.answers
    ):  # a correction decides the result: the judge's lock comes before the project's, as in judging
        wait_for_judge(project_id=project.id)
    work.locked_opening(project_id=project.id)  # of two who commit at once, the second sees the first
    answer = open_review(actor=actor, project_id=project.id, assignment_id=assignment_id)
    if answer.committed:
        raise Conflict("review_committed", "You have reviewed this answer already.")
    own, verdict = _own(answer, found)
    if answer.kind is ReviewKind.FIRST:
        _decide(actor, project, answer, verdict, found, own)
    elif verdict is Verdict.REJECT:
        code_of(found.code), reason_of(found.text)
    plan = Plan.of(project.file)
    Review.objects.filter(
        project_id=project.id, assignment_id=assignment_id, round=answer.round, reviewer_id=person_deciding(actor)
    ).update(
        kind=answer.kind, verdict=verdict, code=found.code if verdict is Verdict.REJECT else "",
        text=found.text.strip() if verdict in (Verdict.REJECT, Verdict.REVISE) else "", answers=own,
        right=_right(actor, project, answer, verdict, own), committed_at=clock(),
        wants_second=answer.kind is ReviewKind.FIRST and _draw(assignment_id) < plan.double,
    )  # fmt: skip
    record(
        AnswerReviewed(
            actor_id=person_deciding(actor), organisation_id=project.organisation_id, project_id=project.id,
            assignment_id=assignment_id, task_id=answer.answer.task_id, verdict=str(verdict),
        )
    )  # fmt: skip
    return verdict


def _own(answer: Reviewed, found: Found) -> tuple[dict[str, Any], Verdict]:
    """The answers as the reviewer would have given them, and the verdict that they and the reviewer's words make."""
    given = answer.answer.answers
    if found.verdict in (Verdict.REVISE, Verdict.REJECT):
        return given, Verdict(found.verdict)
    if found.verdict not in ("", Verdict.APPROVE, Verdict.CORRECT):
        raise Invalid(
            "verdict_unknown", "A verdict is one of {verdicts}.", path="verdict", verdicts=", ".join(Verdict)
        )
    if found.verdict == Verdict.APPROVE or not found.answers:
        changed: dict[str, Any] = {}
        own = given
    else:
        own = check_answers(designs.design(answer.design_id), found.answers)
        changed = corrections(ballots_of(answer.design_id), given, own)
    if found.verdict == Verdict.CORRECT and not changed:
        raise Invalid(
            "nothing_corrected", "Nothing is different from the answer. Approve it, or change something."
        )
    return own, Verdict.CORRECT if changed else Verdict.APPROVE


def _decide(
    actor: Actor,
    project: ProjectView,
    answer: Reviewed,
    verdict: Verdict,
    found: Found,
    own: Mapping[str, Any],
) -> None:
    """What the first review does about the answer; a correction pays it and decides the result."""
    if not answer.waits:
        raise Conflict("answer_decided", "This answer is decided already.")
    which = {"project_id": project.id, "assignment_id": answer.answer.assignment_id}
    if verdict is Verdict.REJECT:
        reject_answers(
            actor=actor, project_id=project.id, assignment_ids=[which["assignment_id"]], code=found.code,
            reason=found.text,
        )  # fmt: skip
        return
    if verdict is Verdict.REVISE:
        work.ask_rework(actor=actor, **which, text=found.text, extra_micros=found.extra_micros, now=clock())
        return
    paid = work.approve(
        project_id=project.id, assignment_ids=[which["assignment_id"]], actor_id=person_deciding(actor)
    )
    if paid != 1:
        raise Conflict("answer_decided", "This answer is decided already.")
    changed = corrections(ballots_of(answer.design_id), answer.answer.answers, own)
    for question, value in changed.items() if verdict is Verdict.CORRECT else ():
        overrule_result(
            actor=actor, project_id=project.id, task_id=answer.answer.task_id, question=question, value=value
        )


def _right(
    actor: Actor, project: ProjectView, answer: Reviewed, verdict: Verdict, own: Mapping[str, Any]
) -> bool | None:
    """Of gold: whether this is what somebody would find who knows the right answer."""
    if answer.kind is not ReviewKind.GOLD:
        return None
    gold = work_queries.task_for(actor, project.id, answer.answer.task_id).gold or {}
    ballots, tolerances = ballots_of(answer.design_id), tolerances_of(project.file)
    given, corrected = (score(gold, each, ballots, tolerances) for each in (answer.answer.answers, own))
    return right_verdict(
        answer_is_right=all(one.right for one in given.values()), verdict=verdict,
        own_is_right=all(one.right for one in corrected.values()),
    )  # fmt: skip


def _draw(assignment_id: int) -> float:
    """From 0 to 1, the same in every repetition."""
    return int.from_bytes(blake2b(f"second/{assignment_id}".encode(), digest_size=4).digest()) / 2**32
