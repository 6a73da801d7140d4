"""A workforce of simulated people: each a thread that works through the API, as anybody could."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tagwerk.client import ApiError, Client, Design, Held, NoTask, WorkProject, data_digest
from tagwerk.simulation.answering import Answerer
from tagwerk.simulation.habits import HABITS, USUAL_MIX, Habit, accuracy_of, habits_for, seconds_for

Truths = Mapping[str, Mapping[str, Any]]
IDLE_SECONDS = 0.5  # who finds nothing looks again, after growing pauses
LONGEST_IDLE_SECONDS = 4.0
LEAST_TIMED_SECONDS = 1.5  # by the hour, what takes no time is paid nothing
SIGN_SECONDS = 40.0  # so often a page says that it is there
PAUSE_SECONDS = 0.5
BREAKS = 0.1  # the share of tasks within which somebody pauses their timer
MOST_REFUSALS = 5  # in a row; then a project is given up: else all of its tasks would be tried and returned


@dataclass
class Done:
    """What one simulated person did. `known` of the answers could be compared with the truth, `right` were right."""

    name: str
    habit: str
    accuracy: float
    answers: int = 0
    returned: int = 0
    refused: int = 0
    known: int = 0
    right: int = 0


@dataclass
class Report:
    """What the workforce did."""

    people: list[Done] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    designs: dict[str, Design] = field(default_factory=dict)  # that they have seen, by id

    @property
    def answers(self) -> int:
        """All answers together."""
        return sum(person.answers for person in self.people)

    @property
    def accuracy(self) -> float | None:
        """The share of answers that were right, of those that could be compared with the truth."""
        known = sum(person.known for person in self.people)
        return sum(person.right for person in self.people) / known if known else None


class Workforce:
    """Simulated people, one for each key. They know the truth only from `truths`: `data_digest(row)` → question →
    value. The same seed gives the same people with the same accuracies and habits; which task meets whom depends on
    who asks first.

    `speed`: 0 is as fast as the platform answers, 1 takes the time that a project's estimate says, 10 is ten times
    as fast as that. `cast`: the habits of the last people, in their order; the mix is for those before them.
    `first`: projects that everybody prefers, in this order.
    """

    def __init__(
        self,
        url: str,
        keys: Iterable[str],
        truths: Truths | None = None,
        mix: Mapping[str, float] | None = None,
        seed: int = 0,
        *,
        cast: Sequence[str] = (),
        first: Sequence[str] = (),
        speed: float = 0.0,
        projects: Iterable[str] | None = None,
        connect: Callable[[str, str], Client] | None = None,
    ) -> None:
        self.truths = truths or {}
        self.projects = frozenset(projects) if projects is not None else None
        self.first = {project: place for place, project in enumerate(first)}
        self.speed = speed
        self.written: dict[
            str, dict[int, dict[str, Any]]
        ] = {}  # fingerprint → place → answers, for who copies
        self._stop = threading.Event()
        self._connect = connect or (lambda url, key: Client(url, key, progress=False))
        chance = Random(seed)  # noqa: S311 (a simulation is seeded, not secret)
        all_keys = list(keys)
        habits = habits_for(len(all_keys) - len(cast), dict(mix or USUAL_MIX), chance)
        habits += [HABITS[name] for name in cast]
        self._people = [
            _Person(self, place, self._connect(url, key), habit, Random(f"{seed}:{place}"))  # noqa: S311
            for place, (key, habit) in enumerate(zip(all_keys, habits, strict=True))
        ]

    def stop(self) -> None:
        """Let everybody finish the task in hand and go."""
        self._stop.set()

    def run(
        self,
        until: Callable[[], bool] | None = None,
        *,
        idle_seconds: float = 5.0,
        longest_seconds: float | None = None,
    ) -> Report:
        """Work until `until()` is true, nobody has found a task for `idle_seconds`, or the time is over."""
        threads = [
            threading.Thread(target=person.work, name=person.done.name, daemon=True)
            for person in self._people
        ]
        for thread in threads:
            thread.start()
        try:
            self._watch(threads, until, idle_seconds, longest_seconds)
        finally:
            self.stop()
            for thread in threads:
                thread.join()
            for person in self._people:
                person.client.close()
        designs = {id_: design for person in self._people for id_, design in person.designs.items()}
        return Report(
            [person.done for person in self._people], [e for p in self._people for e in p.errors], designs
        )

    def _watch(
        self,
        threads: list[threading.Thread],
        until: Callable[[], bool] | None,
        idle_seconds: float,
        longest_seconds: float | None,
    ) -> None:
        began = busy_at = time.monotonic()
        while any(thread.is_alive() for thread in threads) and not self._stop.wait(0.1):
            now = time.monotonic()
            if until is not None and until():
                return
            busy_at = now if any(person.is_busy for person in self._people) else busy_at
            if now - busy_at > idle_seconds:
                return
            if longest_seconds is not None and now - began > longest_seconds:
                return

    def answers_before(self, place: int) -> int | None:
        """How many answers whoever stands before this place has given; None: nobody does."""
        return self._people[place - 1].done.answers if place else None

    def wait(self, seconds: float) -> bool:
        """Let time pass; true where it is time to go."""
        return self._stop.wait(seconds) if seconds > 0 else self._stop.is_set()


class _Person:
    """One simulated person: looks for projects, works on each until there is nothing left, looks again."""

    def __init__(
        self, workforce: Workforce, place: int, client: Client, habit: Habit, chance: Random
    ) -> None:
        self.workforce = workforce
        self.place = place
        self.client = client
        self.chance = chance
        self.habit = habit
        self.answerer = Answerer(habit, accuracy_of(habit, chance), chance)
        self.done = Done(f"{habit.name}-{place + 1}", habit.name, self.answerer.accuracy)
        self.is_busy = False
        self.errors: list[str] = []
        self._refusals = 0  # in a row
        self._given_up: set[str] = set()
        self.designs: dict[str, Design] = {}
        self._enrolled: set[str] = set()
        self._objected: set[str] = set()  # once for each project, whatever becomes of it

    def work(self) -> None:
        """Work until told to stop; an error of the platform ends it and is reported."""
        pause = IDLE_SECONDS
        try:
            while not self.workforce.wait(0):
                if not self._waits_for_another() and any(
                    [self._work_on(project) for project in self._projects()]
                ):
                    pause = IDLE_SECONDS
                else:
                    self.workforce.wait(pause)
                    pause = min(1.5 * pause, LONGEST_IDLE_SECONDS)
        except Exception as error:
            self.is_busy = False
            self.errors.append(f"{self.done.name}: {type(error).__name__}: {error}")

    def _waits_for_another(self) -> bool:
        before = self.workforce.answers_before(self.place)
        return before is not None and before < self.habit.follows

    def _projects(self) -> list[WorkProject]:
        wanted = self.workforce.projects
        found = [one for one in self.client.work.projects() if wanted is None or one.id in wanted]
        found.sort(key=lambda one: self.workforce.first.get(one.id, len(self.workforce.first)))
        return [one for one in found if one.eligible and one.id not in self._given_up]

    def _work_on(self, project: WorkProject) -> bool:
        """Whether there was a task."""
        following = self._next(project)
        found = isinstance(following, Held)
        while isinstance(following, Held):
            self.is_busy = True
            following = self._do(project, following)
        self.is_busy = False
        if self.habit.objection and project.id in self._enrolled:
            self._object_if_paused(project)
        return found

    def _object_if_paused(self, project: WorkProject) -> None:
        if project.id in self._objected or self.client.work.judged(project.id)["paused_at"] is None:
            return
        self._objected.add(project.id)
        self.client.work.object_to_pause(project.id, self.habit.objection)

    def _next(self, project: WorkProject) -> Held | NoTask | None:
        try:
            if project.id not in self._enrolled:
                self.client.work.enrol(project.id, consent=True)
                self._enrolled.add(project.id)
            return self.client.work.next(project.id)
        except ApiError as error:
            if error.status not in (403, 404, 409):
                raise
            return None  # the project has ended or is no longer ours

    def _do(self, project: WorkProject, held: Held) -> Held | NoTask | None:
        if self.chance.random() < self.habit.returns:
            self.client.work.return_(held)
            self.done.returned += 1
            return None if self.workforce.wait(0) else self._next(project)
        seconds = seconds_for(self.habit, project.estimate_seconds or 30, self.chance)
        digest = data_digest(held.data)
        truth = dict(self.workforce.truths.get(digest, {}))
        answers = self._copied(digest) or self.answerer.answers(self._design(held), held, truth, digest)
        pause = seconds / self.workforce.speed if self.workforce.speed else 0.0
        if project.per == "hour":
            pause = seconds = max(pause, LEAST_TIMED_SECONDS)  # nobody's time runs faster on their timer
            leaving = self._timed(held, pause)
        else:
            leaving = self.workforce.wait(pause)
        return self._hand_in(project, held, answers, truth, int(seconds * 1000), leaving)

    def _timed(self, held: Held, seconds: float) -> bool:
        """Work for so long with the timer on, as the page of a task does it; some take a break in between. Whether it is
        time to go."""
        work, leaving, left = self.client.work, False, seconds
        work.start_timer(held)
        if self.chance.random() < BREAKS:
            leaving, left = self.workforce.wait(seconds / 2), seconds / 2
            work.pause_timer(held)
            leaving = self.workforce.wait(PAUSE_SECONDS) or leaving
            work.start_timer(held)
        while left > 0 and not leaving:
            leaving = self.workforce.wait(min(left, SIGN_SECONDS))
            left -= SIGN_SECONDS
            if left > 0 and not leaving:
                work.start_timer(held)  # a sign of life
        return leaving

    def _copied(self, digest: str) -> dict[str, Any] | None:
        """What the person before them handed in for the same task, for who copies; None: nothing to copy."""
        before = self.workforce.written.get(digest, {})
        if not before or self.chance.random() >= self.habit.copies:
            return None
        return before.get(self.place - 1) or before[min(before)]

    def _hand_in(
        self,
        project: WorkProject,
        held: Held,
        answers: dict[str, Any],
        truth: dict[str, Any],
        active_ms: int,
        leaving: bool,
    ) -> Held | NoTask | None:
        work = self.client.work
        submit = work.submit if leaving else work.submit_and_next
        try:
            submitted = submit(held, answers, active_ms=active_ms)
        except ApiError as error:
            if error.status not in (404, 409, 422):
                raise
            self.done.refused += 1
            self.errors.append(f"{self.done.name}: {error.code}: {error}")
            return self._after_refusal(project, held, error)
        self.done.answers += 1
        self._refusals = 0
        self.workforce.written.setdefault(data_digest(held.data), {})[self.place] = answers
        for question, value in answers.items():
            if question in truth:
                self.done.known += 1
                self.done.right += value == truth[question]
        return submitted.next

    def _after_refusal(self, project: WorkProject, held: Held, error: ApiError) -> Held | NoTask | None:
        """An answer that was wrong in form would be refused again: give the task back. Else look for another."""
        if error.status == 422:
            self.client.work.return_(held)
            self._refusals += 1
            if self._refusals >= MOST_REFUSALS:
                self._given_up.add(project.id)
                self._refusals = 0
                return None
        return None if self.workforce.wait(0) else self._next(project)

    def _design(self, held: Held) -> Design:
        found = self.designs.get(held.design)
        if found is None:
            found = self.designs[held.design] = self.client.work.design(held.project, held.design)
        return found
