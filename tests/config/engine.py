"""The engine of jobs with reactions of our own: what it does does not depend on what the rooms do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from tagwerk.base.events import Event, record
from tagwerk.config import jobs
from tagwerk.config.reactions import Reaction
from tagwerk.config.schedule import Entry


@dataclass(frozen=True, kw_only=True)
class Happened(Event):
    """A fact that only tests tell."""

    number: int = 0


class Engine:
    """Reactions to `Happened`, and a look at the table of jobs."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        patch.setitem(jobs.EVENTS, "Happened", Happened)
        patch.setattr(jobs, "our_workers", set())  # a new database gives the numbers of workers again
        self.react_with()

    def react_with(self, *reactions: Reaction) -> None:
        """These follow from `Happened`, nothing else does."""
        self._patch.setitem(jobs.REACTIONS, Happened, list(reactions))
        for reaction in reactions:
            self._patch.setitem(jobs.BY_NAME, reaction.name, reaction)

    def schedule(self, name: str, action: Callable[[Any], Any], every_seconds: int = 60) -> None:
        """The schedule has this one line."""
        line = Entry(name, every_seconds, action)
        self._patch.setattr(jobs, "SCHEDULE", (line,))
        self._patch.setattr(jobs, "LINES", {name: line})

    @staticmethod
    def tell(number: int = 0, project_id: int | None = None) -> None:
        """Record the fact."""
        record(Happened(number=number, project_id=project_id))

    @staticmethod
    def jobs(*columns: str) -> list[Any]:
        """These columns of all jobs, oldest first."""
        with connection.cursor() as cursor:
            cursor.execute(f"select {', '.join(columns)} from procrastinate_jobs order by id")
            return [row if len(columns) > 1 else row[0] for row in cursor.fetchall()]

    @staticmethod
    def time_passes() -> None:
        """Whatever waits for its time is due now."""
        with connection.cursor() as cursor:
            cursor.execute("update procrastinate_jobs set scheduled_at = now() where status = 'todo'")

    @staticmethod
    def pretend_doing(*, heard_of_seconds_ago: int) -> int:
        """A worker that took the oldest waiting job and was heard of so long ago; returns the worker's number."""
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into procrastinate_workers (last_heartbeat) values (now() - make_interval(secs => %s))"
                " returning id",
                [heard_of_seconds_ago],
            )
            worker = cursor.fetchone()[0]
            cursor.execute("select id from procrastinate_fetch_job_v2(null, %s)", [worker])
            assert cursor.fetchone()[0] is not None
        return worker


@contextmanager
def engine() -> Iterator[Engine]:
    """The engine, with the tables of reactions put back afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        yield Engine(patch)
