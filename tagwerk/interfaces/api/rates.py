"""How often a key may ask: a token bucket for each key, in the memory of this process.

No database is asked, so it costs nothing where most requests come in; and so each web process counts for itself: with
four of them a key may ask up to four times as often as the setting says.
"""

from math import ceil
from threading import Lock
from time import monotonic

MOST_KEYS = 10_000  # remembered at a time

_left: dict[int, tuple[float, float]] = {}  # key → how many requests it has left, at which moment
_lock = Lock()


def seconds_to_wait(key_id: int, per_minute: int, *, now: float | None = None) -> int:
    """Count a request of this key: 0 where it may ask, else in how many seconds it may again. A key that has been
    quiet may send a whole minute's requests at once; `per_minute` 0: without limit."""
    if per_minute == 0:
        return 0
    now = monotonic() if now is None else now
    with _lock:
        left, at = _left.get(key_id, (float(per_minute), now))
        left = min(float(per_minute), left + (now - at) * per_minute / 60)
        if len(_left) >= MOST_KEYS and key_id not in _left:
            _left.clear()  # rather than grow: everybody begins with a full bucket again
        _left[key_id] = (left - 1 if left >= 1 else left, now)
    return 0 if left >= 1 else ceil((1 - left) * 60 / per_minute)
