"""Submit and claim: 16 workers at once, two web processes, every answer on disk before it is acknowledged."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from benchmarks.cpu import seconds_used
from benchmarks.figures import Figure, Scale, in_turns, median, note, percentile
from benchmarks.instance import Instance, running
from benchmarks.load import Measured, Worker, load

NAMES = ("serve.cycle", "serve.form", "serve.tasks", "serve.worker")
WORKERS = 16
ANSWERS_EACH = 100  # of a task: enough for all workers of all measurements
Kinds = dict[str, Callable[[], Measured]]


def figures(names: Collection[str], scale: Scale) -> Iterator[Figure]:
    """Those of the four that are asked for."""
    with running(web=True, jobs=False) as instance:
        bench = _Bench(instance, scale)
        if "serve.cycle" in names:
            yield from bench.cycle("serve.cycle", form=False)
        if "serve.form" in names:
            yield from bench.cycle("serve.form", form=True)
        if "serve.tasks" in names:
            yield from bench.tasks()
        if "serve.worker" in names:
            yield from bench.worker()


class _Bench:
    """The four measurements on one instance; one project with a million open tasks serves all."""

    def __init__(self, instance: Instance, scale: Scale) -> None:
        from benchmarks import scene

        self.scene, self.instance, self.scale = scene, instance, scale
        self.seconds, self.rounds = 1.0, scale.of(12, 3)
        note("filling the queue")
        self.requester = scene.requester()
        self.large = self._order("Many tasks", scale.of(1_000_000, 30_000))

    def _order(self, title: str, tasks: int) -> Any:
        made = self.scene.order(self.requester, title, answers=ANSWERS_EACH)
        self.scene.fill(made, tasks, answers=ANSWERS_EACH)
        return made

    def _api_workers(self, prefix: str, order: Any, hands: Any = None) -> list[Worker]:
        from benchmarks import http

        if hands is None:
            hands = self.scene.simulated(WORKERS, prefix)
            self.scene.enrol(hands, order)
        return [http.ApiWorker(self.instance.port, order, hand, _design(order)) for hand in hands]

    def _load(self, workers: list[Worker]) -> Callable[[], Measured]:
        return partial(load, self.instance.port, workers, self.seconds)

    def cycle(self, name: str, *, form: bool) -> Iterator[Figure]:
        """A cycle against an empty request and the same SQL, each done by as many workers."""
        from benchmarks import http
        from benchmarks.direct import DirectLoad, Seat
        from tagwerk.domain.accounts.rules import Channel

        if form:
            hands = self.scene.signed_in(WORKERS, name)
            self.scene.enrol(hands, self.large)
            kind = partial(http.FormWorker, self.instance.port, self.large, design=_design(self.large))
            cycling: list[Worker] = [kind(hand=hand) for hand in hands]
            empty: list[Worker] = [http.EmptyForm(self.instance.port, hand) for hand in hands]
            channel = Channel.PAGE
        else:
            cycling = self._api_workers(name, self.large)
            empty = [http.EmptyApi(self.instance.port, worker.hand) for worker in cycling]  # type: ignore[attr-defined]
            channel = Channel.SIMULATION
        direct = self.scene.simulated(WORKERS, f"{name}-direct")
        self.scene.enrol(direct, self.large)
        seats = [
            Seat(self.large.project_id, hand.person_id, self.large.design_id, int(channel)) for hand in direct
        ]
        note(f"{name}: {WORKERS} workers")
        with DirectLoad(self.instance.database_url, seats, self.scene.ANSWERS) as sql:
            kinds: Kinds = {
                "cycle": self._load(cycling),
                "empty": self._load(empty),
                "sql": lambda: sql.run(self.seconds),
            }
            self._warm(kinds)
            found = in_turns({name: _with_use(run) for name, run in kinds.items()}, rounds=self.rounds)
        yield from _cycle_figures(name, found)

    def tasks(self) -> Iterator[Figure]:
        """Many open tasks against few."""
        small = self._order("Few tasks", self.scale.of(10_000, 3_000))
        kinds = {
            "many": self._load(self._api_workers("many", self.large)),
            "few": self._load(self._api_workers("few", small)),
        }
        yield self._compared("serve.tasks", kinds, "a project with 10,000 open tasks instead of 1,000,000")

    def worker(self) -> Iterator[Figure]:
        """Workers who have done much in the project against new ones."""
        veterans = self.scene.simulated(WORKERS, "veteran")
        self.scene.enrol(veterans, self.large)
        note("giving workers a past")
        self.scene.give_past(veterans, self.large, self.scale.of(50_000, 2_000))
        kinds = {
            "veterans": self._load(self._api_workers("", self.large, veterans)),
            "new": self._load(self._api_workers("new", self.large)),
        }
        yield self._compared(
            "serve.worker", kinds, "workers who have done nothing in the project instead of 50,000"
        )

    def _warm(self, kinds: Kinds) -> None:
        """A first go at each, and then what autovacuum does within minutes: plans made for empty tables are over."""
        for run in kinds.values():
            run()
        self.instance.settle()
        for run in kinds.values():
            run()

    def _compared(self, name: str, kinds: Kinds, against: str) -> Figure:
        note(f"{name}: {WORKERS} workers")
        self._warm(kinds)
        one, other = in_turns(kinds, rounds=self.rounds).values()
        ratio = median([a.mean / b.mean for a, b in zip(one, other, strict=True)])
        return Figure(name, 1000 * median([a.mean for a in one]), "ms/cycle", against, ratio)


def _design(order: Any) -> str:
    from tagwerk.base.ids import public_id

    return public_id("dsn", order.design_id)


def _with_use(run: Callable[[], Measured]) -> Callable[[], Measured]:
    """The same, with the processor time that it took."""

    def measured() -> Measured:
        before = seconds_used()
        found = run()
        after = seconds_used()
        return replace(found, used=None if before is None or after is None else after - before)

    return measured


def _cycle_figures(name: str, found: dict[str, list[Measured]]) -> Iterator[Figure]:
    cycle, empty, sql = found["cycle"], found["empty"], found["sql"]
    speed = {kind: median([one.per_second for one in all]) for kind, all in found.items()}
    note(f"{name}: per second " + ", ".join(f"{kind} {value:.0f}" for kind, value in speed.items()))
    ratio = median([(e.mean + s.mean) / c.mean for c, e, s in zip(cycle, empty, sql, strict=True)])
    against = "an empty signed-in request plus the same SQL sent directly (time of both / time of a cycle)"
    yield Figure(name, speed["cycle"], "cycles/s", against, ratio)
    used = {
        kind: sum(one.used or 0.0 for one in all) / sum(len(one.latencies) for one in all)
        for kind, all in found.items()
    }
    if used["cycle"]:
        both = (used["empty"] + used["sql"]) / used["cycle"]
        yield Figure(
            f"{name}.cpu", 1000 * used["cycle"], "ms of processor time, of all processes", against, both
        )
    slow = {kind: median([percentile(one.latencies, 0.99) for one in all]) for kind, all in found.items()}
    yield Figure(
        f"{name}.p99",
        1000 * slow["cycle"],
        "ms",
        "the p99 of the empty request",
        slow["cycle"] / slow["empty"],
    )
