"""From a task added through the API to its result at a webhook: one at a time, and a thousand a minute.

Workers answer at once and nothing waits to be undone, so what is measured is the platform: adding, opening, claiming,
submitting, feeding, judging, approving, delivering.
"""

import contextlib
import json
import random
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from benchmarks.figures import Figure, Scale, median, note, percentile
from benchmarks.instance import Instance, running

NAMES = ("stream.1", "stream.1000")
WORKERS = 2
LOOK_SECONDS = 0.05  # between two looks of a worker who found nothing
LONGEST_SECONDS = 30.0


def figures(names: Collection[str], scale: Scale) -> Iterator[Figure]:
    """Both rates, on an instance with web and job processes."""
    settings = {"TAGWERK_UNDO_SECONDS": "0", "TAGWERK_ALLOW_PRIVATE_ADDRESSES": "yes"}
    with running(web=True, jobs=True, **settings) as instance, _Receiver() as receiver:
        stream = _Stream(instance, receiver)
        with stream.workers():
            note("stream: one at a time")
            stream.one_by_one(2)
            one = stream.one_by_one(scale.of(8, 4))
            if "stream.1" in names:
                empty = stream.empty_deliveries(scale.of(5, 3))
                yield from _figures(
                    "stream.1", one, empty, "a webhook's test message, from asking to arrival"
                )
            if "stream.1000" in names:
                seconds = scale.of(60, 10)
                note(f"stream: a thousand a minute for {seconds} seconds")
                many = stream.thousand_a_minute(seconds)
                yield from _figures("stream.1000", many, one, "one task at a time")


def _figures(name: str, these: Sequence[float], those: Sequence[float], against: str) -> Iterator[Figure]:
    yield Figure(f"{name}.median", median(these), "s", against, median(these) / median(those))
    high, other = percentile(these, 0.95), percentile(those, 0.95)
    yield Figure(f"{name}.p95", high, "s", f"the p95 of {against}", high / other)


class _Receiver:
    """A webhook's other end: notes when what arrived."""

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}
        self.change = threading.Condition()

    def __enter__(self) -> "_Receiver":
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.note(message)
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing is printed."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def note(self, message: Any) -> None:
        """A result is known by its task's `_id`; a test message by its kind."""
        now = time.monotonic()
        name = message["data"]["record"]["_id"] if message["type"] == "result.ready" else message["type"]
        with self.change:
            self.arrived.setdefault(name, now)
            self.change.notify_all()

    def wait(self, names: Collection[str], seconds: float) -> None:
        """Until all have arrived."""
        with self.change:
            there = self.change.wait_for(lambda: self.arrived.keys() >= set(names), seconds)
        assert there, (
            f"{len(set(names) - self.arrived.keys())} results did not arrive within {seconds:.0f} seconds"
        )


class _Stream:
    """A project whose tasks come by API and leave by webhook."""

    def __init__(self, instance: Instance, receiver: _Receiver) -> None:
        from benchmarks import scene
        from tagwerk.client import Client

        self.address, self.receiver = instance.address, receiver
        who = scene.requester()
        self.order = scene.order(who, "Stream", answers=1)
        self.hands = scene.simulated(WORKERS, "stream")
        self.answers = scene.ANSWERS
        self.client = Client(instance.address, who.key, progress=False)
        made = self.client.webhooks.create(receiver.url, ["result.ready"])
        self.webhook = made["id"]
        self.client.webhooks.change(self.webhook, accept=True)
        self.chance = random.Random(7)
        self.count = 0

    @contextlib.contextmanager
    def workers(self) -> Iterator[None]:
        """People who take what comes, at once."""
        over = threading.Event()
        threads = [
            threading.Thread(target=self._work, args=(hand.key, over), daemon=True) for hand in self.hands
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def _work(self, key: str, over: threading.Event) -> None:
        from tagwerk.client import Client, Held

        with Client(self.address, key) as client:
            client.work.enrol(self.order.public_id)
            found = None
            while not over.is_set():
                if isinstance(found, Held):
                    found = client.work.submit_and_next(found, self.answers).next
                else:
                    found = client.work.next(self.order.public_id)
                    over.wait(0 if isinstance(found, Held) else LOOK_SECONDS)

    def _add(self) -> tuple[str, float]:
        self.count += 1
        name, now = f"stream-{self.count}", time.monotonic()
        self.client.tasks.add(self.order.public_id, [{"_id": name, "text": f"Number {self.count}"}])
        return name, now

    def one_by_one(self, count: int) -> list[float]:
        """Seconds from adding to arrival, each task alone."""
        found = []
        for _ in range(count):
            time.sleep(self.chance.uniform(1.0, 3.0))  # whatever beats once a second is met at any moment
            name, begin = self._add()
            self.receiver.wait([name], LONGEST_SECONDS)
            found.append(self.receiver.arrived[name] - begin)
        return found

    def thousand_a_minute(self, seconds: int) -> list[float]:
        """Seconds from adding to arrival, while a thousand tasks come each minute."""
        began, added = time.monotonic(), {}
        for number in range(seconds * 1000 // 60):
            time.sleep(max(0.0, began + number * 0.06 - time.monotonic()))
            name, begin = self._add()
            added[name] = begin
        self.receiver.wait(list(added), LONGEST_SECONDS)
        return [self.receiver.arrived[name] - begin for name, begin in added.items()]

    def empty_deliveries(self, count: int) -> list[float]:
        """Seconds from asking for a test message to its arrival."""
        found = []
        for _ in range(count):
            time.sleep(self.chance.uniform(1.0, 3.0))
            self.receiver.arrived.pop("webhook.test", None)
            begin = time.monotonic()
            self.client.webhooks.test(self.webhook)
            self.receiver.wait(["webhook.test"], LONGEST_SECONDS)
            found.append(self.receiver.arrived["webhook.test"] - begin)
        return found
