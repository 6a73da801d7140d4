"""Web, jobs and the database are killed at random moments under load; nothing that was promised is lost or doubled."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from random import Random
from typing import Any

import pytest

from tagwerk.client import ApiError, Client, Unreachable
from tests.faults.crowd import Crowd
from tests.instance import PATIENCE_SECONDS, Instance, instance, kill, needs_proc, wait_until

pytestmark = needs_proc
PROJECT = """
title: Kill rounds
language: en
instructions: Say which it is.
show: [{text: "{{ text }}"}]
ask:
  label: {kind: choice, options: [one, two, three]}
  note: {kind: text, lines: 1}
decides: [label]
quality: {answers: {min: 2, max: 3, confidence: 0.9}, gold_share: 0.05}
pay: {per: answer, amount: "0.07", currency: EUR, estimate_seconds: 5}
hold: {tasks: 1, minutes: 30}
"""
TASKS_A_ROUND = 120


def test_a_round():
    with instance(TAGWERK_UNDO_SECONDS="0", TAGWERK_WEB_PROCESSES="2") as made:
        Rounds(made, seed=11).run(1)


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_a_dozen_rounds(seed):
    with instance(TAGWERK_UNDO_SECONDS="1", TAGWERK_WEB_PROCESSES="2") as made:
        Rounds(made, seed=seed).run(12)


class Rounds:
    """An instance under load and under fire."""

    def __init__(self, made: Instance, *, seed: int) -> None:
        self.made = made
        self.chance = Random(seed)
        self.seed = seed
        self.serve: subprocess.Popen[bytes] = made.start()
        self.people = self._inside("prepare")
        self.requester = Client(made.address, self.people["requester"], progress=False, retries=2)
        self.log: list[str] = []

    def run(self, rounds: int) -> None:
        """Load, kill, recover, settle, check."""
        project = self.requester.projects.create(PROJECT)
        self._add_tasks(project.id, 0, gold=8)
        self.requester.projects.launch(project.id)
        crowd = Crowd(self.made.address, self.people["workers"], project.id, self.seed)
        crowd.start()
        try:
            for number in range(1, rounds + 1):
                self._round(crowd)
                self._add_tasks(project.id, number)
            self._settle(project.id, crowd)
        finally:
            crowd.go_home()
        self._check(project.id, crowd)
        self.serve.send_signal(signal.SIGTERM)
        assert self.serve.wait() == 0
        self.made.wait_until_gone()

    # --- under fire ---

    def _round(self, crowd: Crowd) -> None:
        kinds = (
            self._kill_web,
            self._kill_web_worker,
            self._kill_jobs,
            self._kill_backend,
            self._kill_database,
            self._kill_keeper,
        )
        shots: list[Any] = [*kinds, self._kill_all] if self.chance.random() < 0.5 else [*kinds]
        self.chance.shuffle(shots)
        for shoot in shots[: self.chance.randint(3, 5)]:
            time.sleep(self.chance.uniform(0.1, 1.5))
            self.log.append(shoot.__name__)
            shoot()
        if self.serve.poll() is not None:
            self.serve = self.made.start()
            crowd.address = self.made.address
            self.requester = Client(self.made.address, self.people["requester"], progress=False, retries=2)
        before = len(crowd.acknowledged)
        self._wait_until(lambda: self.made.status() == 200, "the pages answer", crowd)
        self._wait_until(
            lambda: len(crowd.acknowledged) > before + 5 or crowd.all_idle(), "people work again", crowd
        )

    def _kill_one(self, word: str, place: int) -> None:
        found = self.made.pids(word)
        if found:
            kill(found[min(place, len(found) - 1)])

    def _kill_web(self) -> None:
        self._kill_one("_web", 0)

    def _kill_web_worker(self) -> None:
        self._kill_one("spawn_main", self.chance.randint(0, 2))

    def _kill_jobs(self) -> None:
        self._kill_one("_jobs", 0)

    def _kill_backend(self) -> None:
        """One connection's process dies, and the server throws everybody out and recovers."""
        self._kill_one("postgres: tagwerk_app", self.chance.randint(0, 5))

    def _kill_database(self) -> None:
        with contextlib.suppress(OSError):  # it is down already
            kill(self.made.postmaster())

    def _kill_keeper(self) -> None:
        """Who starts the database again is killed, and the database with it."""
        self._kill_one("keeper.py", 0)

    def _kill_all(self) -> None:
        """The parent dies, and with it all of the tree."""
        kill(self.serve.pid)
        self.serve.wait()

    # --- afterwards ---

    def _add_tasks(self, project: str, number: int, *, gold: int = 0) -> None:
        rows = [
            {"_id": f"{number}-{row}", "text": f"This is {row} of round {number}."}
            for row in range(TASKS_A_ROUND)
        ]
        rows += [
            {"_id": f"gold-{row}", "text": f"Gold {row}", "_gold": {"label": "one"}} for row in range(gold)
        ]
        self._insist(lambda: self.requester.tasks.add(project, rows))  # the same rows again change nothing

    def _settle(self, project: str, crowd: Crowd) -> None:
        """Until everybody has done what there was to do; then accept all and finish."""

        def done() -> bool:
            now = self._insist(lambda: self.requester.projects.progress(project))
            return bool(now["decided"] >= now["tasks"] and crowd.all_idle())

        self._wait_until(done, "every task is decided", crowd)
        crowd.go_home()
        self._insist(lambda: self.requester.projects.finish(project))

        def settled() -> bool:
            self._insist(lambda: self.requester.answers.approve_all(project))
            return bool(self._insist(lambda: self.requester.projects.progress(project))["settled"])

        self._wait_until(settled, "the project is settled", crowd)

    def _check(self, project: str, crowd: Crowd) -> None:
        found = self._inside("look", project)
        kept = {assignment: answers for assignment, _, answers, _ in found["answers"]}
        assert len(kept) == len(found["answers"]), "an answer was written twice"
        assert len(crowd.acknowledged) > 50
        assert {one: kept.get(one) for one in crowd.acknowledged} == crowd.acknowledged
        assert not crowd.returned & kept.keys(), "what was given back has an answer"
        assert set(found["trial_balance"].values()) <= {0}
        assert found["reserved"] >= found["needed"]
        for nothing in ("drift", "paid_twice_or_never", "strange_transfers", "over_assigned", "stuck", "not_fed_once",
                        "gaps_in_the_feed", "facts_unhandled", "parked"):  # fmt: skip
            assert found[nothing] == [], f"{nothing} after {self.log}"
        assert {state for _, _, _, state in found["answers"]} <= {2}, "everything handed in is approved"
        assert crowd.mistakes == []

    def _inside(self, *words: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.inside", *words],
            env={**self.made.environ, "PYTHONPATH": self.made.environ["PYTHONPATH"]},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def _insist(self, ask: Any) -> Any:
        """The same request until it is answered."""
        answered: list[Any] = []

        def asked() -> bool:
            try:
                answered.append(ask())
            except Unreachable:
                return False
            except ApiError as error:
                if error.status < 500:
                    raise
                return False
            return True

        wait_until(asked, "the platform answers")
        return answered[0]

    def _wait_until(self, holds: Any, what: str, crowd: Crowd) -> None:
        try:
            wait_until(holds, what)
        except AssertionError as error:
            said = self.made.log.read_text(errors="replace")[-3000:]
            seen = json.dumps(self._inside("standstill", crowd.project), indent=1)
            raise AssertionError(
                f"{error}; shots: {self.log}; mistakes: {crowd.mistakes}; seen: {seen}; log:\n{said}"
            ) from None
