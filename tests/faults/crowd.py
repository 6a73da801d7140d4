"""People who work while everything around them is killed, and who remember what they were promised."""

import threading
import uuid
from random import Random
from typing import Any

from tagwerk.client import ApiError, Client, Held, Unreachable

LABELS = ("one", "two", "three")


class Crowd:
    """One thread for each key. `acknowledged`: what the platform has said yes to, by assignment."""

    def __init__(self, address: str, keys: list[str], project: str, seed: int) -> None:
        self.address = address  # may change when everything is started again
        self.project = project
        self.acknowledged: dict[str, dict[str, Any]] = {}
        self.returned: set[str] = set()
        self.mistakes: list[str] = []
        self.idle: set[str] = set()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._live, args=(key, Random(f"{seed}:{place}")), name=f"worker-{place}", daemon=True)
            for place, key in enumerate(keys)
        ]  # fmt: skip

    def start(self) -> None:
        """Everybody begins."""
        for thread in self._threads:
            thread.start()

    def go_home(self) -> None:
        """Everybody ends with what is in hand."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def all_idle(self) -> bool:
        """Whether nobody has found a task lately."""
        return len(self.idle) == len(self._threads)

    def _live(self, key: str, chance: Random) -> None:
        try:
            while not self._over.is_set():
                with Client(self.address, key, progress=False, retries=2, timeout_seconds=20) as client:
                    self._work(client, chance)
        except Exception as error:  # a thread that dies in silence would look like success
            self.mistakes.append(f"{threading.current_thread().name}: {type(error).__name__}: {error}")

    def _work(self, client: Client, chance: Random) -> None:
        """Until the platform moves to another address or the time is over."""
        address, held = self.address, None
        self._insist(lambda: client.work.enrol(self.project))
        while not self._over.is_set() and address == self.address:
            if not isinstance(held, Held):
                held = self._insist(lambda: client.work.next(self.project))
            if isinstance(held, Held):
                self.idle.discard(threading.current_thread().name)
                held = self._one(client, chance, held)
            else:
                self.idle.add(threading.current_thread().name)
                self._over.wait(0.2)

    def _one(self, client: Client, chance: Random, held: Held) -> Any:
        if chance.random() < 0.02:  # a task that four of six give back would wait for ever
            if self._insist(lambda: client.work.return_(held) or True):
                self.returned.add(held.assignment)
            return None
        label = LABELS[chance.random() > 0.8]  # who only guesses is paused, and the tasks want three people
        answers = {"label": label, "note": uuid.UUID(int=chance.getrandbits(128)).hex}
        said = self._insist(lambda: client.work.submit_and_next(held, answers, active_ms=900))
        if said is None:
            return None
        with self._lock:
            assert self.acknowledged.setdefault(held.assignment, answers) == answers, (
                "one assignment, two people"
            )
        return said.next

    def _insist(self, ask: Any) -> Any:
        """The same request until there is an answer to it; None where everybody goes home before."""
        while True:
            try:
                return ask()
            except Unreachable:
                pass
            except ApiError as error:
                if error.status not in (429, 500, 502, 503, 504):
                    raise
                if error.status == 500:
                    self.mistakes.append(f"{error.code}: {error}")
            if self._over.wait(0.3):
                return None
