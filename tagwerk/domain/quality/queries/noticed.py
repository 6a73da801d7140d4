"""About which workers of a project there is something to look at; for who has passed its gate."""

from collections.abc import Collection

from tagwerk.domain.quality.models import PauseObjection, Signal
from tagwerk.domain.quality.rules.words import ObjectionState, SignalState

MOST = 10_000


def signal_counts(project_id: int, worker_ids: Collection[int]) -> dict[int, set[str]]:
    """Worker → the kinds of signals that nobody has looked at."""
    rows = Signal.objects.filter(
        project_id=project_id, worker_id__in=list(worker_ids), state=SignalState.OPEN
    )
    found: dict[int, set[str]] = {}
    for worker_id, kind in rows.values_list("worker_id", "kind"):
        found.setdefault(worker_id, set()).add(kind)
    return found


def open_signals(project_id: int) -> int:
    """How many signals of a project nobody has looked at."""
    return Signal.objects.filter(project_id=project_id, state=SignalState.OPEN).count()


def signalled_workers(project_id: int) -> list[int]:
    """The workers about whom there is an open signal."""
    rows = Signal.objects.filter(project_id=project_id, state=SignalState.OPEN)
    return list(rows.values_list("worker_id", flat=True).distinct()[:MOST])


def open_objections(project_id: int, worker_ids: Collection[int]) -> dict[int, int]:
    """Worker → their objection that waits."""
    rows = PauseObjection.objects.filter(
        project_id=project_id, worker_id__in=list(worker_ids), state=ObjectionState.OPEN
    )
    return dict(rows.values_list("worker_id", "id"))


def objecting_workers(project_id: int) -> list[int]:
    """The workers whose objection waits."""
    rows = PauseObjection.objects.filter(project_id=project_id, state=ObjectionState.OPEN)
    return list(rows.values_list("worker_id", flat=True)[:MOST])
