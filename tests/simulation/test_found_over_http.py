"""A served instance, and people who work over HTTP: a spammer, a copier and a sloppy one are found, paused and shown
with evidence; who is good but slow is not, objects to a wrong pause, goes on and is paid."""

import json
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest

from tagwerk.client import Client
from tagwerk.simulation import Workforce, data_digest
from tests.instance import PATIENCE_SECONDS, Instance, instance, needs_proc, wait_until

pytestmark = [pytest.mark.long, needs_proc]
OPTIONS = ("positive", "neutral", "negative")
CAST = ("expert", "expert", "slow", "sloppy", "copier", "spammer")
BAD = {"sloppy", "copier", "spammer"}
PROJECT: dict[str, Any] = {
    "title": "Found over HTTP", "language": "en", "show": [{"text": "{{ text }}"}],
    "ask": {"sentiment": {"kind": "choice", "options": list(OPTIONS)}},
    "pay": {"per": "answer", "amount": "0.10", "currency": "EUR", "estimate_seconds": 20},
    "quality": {
        "answers": {"min": 6, "max": 6}, "gold_share": 0.4,  # so that the copier meets all that others did
        "rules": [
            {"collector": "guessing", "action": "pause"},
            {"collector": "gold", "answers": 20, "share_below": 0.75, "action": "pause"},
            {"collector": "signals", "signal": "copying", "action": "pause"},
            {"collector": "speed", "times_faster": 4, "action": "review"},
        ],
    },
}  # fmt: skip
GOLD: list[dict[str, Any]] = [
    {"text": f"control {n}", "_gold": {"sentiment": OPTIONS[n % 3]}} for n in range(60)
]
ROWS: list[dict[str, Any]] = [
    {"text": f"text {n}"} for n in range(400)
]  # more than anybody gets to, so that gold keeps coming
TRUTHS = {data_digest({"text": row["text"]}): {"sentiment": OPTIONS[n % 3]} for some in (GOLD, ROWS) for n, row in enumerate(some)}  # fmt: skip


def inside(made: Instance, *words: str) -> Any:
    """Asked of the instance's own tables, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.inside", *words],
        env=made.environ, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


class Scene:
    """Who ordered, and who works."""

    def __init__(self, made: Instance) -> None:
        known = inside(made, "prepare")
        self.address, self.keys = made.address, known["workers"]
        self.requester = Client(made.address, known["requester"], progress=False)
        self.project = self.requester.projects.create(PROJECT).id
        self.requester.tasks.add(self.project, [*GOLD, *ROWS])
        self.requester.projects.launch(self.project)

    def force(self, keys: list[str], cast: tuple[str, ...]) -> Workforce:
        """People of these habits, one for each key."""
        return Workforce(self.address, keys, TRUTHS, seed=20261129, cast=cast, projects=[self.project])

    def client_of(self, habit: str) -> Client:
        return Client(self.address, self.keys[CAST.index(habit)], progress=False)

    def judged(self, habit: str) -> dict[str, Any]:
        """What somebody reads about how their work is judged."""
        with self.client_of(habit) as client:
            return client.work.judged(self.project)

    def paused(self) -> set[str]:
        found = set()
        for place, habit in enumerate(CAST):
            with Client(self.address, self.keys[place], progress=False) as client:
                [mine] = [one for one in client.work.projects() if one.id == self.project]
                found |= {habit} if mine.paused else set()
        return found


def test_who_answers_badly_is_found_and_who_is_slow_is_not() -> None:
    with instance(TAGWERK_UNDO_SECONDS="0") as made:
        serve = made.start()
        scene = Scene(made)
        force = scene.force(scene.keys, CAST)
        report = force.run(lambda: scene.paused() >= BAD, idle_seconds=20, longest_seconds=140)
        assert report.errors == [] and scene.paused() == BAD, (report, scene.paused())
        the_evidence(scene)
        the_slow_one(scene)
        found = inside(made, "look", scene.project)
        assert found["drift"] == [] == found["paid_twice_or_never"] == found["strange_transfers"]
        assert set(found["trial_balance"].values()) <= {0}
        serve.send_signal(signal.SIGTERM)
        assert serve.wait() == 0
        made.wait_until_gone()


def the_evidence(scene: Scene) -> None:
    """Members see why: the rule with its figures, the answers side by side; so do those whom it is about."""
    workers, project = scene.requester.workers, scene.project

    def kinds() -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for one in workers.signals(project):
            found.setdefault(one["worker"], set()).add(one["kind"])
        return found

    wait_until(lambda: any("copying" in some for some in kinds().values()), "the copier is noticed")
    [copier] = [worker for worker, some in kinds().items() if "copying" in some]
    shown = workers.get(project, copier)
    [copying] = [one for one in shown["signals"] if one["kind"] == "copying"]
    assert len(copying["evidence"]) >= 5 and copying["figures"]["chance"] < 1e-6
    assert all(line["answers"] == line["other_answers"] != line["right"] for line in copying["evidence"])
    paused = [one.worker for one in workers.list(project) if one.paused_at]
    assert len(paused) == 3 and {copier, copying["other_worker"]} <= set(paused)
    for worker in paused:
        [pause] = [one for one in workers.get(project, worker)["steps"] if one["step"] == "pause"]
        assert pause["rule"]["action"] == "pause" and pause["figures"]
    for habit in BAD:
        assert scene.judged(habit)["pause_figures"], habit
    assert any("fast" in some for some in kinds().values())
    reviews = scene.requester.reviews  # and members can review just those answers
    assert "copying" in {one["signal"] for one in reviews.pointed_at(project)}
    following = reviews.next(project, evidence=copying["id"])
    assert following is not None and following["worker"] == copier
    told = reviews.commit(project, following["answer"], "approve")
    assert (told["because"]["why"], told["because"]["signal"]) == ("signal", "copying")


def the_slow_one(scene: Scene) -> None:
    """Paused by hand, for being slow: they object, somebody decides, they go on, and all of it is paid."""
    workers, project = scene.requester.workers, scene.project
    with scene.client_of("slow") as slow:
        before = sum(1 for _ in slow.work.mine())
        assert before >= 20
        [name] = [
            one.worker for one in workers.list(project)
            if one.paused_at is None and (workers.get(project, one.worker)["figures"]["pace"] or 0) > 2
        ]  # fmt: skip
        workers.pause(project, name, "So slow!")
        scene.requester.tasks.add(project, [{"text": f"more {n}"} for n in range(5)])
        again = scene.force([scene.keys[CAST.index("slow")]], ("slow",))
        thread = threading.Thread(target=lambda: again.run(idle_seconds=60, longest_seconds=60))
        thread.start()
        wait_until(lambda: list(workers.objections(project, only_open=True)), "they object")
        [objection] = workers.objections(project, only_open=True)
        assert (objection["worker"], objection["pause_reason"]) == (name, "So slow!")
        workers.decide_objection(project, objection["id"], granted=True, answer="You are right.")
        wait_until(lambda: sum(1 for _ in slow.work.mine()) > before, "they go on")
        again.stop()
        thread.join()

        def all_approved() -> bool:
            scene.requester.answers.approve_all(project)  # what was fed since the last time, too
            return float(slow.work.earnings()[0]["pending"]["amount"]) == 0

        wait_until(all_approved, "all is approved")
        approved = [one for one in slow.work.mine() if one["state"] == "approved"]
        assert len(approved) > before
        assert float(slow.work.earnings()[0]["available"]["amount"]) == pytest.approx(0.1 * len(approved))
