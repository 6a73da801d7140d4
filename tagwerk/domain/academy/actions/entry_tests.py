"""Entry tests: defined from gold tasks, taken, scored. Right answers are read here and go nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from math import prod
from random import SystemRandom
from typing import Any

from django.db import transaction
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany, minutes_said
from tagwerk.base.events import record
from tagwerk.domain.academy import rules
from tagwerk.domain.academy.actions.qualifications import hold
from tagwerk.domain.academy.events import EntryTestDefined, EntryTestFinished
from tagwerk.domain.academy.models import EntryTest, EntryTestAttempt, EntryTestTask, Holding, Qualification
from tagwerk.domain.academy.queries.gates import managed_qualification, open_tests
from tagwerk.domain.academy.queries.test_times import has_to_be_paid
from tagwerk.domain.academy.rules import Source, TestPay
from tagwerk.domain.accounts.rules import WORK, Actor, require_scope
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.answers import check_answers
from tagwerk.domain.designs.rules.design import DesignView, Question
from tagwerk.domain.designs.rules.gold import Expected, check_gold, expected_of, is_right
from tagwerk.domain.designs.rules.render import compile_row_check

_CHANCE = SystemRandom()


@transaction.atomic
def define_entry_test(
    *,
    actor: Actor,
    qualification_id: int,
    design_id: int,
    rows: Sequence[Mapping[str, Any]],
    draw: int,
    pass_mark: int,
    tolerance: float = 0.0,
    retry_after_seconds: int = 86_400,
    holding_seconds: int | None = None,
    minutes: int | None = None,
    pay: TestPay | None = None,
) -> int:
    """Give a qualification its entry test, in place of the one before; each row has its right answers in _gold.

    `minutes` is how long an attempt takes; what takes more than ten is paid.
    """
    qualification = managed_qualification(actor, qualification_id)
    design = _design(design_id, qualification)
    rules.check_plan(
        draw=draw,
        pass_mark=pass_mark,
        tolerance=tolerance,
        retry_after_seconds=retry_after_seconds,
        tasks=len(rows),
    )
    rules.check_pay(pay, minutes=minutes, pass_mark=pass_mark)
    tasks = _checked(design, rows)
    if pay is not None and pay.paid_from is None:
        chances = [_chance(design, gold, round(tolerance * 10_000)) for _data, gold, _category in tasks]
        paid_from = rules.paid_from_above_chance(chances, draw=draw, pass_mark=pass_mark)
        pay = replace(pay, paid_from=paid_from)
    EntryTest.objects.filter(qualification=qualification, closed_at=None).update(closed_at=timezone.now())
    test = EntryTest.objects.create(
        qualification=qualification,
        design_id=design_id,
        draw=draw,
        pass_mark=pass_mark,
        tolerance_bp=round(tolerance * 10_000),
        retry_after_seconds=retry_after_seconds,
        holding_seconds=holding_seconds,
        created_by_id=actor.person_id,
        minutes=minutes,
        **(asdict(pay) if pay else {}),
    )
    EntryTestTask.objects.bulk_create(
        EntryTestTask(test=test, data=data, gold=gold, category=category) for data, gold, category in tasks
    )
    record(
        EntryTestDefined(
            actor_id=actor.person_id,
            organisation_id=qualification.organisation_id,
            qualification_id=qualification_id,
            test_id=test.id,
        )
    )
    return test.id


@transaction.atomic
def close_entry_test(*, actor: Actor, qualification_id: int) -> None:
    """Offer the entry test of a qualification no more; attempts under way may end."""
    qualification = managed_qualification(actor, qualification_id)
    EntryTest.objects.filter(qualification=qualification, closed_at=None).update(closed_at=timezone.now())


@transaction.atomic
def start_attempt(*, actor: Actor, test_id: int, is_waited_for: bool = False) -> int:
    """Begin an attempt with tasks drawn by chance, or go on with the one under way; returns its id.

    `is_waited_for`: they may work on only when they pass, so a test from before long ones were paid is not shut to them.
    """
    person_id = _worker(actor)
    # The lock lets one start at a time: nobody gets two attempts, or two draws, out of one pause.
    test = open_tests().select_for_update(no_key=True, of=("self",)).filter(id=test_id).first()
    if test is None:
        return _under_way(test_id, person_id)
    last = EntryTestAttempt.objects.filter(test=test, person_id=person_id).order_by("-id").first()
    if last is not None and last.finished_at is None:
        return last.id
    _require_not_revoked(test, person_id)
    _require_need(test, person_id)
    _require_pause(last, test)
    if not (is_waited_for and test.minutes is None) and has_to_be_paid([test]):
        raise Conflict(
            "test_has_to_be_paid",
            "This test takes longer than {minutes} and pays nothing. It is offered again once it pays, or is shorter.",
            minutes=minutes_said(rules.UNPAID_MINUTES),
        )
    tasks = list(EntryTestTask.objects.filter(test=test).values_list("id", flat=True))
    drawn = _CHANCE.sample(tasks, min(test.draw, len(tasks)))
    return EntryTestAttempt.objects.create(test=test, person_id=person_id, task_ids=drawn).id


def _under_way(test_id: int, person_id: int) -> int:
    """Who began before a test was closed may end."""
    own = EntryTestAttempt.objects.filter(test_id=test_id, person_id=person_id, finished_at=None)
    found = own.values_list("id", flat=True).first()
    if found is None:
        raise NotFound("test_not_found", "There is no such test.")
    return found


@transaction.atomic
def answer_attempt(*, actor: Actor, attempt_id: int, task_id: int, answers: Mapping[str, Any]) -> None:
    """Answer one task of an attempt, or answer it otherwise; it is scored at the end."""
    attempt = _attempt(actor, attempt_id)
    if attempt.finished_at is not None:
        raise Conflict("attempt_finished", "This attempt has ended.")
    if task_id not in attempt.task_ids:
        raise NotFound("test_task_not_found", "There is no such task in this attempt.")
    design = designs.design(attempt.test.design_id)
    attempt.answers[str(task_id)] = check_answers(design, answers)
    attempt.save(update_fields=["answers"])


@dataclass(frozen=True)
class Finished:
    """What came out of an attempt. `revoked`: the qualification was taken away, and passing does not bring it back."""

    score: int
    passed: bool
    revoked: bool = False


@transaction.atomic
def finish_attempt(*, actor: Actor, attempt_id: int) -> Finished:
    """Score an attempt whose tasks are all answered; who passes holds the qualification."""
    attempt = _attempt(actor, attempt_id)
    if attempt.score is not None and attempt.passed is not None:
        return Finished(attempt.score, attempt.passed)
    missing = sum(str(task_id) not in attempt.answers for task_id in attempt.task_ids)
    if missing:
        raise Invalid("test_unanswered", "{missing} tasks are not answered yet.", missing=missing)
    test = attempt.test
    row = Qualification.objects.select_for_update(no_key=True).get(id=test.qualification_id)
    revoked = _is_revoked(test, attempt.person_id)  # while the attempt was under way
    judged = _judged(attempt)
    attempt.score = rules.attempt_score([all(right.values()) for _category, right in judged])
    attempt.categories = [[one.name, one.right, one.tasks] for one in _by_category(attempt, judged)]
    attempt.passed = attempt.score >= test.pass_mark
    attempt.finished_at = timezone.now()
    attempt.save(update_fields=["score", "passed", "finished_at", "categories"])
    if attempt.passed and not revoked:
        _hold(row, attempt)
    record(
        EntryTestFinished(
            actor_id=attempt.person_id, person_id=attempt.person_id, test_id=test.id, passed=attempt.passed
        )
    )
    return Finished(attempt.score, attempt.passed, revoked)


def _design(design_id: int, qualification: Qualification) -> DesignView:
    design = designs.design(design_id)
    if qualification.organisation_id not in (None, design.organisation_id):
        raise NotFound("unknown_design", "There is no such design.")
    return design


def _checked(
    design: DesignView, rows: Sequence[Mapping[str, Any]]
) -> list[tuple[dict[str, Any], dict[str, Any], str]]:
    if len(rows) > rules.MOST_TEST_TASKS:
        raise TooMany("rows_too_many", "A test has at most {most} rows.", most=rules.MOST_TEST_TASKS)
    check_row, tasks = compile_row_check(design), []
    for number, row in enumerate(rows, start=1):
        data, gold = rules.split_row(row, number)
        try:
            check_row(data)
            tasks.append((data, check_gold(design, gold), rules.category_of_row(row, number)))
        except Invalid as refusal:
            refusal.path = f"row {number}, {refusal.path}" if refusal.path else f"row {number}"
            raise
    return tasks


def _worker(actor: Actor) -> int:
    require_scope(actor, WORK)
    if actor.person_id is None:
        raise NotAllowed("test_needs_person", "Tests are taken by workers, not by an organisation.")
    return actor.person_id


def _attempt(actor: Actor, attempt_id: int) -> EntryTestAttempt:
    found = EntryTestAttempt.objects.select_for_update(of=("self",)).select_related("test")
    attempt = found.filter(id=attempt_id, person_id=_worker(actor)).first()
    if attempt is None:
        raise NotFound("attempt_not_found", "There is no such attempt.")
    return attempt


def _last_held(test: EntryTest, person_id: int) -> Holding | None:
    held = Holding.objects.filter(qualification_id=test.qualification_id, person_id=person_id)
    return held.order_by("-id").first()


def _is_revoked(test: EntryTest, person_id: int) -> bool:
    last = _last_held(test, person_id)
    return last is not None and last.revoked


def _require_not_revoked(test: EntryTest, person_id: int) -> None:
    if _is_revoked(test, person_id):
        raise NotAllowed(
            "qualification_revoked", "This qualification was taken away; the test does not bring it back."
        )


def _require_need(test: EntryTest, person_id: int) -> None:
    last = _last_held(test, person_id)
    now = timezone.now()
    alive = last is not None and last.ended_at is None and (last.expires_at is None or last.expires_at > now)
    if last is not None and alive and last.score >= test.pass_mark:
        raise Conflict("test_not_needed", "You hold this qualification already.")


def _require_pause(last: EntryTestAttempt | None, test: EntryTest) -> None:
    next_at = rules.next_attempt_at(last.started_at if last else None, test.retry_after_seconds)
    if next_at is not None and next_at > timezone.now():
        raise TooMany(
            "test_too_soon", "You can try again from {time} (UTC).", time=f"{next_at:%Y-%m-%d %H:%M}"
        )


def _judged(attempt: EntryTestAttempt) -> list[tuple[str, dict[str, bool]]]:
    """Of each task its category, and which of its questions were answered right."""
    design = designs.design(attempt.test.design_id)
    tasks = {task.id: task for task in EntryTestTask.objects.filter(id__in=attempt.task_ids)}
    return [
        (
            tasks[task_id].category,
            _right(
                design, tasks[task_id].gold, attempt.answers[str(task_id)], tolerance_bp=attempt.test.tolerance_bp
            ),
        )
        for task_id in attempt.task_ids
    ]  # fmt: skip


def _right(
    design: DesignView, gold: Mapping[str, Any], answers: Mapping[str, Any], *, tolerance_bp: int
) -> dict[str, bool]:
    distances = {
        name: _distance(design.by_name[name], answers[name], expected_of(right)) if name in answers else 1.0
        for name, right in gold.items()
    }
    return {name: rules.is_right([one], tolerance_bp=tolerance_bp) for name, one in distances.items()}


def _by_category(
    attempt: EntryTestAttempt, judged: Sequence[tuple[str, Mapping[str, bool]]]
) -> list[rules.CategoryScore]:
    """By the kinds of tasks, where the test tells them apart; else by the questions."""
    if any(category for category, _right in judged):
        return rules.category_scores(
            (category, all(right.values())) for category, right in judged if category
        )
    by_name = designs.design(attempt.test.design_id).by_name
    return rules.category_scores(
        (by_name[name].label or name, one) for _category, right in judged for name, one in right.items()
    )


def _distance(question: Question, given: Any, expected: Expected) -> float:
    """To the nearest right answer; none where the row itself says that this is near enough."""
    kind, options = question.face, question.options
    if expected.within is not None and is_right(kind, options, given, expected):
        return 0.0
    return min(kind.distance(options, given, right) for right in expected.accepted)


def _chance(design: DesignView, gold: Mapping[str, Any], tolerance_bp: int) -> float:
    """How likely a task is right by guessing; what has no labels is not guessed."""
    return prod(
        _chance_at(design.by_name[name], expected_of(right), tolerance_bp) for name, right in gold.items()
    )


def _chance_at(question: Question, expected: Expected, tolerance_bp: int) -> float:
    labels = question.labels or []
    values = [question.face.from_label(question.options, label) for label in labels]
    hits = (rules.is_right([_distance(question, one, expected)], tolerance_bp=tolerance_bp) for one in values)
    return sum(hits) / len(values) if values else 0.0


def _hold(row: Qualification, attempt: EntryTestAttempt) -> None:
    """Passing never makes worse what somebody else has granted."""
    assert attempt.score is not None
    test, now = attempt.test, timezone.now()
    held = Holding.objects.filter(qualification=row, person_id=attempt.person_id, ended_at=None).first()
    lasts = held is not None and (held.expires_at is None or held.expires_at > now)
    if held is None or not lasts or held.score < attempt.score:
        end = now + timedelta(seconds=test.holding_seconds) if test.holding_seconds else None
        hold(
            row=row,
            person_id=attempt.person_id,
            score=attempt.score,
            expires_at=end,
            source=Source.TEST,
            granted_by=None,
        )
