"""The same SQL without a server in between: as many connections, from as many processes, as the web processes have."""

import json
import multiprocessing
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from multiprocessing.connection import Connection
from typing import Any, Self
from uuid import UUID

import psycopg
from psycopg.types.numeric import Int2, Int4, Int8

from benchmarks.load import Measured

PROCESSES = 2
_CYCLE = (
    "SELECT outcome, outcome_revision, outcome_design, outcome_reward, nothing, next_assignment, next_task, next_design,"
    " next_instructions, next_data, next_prediction, next_draft, next_claimed, next_expires, next_reward, next_currency"
    " FROM work_cycle(%s::bigint, %s::bigint, %s::smallint, %s::bigint, %s::bigint, %s::jsonb, %s::uuid, %s::integer,"
    " %s::text, %s::integer, %s::boolean)"
)


@dataclass
class Seat:
    """A worker of a project, and what they hold."""

    project_id: int
    worker_id: int
    design_id: int
    channel: int
    assignment_id: int | None = None


class DirectLoad:
    """Processes that wait for the word to begin; use it as a context."""

    def __init__(self, url: str, seats: Sequence[Seat], answers: dict[str, Any]) -> None:
        context = multiprocessing.get_context("spawn")
        self.clients = len(seats)
        self._lines: list[Connection] = []
        self._processes = []
        for number in range(PROCESSES):
            here, there = context.Pipe()
            given = (there, url, list(seats[number::PROCESSES]), answers)
            self._processes.append(context.Process(target=_serve, args=given, daemon=True))
            self._lines.append(here)

    def __enter__(self) -> Self:
        for process in self._processes:
            process.start()
        for line in self._lines:
            assert line.recv() == "ready"
        return self

    def __exit__(self, *_: object) -> None:
        for line in self._lines:
            line.send(0.0)
        for process in self._processes:
            process.join(10)
            process.kill()

    def run(self, seconds: float) -> Measured:
        """Let all cycle for so many seconds."""
        for line in self._lines:
            line.send(seconds)
        latencies = [latency for line in self._lines for latency in line.recv()]
        return Measured(seconds, self.clients, latencies)


def _serve(line: Connection, url: str, seats: list[Seat], answers: dict[str, Any]) -> None:
    text = json.dumps(answers, separators=(",", ":"))
    mark = UUID(bytes=blake2b(text.encode(), digest_size=16).digest())
    connections = [
        psycopg.connect(url, autocommit=True, prepare_threshold=1, cursor_factory=psycopg.Cursor)
        for _ in seats
    ]
    line.send("ready")
    while (seconds := line.recv()) > 0:
        found: list[list[float]] = [[] for _ in seats]
        end = time.perf_counter() + seconds
        threads = [
            threading.Thread(target=_cycle, args=(*pair, text, mark, end, times))
            for *pair, times in zip(connections, seats, found, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        line.send([latency for times in found for latency in times])


def _cycle(
    connection: psycopg.Connection, seat: Seat, text: str, mark: UUID, end: float, times: list[float]
) -> None:
    before = time.perf_counter()
    while before < end:
        handed_in: tuple[Any, ...] = (None,) * 7
        if seat.assignment_id is not None:
            handed_in = (
                Int8(seat.assignment_id),
                Int8(seat.design_id),
                text,
                mark,
                Int4(1000),
                None,
                Int4(10),
            )
        who = (Int8(seat.project_id), Int8(seat.worker_id), Int2(seat.channel))
        row = connection.execute(_CYCLE, [*who, *handed_in, True]).fetchone()
        assert row is not None and row[5] is not None, f"no next task: {row}"
        assert seat.assignment_id is None or row[0] == "accepted", row
        seat.assignment_id = row[5]
        now = time.perf_counter()
        times.append(now - before)
        before = now
