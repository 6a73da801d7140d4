"""Truth inference against crowd-kit: each method that both have, from a table in memory to labels, in one thread.

Data preparation is included, compile time is not: it is measured apart. Where crowd-kit would need longer than is worth
waiting, both do a few iterations only, which is said with the figure; where even that is too long, crowd-kit is not run.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import tagwerk.inference as ours
from benchmarks import crowds
from benchmarks.figures import Figure, Scale, note
from benchmarks.peer import Peer
from tagwerk.inference.crowd import read_crowd

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000, "3m": 3_000_000}
LONGEST = 60  # processor seconds that crowd-kit may take
FEW = 2  # iterations of both, where all would take longer
USUAL = 50  # iterations of a method that does not count them
PATIENT = 4  # times that by the clock, on a machine that others use too
ROUNDS = 5
PATIENCE = 2.0  # seconds: what takes longer is measured once


@dataclass(frozen=True)
class Case:
    """A method of ours and the one of crowd-kit that does the same."""

    ours: str
    theirs: str
    table: Callable[[int], pd.DataFrame] = crowds.labels
    options: dict[str, Any] = field(default_factory=dict)
    their_options: dict[str, Any] = field(default_factory=dict)
    iterates: bool = True


CASES = {
    "majority": Case("MajorityVote", "MajorityVote", iterates=False),
    "dawid_skene": Case("DawidSkene", "DawidSkene", options={"n_threads": 1}),
    "one_coin": Case("OneCoin", "OneCoinDawidSkene", options={"n_threads": 1}),
    # crowd-kit's ten restarts are the same one ten times
    "mace": Case("MACE", "MACE", options={"n_threads": 1, "n_restarts": 1}, their_options={"n_restarts": 1}),
    "glad": Case("GLAD", "GLAD", options={"n_threads": 1}),
    "bradley_terry": Case(
        "BradleyTerry", "BradleyTerry", crowds.comparisons, {}, {"n_iter": 100, "tol": 0.0}
    ),
    "noisy_bradley_terry": Case("NoisyBradleyTerry", "NoisyBradleyTerry", crowds.comparisons),
    "rover": Case("ROVER", "ROVER", crowds.texts, iterates=False),
}
NAMES = tuple(f"inference.{name}" for name in (*CASES, "machine"))


@dataclass(frozen=True)
class Taken:
    """The least that a run took: processor seconds, clock seconds, how many iterations."""

    cpu: float
    clock: float
    iterations: int


def figures(names: Collection[str], scale: Scale) -> Iterator[Figure]:
    """The wanted methods at all sizes, then the machine."""
    sizes = dict(list(SIZES.items())[: scale.of(4, 2)])
    if not Peer.there():
        note("crowd-kit is missing, so only our own times are told: `python -m benchmarks.peer` installs it")
    with tempfile.TemporaryDirectory() as folder, Peer() as peer:
        for name in (one.removeprefix("inference.") for one in names):
            if name in CASES and CASES[name].ours in ours.__all__:
                yield from _Comparison(name, CASES[name], peer, Path(folder)).at(sizes)
            elif name in CASES:
                note(f"{name}: not in this version")
        if "inference.machine" in names:
            yield from _machine(scale)


class _Comparison:
    """One method, at growing sizes, until crowd-kit takes too long."""

    def __init__(self, name: str, case: Case, peer: Peer, folder: Path) -> None:
        self.name, self.case, self.peer, self.folder = name, case, peer, folder
        self._theirs: tuple[int, float, int] | None = (
            None  # how long they took for how many rows, in how many iterations
        )
        self._few = 0  # iterations of both at this size; 0: as many as it takes
        self._told = 0

    def at(self, sizes: dict[str, int]) -> Iterator[Figure]:
        self._fit(self.case.table(1_000))  # compiled
        for size, rows in sizes.items():
            table = self.case.table(rows)
            path = self.folder / f"{self.name}-{size}.parquet"
            table.to_parquet(path)
            self._few = 0
            mine, other, memory = self._in_turns(table, path, rows)
            yield self._figure(size, mine, other)
            if self.name == "dawid_skene":
                yield from self._further(size, rows, table, other, memory)

    def _in_turns(self, table: pd.DataFrame, path: Path, rows: int) -> tuple[Taken, Taken | None, float]:
        mine: list[Taken] = []
        other: list[Taken] = []
        memory = 0.0
        for _ in range(ROUNDS):
            worth_waiting = self._worth_waiting(rows)  # or few iterations may be
            mine.append(_taken(lambda: self._fit(table)))
            if worth_waiting:
                answer = self._ask(path, rows)
                if answer is not None:
                    other.append(Taken(answer["cpu"], answer["clock"], answer["iterations"]))
                    memory = max(memory, answer["bytes"] / rows)
            mine.append(_taken(lambda: self._fit(table)))
            if mine[-1].cpu + (other[-1].cpu if other else 0.0) > PATIENCE:
                break
        return _least(mine), _least(other) if other else None, memory

    def _figure(self, size: str, mine: Taken, other: Taken | None) -> Figure:
        name = f"inference.{self.name}.{size}"
        if other is None:
            return Figure(
                name, mine.cpu, f"s ({mine.iterations} iterations)", "nothing: crowd-kit was not run", 0.0
            )
        said = f"crowd-kit {other.cpu:.3g} s ({other.iterations or 'no count of'} iterations)"
        if self._few:
            said += (
                f"; both were stopped after {self._few} iterations, as all of crowd-kit's would take too long"
            )
        return Figure(name, mine.cpu, f"s ({mine.iterations} iterations)", said, other.cpu / mine.cpu)

    def _further(
        self, size: str, rows: int, table: pd.DataFrame, other: Taken | None, memory: float
    ) -> Iterator[Figure]:
        """Of Dawid-Skene also the iterations alone, two threads, ids that are texts, and memory."""
        name, theirs = f"inference.{self.name}", other or Taken(0.0, 0.0, 0)
        crowd = read_crowd(table)
        method = self._method()
        alone = _least([_taken(lambda: method.infer(crowd)) for _ in range(ROUNDS)])
        said = f"crowd-kit {theirs.cpu:.3g} s, its preparation included"
        yield Figure(f"{name}.kernel.{size}", alone.cpu, "s", said, theirs.cpu / alone.cpu)
        two = ours.DawidSkene(n_threads=2)
        both = _least([_taken(lambda: two.fit_predict(table)) for _ in range(ROUNDS)])
        said = f"crowd-kit {theirs.clock:.3g} s by the clock"
        yield Figure(
            f"{name}.two_threads.{size}", both.clock, "s by the clock", said, theirs.clock / both.clock
        )
        used = _bytes(lambda: self._fit(table)) / rows
        said = f"crowd-kit {memory:.0f} bytes per label"
        yield Figure(f"{name}.bytes_per_label.{size}", used, "bytes beyond the table", said, memory / used)
        if size == "1m":
            named = crowds.labels(rows, texts=True)
            path = self.folder / "texts.parquet"
            named.to_parquet(path)
            mine, other, _ = self._in_turns(named, path, rows)
            yield self._figure(f"texts.{size}", mine, other)

    def _ask(self, path: Path, rows: int) -> dict[str, Any] | None:
        options = self.case.their_options | self._stopped()
        wish = {"table": str(path), "method": self.case.theirs, "options": options}
        answer = self.peer.ask(wish, LONGEST * PATIENT)
        if answer is None:
            note(f"{self.name}: crowd-kit did not end in {LONGEST * PATIENT} s for {rows} rows")
        iterations = self._few or (answer or {}).get("iterations") or USUAL
        self._theirs = (rows, answer["cpu"] if answer else float("inf"), iterations)
        return answer

    def _worth_waiting(self, rows: int) -> bool:
        if not Peer.there():
            return False
        if self._theirs is None:
            return True
        before, seconds, iterations = self._theirs
        foreseen = seconds * rows / before
        if not self._few and foreseen > LONGEST and self.case.iterates:
            self._few = FEW
        if self._few and iterations > FEW:
            foreseen *= FEW / iterations
        if foreseen > LONGEST and rows != self._told:
            self._told = rows
            note(
                f"{self.name}: crowd-kit would take {foreseen:.0f} s or more for {rows} rows, and is not run"
            )
        return foreseen <= LONGEST

    def _stopped(self) -> dict[str, Any]:
        return {"n_iter": self._few} if self._few else {}

    def _method(self) -> Any:
        return getattr(ours, self.case.ours)(**self.case.options | self._stopped())

    def _fit(self, table: pd.DataFrame) -> Any:
        method = self._method()
        method.fit_predict(table)
        return method


def _taken(run: Callable[[], Any]) -> Taken:
    begun, clock = time.process_time(), time.perf_counter()
    found = run()
    cpu, passed = time.process_time() - begun, time.perf_counter() - clock
    history = getattr(found, "loss_history_", None) or getattr(found, "loss_history", None) or []
    return Taken(cpu, passed, len(history))


def _least(several: list[Taken]) -> Taken:
    """The run that was disturbed least, by each clock."""
    return Taken(min(one.cpu for one in several), min(one.clock for one in several), several[-1].iterations)


def _bytes(run: Callable[[], Any]) -> float:
    """The most memory in use while this runs, beyond what was in use before."""
    from benchmarks.memory import most, settle

    before = settle()
    run()
    return float(most() - before)


def _machine(scale: Scale) -> Iterator[Figure]:
    """What memory gives at most, what a label costs, and what the compiler takes."""
    source = np.ones(scale.of(32, 4) << 20)
    target = np.empty_like(source)
    copied = min(_taken(lambda: np.copyto(target, source)).clock for _ in range(ROUNDS))
    speed = 2 * source.nbytes / copied / 1e9
    table = crowds.labels(scale.of(1_000_000, 100_000))
    crowd = read_crowd(table)
    method = ours.DawidSkene(n_threads=1, tol=-1.0, n_iter=10)
    alone = _least([_taken(lambda: method.infer(crowd)) for _ in range(ROUNDS)])
    streamed = (
        5 + (8 + 8 * crowds.CLASSES) / crowds.PER_TASK
    )  # worker, label; start and posterior of the task
    each = alone.cpu / 11 / len(table) * 1e9
    floor = streamed / speed
    said = f"streaming its {streamed:.0f} bytes at {speed:.1f} GB/s takes {floor:.2g} ns"
    yield Figure("inference.machine.label", each, "ns per label and iteration", said, each / floor)
    yield Figure("inference.machine.bandwidth", speed, "GB/s read and written", "nothing", 0.0)
    with tempfile.TemporaryDirectory() as cache:
        first, again = (_first_call(cache) for _ in range(2))
    said = f"{again:.2g} s from the cache on disk"
    yield Figure("inference.machine.compile", first, "s for the first DawidSkene ever", said, first / again)


def _first_call(cache: str) -> float:
    code = (
        "import time; from benchmarks import crowds; table = crowds.labels(1_000); begun = time.perf_counter();"
        "from tagwerk.inference import DawidSkene; DawidSkene().fit_predict(table); print(time.perf_counter() - begun)"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)
