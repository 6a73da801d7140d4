"""Pages of requesters at 10 thousand tasks and at a million: the overview with its panels, the table of tasks, and the
next answer for a reviewer."""

import time
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

from benchmarks.figures import Figure, Scale, in_turns, median, note
from benchmarks.instance import Instance, running

NAMES = (
    "requester.overview",
    "requester.panels",
    "requester.tasks",
    "requester.filtered",
    "requester.review",
)
WORKERS = 20
PANELS = ("progress", "pace", "results", "agreement", "gold", "times", "money")
FILTERS = ("?state=done", "?result=mood~positive&gold=no", "?sort=sure")


def figures(names: Collection[str], scale: Scale) -> Iterator[Figure]:
    """Those that are asked for; each against the same page of the small project."""
    with running(web=True, jobs=False) as instance:
        many, few = scale.of(1_000_000, 30_000), scale.of(10_000, 3_000)
        looks = [name for name in names if name != "requester.review"]
        if looks:
            pages = _Pages(instance.port, many, few)
            instance.settle()
        for name in looks:
            note(name)
            yield pages.compared(name, rounds=scale.of(15, 5))
        if "requester.review" in names:
            yield _review(instance, many, few, rounds=scale.of(40, 10))


def _review(instance: Instance, many: int, few: int, *, rounds: int) -> Figure:
    """The next answer for a reviewer: half of the answers of the large project are reviewed, none of the small one's."""
    from benchmarks import scene
    from tagwerk.domain.quality import actions as quality
    from tagwerk.domain.quality import queries

    who = scene.requester()
    kinds = {}
    for title, tasks, done in (("many", many, many // 2), ("few", few, 0)):
        note(f"filling a project with {tasks:,} answers, {done:,} of them reviewed")
        order = scene.order(who, title, answers=1)
        scene.give_waiting(order, tasks, done=done)
        kinds[title] = partial(_next_review, queries, quality, who.actor, order.project_id)
    instance.settle()
    for look in kinds.values():
        look()
    found = in_turns(kinds, rounds=rounds)
    ratio = median([a / b for a, b in zip(found["many"], found["few"], strict=True)])
    against = f"a project with {few:,} answers, none reviewed, instead of {many:,}, half of them reviewed"
    return Figure("requester.review", median(found["many"]), "ms/answer", against, ratio)


def _next_review(queries: Any, quality: Any, actor: Any, project_id: int) -> float:
    """How long it takes until a reviewer has the next answer, which then is reviewed."""
    begin = time.perf_counter()
    one = queries.next_to_review(actor, project_id)
    passed = 1000 * (time.perf_counter() - begin)
    assert one is not None
    quality.commit_review(actor=actor, project_id=project_id, assignment_id=one, found=quality.Found())
    return passed


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
