"""Whom a rule gives a bonus: people who are right often enough get a share of what they earned since the last time."""

from dataclasses import dataclass
from typing import Final

from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.queries.figures import Share
from tagwerk.domain.quality.queries.histories import History, histories
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.bonuses import BonusRule
from tagwerk.domain.work.rules.states import State

NEWEST: Final = 500  # answers of a worker by which they are measured
AT_ONCE: Final = 100  # workers whose answers are read together


@dataclass(frozen=True, slots=True)
class RuleLine:
    """What a rule gives somebody; `earned_micros`: approved, and not rewarded by a rule before."""

    worker_id: int
    pseudonym: str
    accuracy: Share | None
    earned_micros: int
    ever_micros: int
    bonus_micros: int


def bonuses_by(project: ProjectView, rule: BonusRule) -> list[RuleLine]:
    """All who have given enough answers, those who get most first; for who has passed the gate of managers."""
    found = []
    people = [
        (int(worker), str(name), int(ever), int(rewarded))
        for worker, name, ever, rewarded in sql.rows(
            _PEOPLE, [project.id, rule.answers, project.id, project.id]
        )
    ]
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        read = histories(project, [worker for worker, _name, _ever, _rewarded in some], limit=NEWEST)
        found += [
            _line(rule, read[worker], worker, name, ever, rewarded) for worker, name, ever, rewarded in some
        ]
    return sorted(found, key=lambda one: (-one.bonus_micros, one.pseudonym))


def _line(
    rule: BonusRule, history: History, worker_id: int, pseudonym: str, ever: int, rewarded: int
) -> RuleLine:
    accuracy = _accuracy(history)
    fresh = max(0, ever - rewarded)
    bonus = rule.gives(
        accuracy=accuracy.share if accuracy else None, answers=accuracy.seen if accuracy else 0, earned_micros=fresh
    )  # fmt: skip
    return RuleLine(worker_id, pseudonym, accuracy, fresh, ever, bonus)


def _accuracy(history: History) -> Share | None:
    """From gold, where there is any; else as far as answers agree with results."""
    gold = [right for item in history.items for right in item.gold.values()]
    said = gold or [right for item in history.items for right in item.agrees.values()]
    return Share("", sum(said), len(said), of_gold=bool(gold)) if said else None


# What somebody had earned when a rule rewarded them is in the key of the bonus.
_PEOPLE = f"""
WITH people AS (
    SELECT worker_id, pseudonym FROM enrolment WHERE project_id = %s AND submitted >= %s
), earned AS (
    SELECT a.worker_id, sum(a.reward_micros) AS micros FROM assignment a
    WHERE a.project_id = %s AND a.state = {State.APPROVED} GROUP BY a.worker_id
), rewarded AS (
    SELECT worker_id, max(split_part(key, ':', 3)::bigint) AS micros FROM bonus
    WHERE project_id = %s AND source = 'rule' GROUP BY worker_id
)
SELECT p.worker_id, p.pseudonym, e.micros::bigint, coalesce(r.micros, 0)
FROM people p JOIN earned e USING (worker_id) LEFT JOIN rewarded r USING (worker_id) ORDER BY p.worker_id
"""  # noqa: S608 (only our own numbers)
