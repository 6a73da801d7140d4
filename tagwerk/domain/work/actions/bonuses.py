"""Bonuses: money that people are given for their work beside the price of answers, once per key, all of them or none."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.base.money import fee_micros
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.rules import Entry, available, fee_income, reserved, transfer_id
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import amount
from tagwerk.domain.projects import actions as project_actions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.actions.measuring import STALE
from tagwerk.domain.work.actions.opening import locked_opening, spare_of
from tagwerk.domain.work.events import BonusesGiven
from tagwerk.domain.work.models import Bonus, Enrolment, ProjectWage
from tagwerk.domain.work.rules.bonuses import MOST_LINES, Gift, require_usual
from tagwerk.domain.work.rules.extras import BonusSource

CODE = "bonus"


@transaction.atomic
def give_bonuses(
    *,
    actor: Actor,
    project_id: int,
    gifts: Sequence[Gift],
    source: BonusSource = BonusSource.HAND,
    sure: bool = False,
    now: datetime,
) -> int:
    """Give bonuses, all of them or none; the same keys again give nothing again. How many were new.

    What the project does not have free is set aside from the organisation's money first. `sure`: large ones are meant.
    """
    projects.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    return give_without_gate(
        project_id=project_id, gifts=gifts, source=source, given_by_id=accounts.person_behind(actor), sure=sure, now=now
    )  # fmt: skip


@transaction.atomic
def give_without_gate(
    *,
    project_id: int,
    gifts: Sequence[Gift],
    source: BonusSource,
    given_by_id: int | None,
    sure: bool,
    now: datetime,
) -> int:
    """The same for who has passed the gate, or for a rule that members have set."""
    opening = locked_opening(project_id=project_id)
    project = projects.project(project_id)
    _require_possible(project, gifts, given_by_id)
    fresh = _not_given_yet(project, gifts)
    if not fresh:
        return 0
    if not sure:
        require_usual(fresh, answer_micros=project.usual_micros, currency=project.currency)
    rows = Bonus.objects.bulk_create(
        [
            Bonus(
                project_id=project_id, worker_id=one.worker_id, assignment_id=one.assignment_id,
                reward_micros=one.reward_micros, fee_micros=fee_micros(one.reward_micros, project.fee_bp),
                reason=one.reason, source=source, key=one.key, given_by_id=given_by_id, given_at=now,
            )
            for one in fresh
        ]
    )  # fmt: skip
    cost = sum(one.reward_micros + one.fee_micros for one in rows)
    missing = cost - spare_of(project=project, opening=opening)
    project_actions.reserve(project_id=project_id, amount_micros=max(0, missing), key=f"bonus:{rows[0].id}")
    ledger.transfer(entries=_entries(project, rows))
    opening.aside_micros += cost
    opening.committed_micros += cost
    opening.paid_micros += cost
    opening.save(update_fields=["aside_micros", "committed_micros", "paid_micros"])
    ProjectWage.objects.filter(project_id=project_id).update(approved=STALE)
    record(
        BonusesGiven(
            actor_id=given_by_id, organisation_id=project.organisation_id, project_id=project_id,
            bonus_ids=[one.id for one in rows], bonuses=len(rows), reward_micros=sum(one.reward_micros for one in rows),
            currency=project.currency,
        )
    )  # fmt: skip
    return len(rows)


@transaction.atomic
def tell_bonuses(*, project_id: int, bonus_ids: Sequence[int]) -> None:
    """Each worker reads what they were given and why; told once per bonus."""
    project = projects.project(project_id)
    for one in Bonus.objects.filter(project_id=project_id, id__in=bonus_ids).order_by("id"):
        notices.tell(
            person_id=one.worker_id, kind="bonus_given",
            params={
                "project": project.title, "amount": amount(one.reward_micros, project.currency), "reason": one.reason,
            },
            link=f"/work/task/{public_id('asg', one.assignment_id)}/" if one.assignment_id else "/work/earnings/",
            key=f"bonus/{one.id}",
        )  # fmt: skip


def _require_possible(project: ProjectView, gifts: Sequence[Gift], given_by_id: int | None) -> None:
    if not project.paid:
        raise Invalid("project_unpaid", "This project has no pay, so it has no budget.")
    if project.launched_at is None:
        raise Conflict("project_not_launched", "The project is not launched, so nobody has worked on it.")
    if len(gifts) > MOST_LINES:
        raise Invalid("bonuses_too_many", "A file has at most {most} bonuses.", most=MOST_LINES)
    people = {one.worker_id for one in gifts}
    if given_by_id in people:
        raise Conflict("bonus_to_oneself", "Nobody gives a bonus to themselves; ask somebody else to do it.")
    known = Enrolment.objects.filter(project_id=project.id, worker_id__in=people, submitted__gt=0).count()
    if known < len(people):
        raise NotFound("worker_not_found", "This person does not work on this project.")


def _not_given_yet(project: ProjectView, gifts: Sequence[Gift]) -> list[Gift]:
    """Those whose key is new; under a known key the same must be meant, or two bonuses were given one name."""
    by_key = {one.key: one for one in gifts}
    if len(by_key) < len(gifts):
        raise Conflict(
            "bonus_key_twice", "Two bonuses have the same key; give each a key of its own.", path="key"
        )
    there = Bonus.objects.filter(project_id=project.id, key__in=by_key)
    for row in there:
        meant = by_key.pop(row.key)
        if (meant.worker_id, meant.reward_micros, meant.assignment_id) != (
            row.worker_id,
            row.reward_micros,
            row.assignment_id,
        ):
            raise Conflict(
                "bonus_differs", "Under the key “{key}” another bonus was given; give the new one a key of its own.",
                path="key", key=row.key[:80],
            )  # fmt: skip
    return list(by_key.values())


def _entries(project: ProjectView, rows: Sequence[Bonus]) -> list[Entry]:
    """One transfer for each bonus, and one for the fee of all of them: a file has as many lines as the book takes."""
    source = reserved(project.id, project.currency).code
    event = transfer_id("bonuses", project.id, rows[0].id)

    def entry(part: str, number: int, target: str, micros: int, code: str) -> Entry:
        return Entry(
            id=transfer_id(part, project.id, number), event=event, kind="single", debit=source, credit=target,
            amount_micros=micros, currency=project.currency, code=code, ref_type="bonus", ref_id=str(number),
        )  # fmt: skip

    entries = [
        entry("bonus", one.id, available(one.worker_id, project.currency).code, one.reward_micros, CODE)
        for one in rows
    ]
    fee = sum(one.fee_micros for one in rows)
    if fee:
        entries.append(entry("bonus fee", rows[0].id, fee_income(project.currency).code, fee, "fee"))
    return entries
