"""Bonuses by a rule: people who are right often enough get a share of what they earned since a rule rewarded them last."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality.queries.bonuses import RuleLine, bonuses_by
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.rules.bonuses import MOST_LINES, BonusRule, Gift, bonus_reason
from tagwerk.domain.work.rules.extras import BonusSource


@dataclass(frozen=True, slots=True)
class GivenByRule:
    """Whom a rule gives what, and how many of these bonuses are new."""

    lines: list[RuleLine]
    given: int


@transaction.atomic
def give_bonuses_by_rule(
    *, actor: Actor, project_id: int, rule: BonusRule, reason: str, sure: bool = False, now: datetime
) -> GivenByRule:
    """Give what a rule gives, all of it or none; the same earnings are rewarded once, whoever else does it now."""
    project = projects.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    # Before it is read what was earned and what of it was rewarded: who does it at the same time waits here.
    work.locked_opening(project_id=project_id)
    lines = bonuses_by(project, rule)
    said = bonus_reason(reason)
    gifts = [
        Gift(one.worker_id, one.bonus_micros, said, f"rule:{one.worker_id}:{one.ever_micros}")
        for one in lines
        if one.bonus_micros
    ]
    given = sum(
        work.give_bonuses(
            actor=actor, project_id=project_id, gifts=gifts[start : start + MOST_LINES], source=BonusSource.RULE,
            sure=sure, now=now,
        )
        for start in range(0, max(1, len(gifts)), MOST_LINES)
    )  # fmt: skip
    return GivenByRule(lines, given)
