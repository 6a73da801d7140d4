"""Pages of requesters at 10 thousand tasks and at a million: the overview with its panels, and the table of tasks."""

import time
from collections.abc import Callable, Collection, Iterator
from typing import Any

from benchmarks.figures import Figure, Scale, in_turns, median, note
from benchmarks.instance import running

NAMES = ("requester.overview", "requester.panels", "requester.tasks", "requester.filtered")
WORKERS = 20
PANELS = ("progress", "pace", "results", "agreement", "gold", "times", "money")
FILTERS = ("?state=done", "?result=mood~positive&gold=no", "?sort=sure")


def figures(names: Collection[str], scale: Scale) -> Iterator[Figure]:
    """Those that are asked for; each against the same page of the small project."""
    with running(web=True, jobs=False) as instance:
        many, few = scale.of(1_000_000, 30_000), scale.of(10_000, 3_000)
        pages = _Pages(instance.port, many, few)
        instance.settle()
        for name in names:
            note(name)
            yield pages.compared(name, rounds=scale.of(15, 5))


class _Pages:
    """A member of an organisation with a large and a small project, both answered and judged."""

    def __init__(self, port: int, many: int, few: int) -> None:
        from django.test import Client

        from benchmarks import scene

        who = scene.requester()
        self.few = few
        self.sizes = {}
        for title, tasks in (("many", many), ("few", few)):
            note(f"filling a project with {tasks:,} tasks")
            order = scene.order(who, title, answers=1)
            scene.fill(order, tasks, answers=1)
            scene.give_results(order.project_id)
            scene.give_hours(order.project_id, WORKERS)
            self.sizes[title] = order.public_id
        assert who.actor.person_id is not None
        self.client = Client(headers={"host": f"localhost:{port}"})
        self.client.cookies[f"tagwerk-{port}"] = scene.session_of(who.actor.person_id).session

    def compared(self, name: str, *, rounds: int) -> Figure:
        """The mean time of a look at the large project, by that at the small one."""
        paths = self._paths(name.partition(".")[2])
        kinds: dict[str, Callable[[], float]] = {
            size: self._look([f"/projects/{public}/{path}" for path in paths])
            for size, public in self.sizes.items()
        }
        for look in kinds.values():
            look()
        found = in_turns(kinds, rounds=rounds)
        ratio = median([a / b for a, b in zip(found["many"], found["few"], strict=True)])
        against = (
            f"a project with {self.few:,} tasks instead of {'1,000,000' if self.few == 10_000 else 'more'}"
        )
        return Figure(name, median(found["many"]), "ms/page, in the process itself", against, ratio)

    def _paths(self, what: str) -> list[str]:
        if what == "panels":
            return [f"panels/{panel}/" for panel in PANELS]
        if what == "filtered":
            return [f"tasks/{query}" for query in FILTERS]
        return ["tasks/" if what == "tasks" else ""]

    def _look(self, paths: list[str]) -> Callable[[], float]:
        client: Any = self.client

        def look() -> float:
            begin = time.perf_counter()
            for path in paths:
                assert client.get(path).status_code == 200, path
            return 1000 * (time.perf_counter() - begin) / len(paths)

        return look
