"""A spammer, a copier and a careless worker among good ones are found, paused and shown with evidence; who is good but
slow is not, and who was paused wrongly goes on and is paid.

Everything is drawn from SEED, the order in which gold comes too; sizes are such that few seeds tell another story: 60 gold tasks for each.
Careless (55 % right) is missed with less than 1e-4 (Bin(60, .55) >= 48, and so all the way from the 40th), the guesser
with less than 1e-9 (Bin(60, 1/3) > 30), the copier, who takes over 20 wrong answers and more, with less than 1e-6
(Bin(60, .45) < 11); good ones (97 %) are paused with less than 1e-5 (9 wrong ones of the first 40), or set off a signal
with less than 1e-4 in the hundred looks of this test. Where only the slow one is left beside them, they are not called fast.
"""

import secrets
from random import Random
from typing import Any

import pytest

from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.simulation.habits import COPIER, HABITS, SLOPPY, SLOW, SPAMMER, Habit, seconds_for
from tests.domain.quality.test_watching import enrolment
from tests.people import actor, member, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db

SEED = 20261129
OPTIONS = ("positive", "neutral", "negative")
RULES = [
    {"collector": "guessing", "action": "pause"},
    {"collector": "gold", "answers": 40, "share_below": 0.8, "action": "pause"},
    {"collector": "signals", "signal": "copying", "action": "pause"},
    {"collector": "speed", "times_faster": 4, "action": "signal"},
]
# In the order in which they work; the copier sits behind the careless one.
CAST: dict[str, Habit] = {
    "una": HABITS["expert"], "sven": SLOW, "cara": SLOPPY, "cop": COPIER, "spam": SPAMMER,
}  # fmt: skip


class Character:
    """Somebody of the simulated workforce, who answers the questions of this project."""

    def __init__(self, name: str, habit: Habit, written: dict[str, str]) -> None:
        self.habit, self.written = habit, written
        self.chance = Random(f"{SEED}/{name}")

    def say(self, data: Any) -> dict[str, str]:
        """An answer as the habit says; what the careless one writes is what the copier takes."""
        truth = OPTIONS[int(data["text"].split()[-1]) % 3]
        if self.habit.copies and data["text"] in self.written:
            return {"sentiment": self.written[data["text"]]}
        if self.chance.random() < self.habit.right:
            said = truth
        elif self.habit.guesses:
            said = self.chance.choice(OPTIONS)
        else:
            said = self.chance.choice([one for one in OPTIONS if one != truth])
        if self.habit is SLOPPY:
            self.written[data["text"]] = said
        return {"sentiment": said}

    def active_ms(self) -> int:
        """How long it took."""
        return int(1000 * seconds_for(self.habit, 20, self.chance))


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Any:
    # Which gold comes when cannot be known beforehand, for good reasons; here it is always the same.
    monkeypatch.setattr(secrets, "randbits", Random(SEED).getrandbits)
    rows = [{"text": f"text {n}"} for n in range(90)]
    gold = [{"text": f"control {n}", "_gold": {"sentiment": OPTIONS[n % 3]}} for n in range(60)]
    plan = {"answers": {"min": 5, "max": 5}, "gold_share": 0.4, "rules": RULES}
    made = launched([*rows, *gold], quality=plan)
    written: dict[str, str] = {}
    cast = {name: Character(name, habit, written) for name, habit in CAST.items()}
    for _round in range(16):
        done = [
            do_work(
                made.id,
                name,
                one.say,
                most=10,  # gold comes four at a time
                active_ms=one.active_ms,
            )
            for name, one in cast.items()
        ]
        judge(made.id)
        work.top_up_gold(project_id=made.id)
        quality.watch_workers(project_id=made.id)
        if not sum(done):
            break
    return made


def test_the_three_are_found_paused_and_shown_and_the_slow_one_is_not(project: Any) -> None:
    paused = {name: enrolment(project, name).pause_reason for name in CAST}
    assert paused["una"] is None and paused["sven"] is None, paused
    assert paused["spam"] in ("gold_failed", "rule_gold")
    assert paused["cara"] in ("rule_gold", "gold_failed") and paused["cop"] is not None, paused

    [copying] = [
        one
        for one in queries.signals_of_worker(actor("ada"), project.id, enrolment(project, "cop").pseudonym)
        if one.kind == "copying"
    ]
    assert copying.other == enrolment(project, "cara").pseudonym and len(copying.evidence) >= 5
    for line in copying.evidence:
        assert line.other is not None and line.mine.answers == line.other.answers != line.results

    def kinds(name: str) -> set[str]:
        found = queries.signals_of_worker(actor("ada"), project.id, enrolment(project, name).pseudonym)
        return {one.kind for one in found}

    assert kinds("una") == kinds("sven") == set()
    assert "copying" not in kinds("cara")  # who was copied from is left alone
    # Who is paused by gold has often too few answers to be called fast: the gold itself is what is shown.
    guessed = queries.figures_of(project, person("spam").id).accuracy
    assert guessed is not None and guessed.of_gold and guessed.seen >= 5 and guessed.share < 0.8
    slow = queries.figures_of(project, person("sven").id)
    assert (
        slow.pace is not None and slow.pace > 2 and slow.accuracy is not None and slow.accuracy.share > 0.85
    )

    # Paused wrongly, by hand: somebody else decides, the work goes on, and all of it is paid.
    name = enrolment(project, "sven").pseudonym
    quality.pause_worker(actor=actor("ada"), project_id=project.id, pseudonym=name, reason="So slow!")
    objection = quality.object_to_pause(
        person_id=person("sven").id, project_id=project.id, text="Slow is not wrong."
    )
    rob = member("rob", project.organisation_id, "reviewer")
    quality.decide_objection(actor=rob, project_id=project.id, objection_id=objection, granted=True)
    assert enrolment(project, "sven").pause_reason is None
    mine = [one.assignment_id for one in work_queries.my_work(person("sven").id, limit=500)]
    work.approve(project_id=project.id, assignment_ids=mine)
    [earned] = work_queries.earnings(person("sven").id)
    assert earned.available_micros == len(mine) * project.reward_micros and earned.pending_micros == 0
