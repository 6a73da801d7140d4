"""The job process: Procrastinate's worker carries jobs out, and a thread beats the pulse."""

import asyncio
import contextlib
import logging
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from tagwerk.config.jobs import pulse_once
from tagwerk.config.stalled import HEARTBEAT_SECONDS, STALLED_SECONDS, Watch, tidy_up

log = logging.getLogger(__name__)
BEAT_SECONDS = 1.0
WATCH_SECONDS = 10.0
GRACEFUL_SECONDS = 7


class Pulse:
    """Each second facts become jobs; now and then stalled jobs are looked for."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.watch = Watch()
        self._watched = 0.0
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        """Beat from now on."""
        self._thread.start()

    def end(self) -> None:
        """No beat after the one that may be going on."""
        self.ended.set()
        self._thread.join(5)

    def _run(self) -> None:
        missed = 0
        while not self.ended.wait(BEAT_SECONDS):
            try:
                self._beat()
                missed = 0
            except (
                Exception
            ) as error:  # whatever it was, the next second comes: nothing else would beat again
                missed += 1
                if missed in (1, 10) or missed % 60 == 0:
                    log.warning("the pulse missed %s beats: %s", missed, error)
                with contextlib.suppress(Exception):
                    connection.close()

    def _beat(self) -> None:
        pulse_once()
        if time.monotonic() - self._watched > WATCH_SECONDS:
            self._watched = time.monotonic()
            self.watch.look()
            tidy_up()


async def _work(threads: int, *, wait: bool) -> None:
    """One worker, until the database goes away or, unless it waits, nothing is left to do."""
    connector: DjangoConnector = app.connector  # type: ignore[assignment]  # Django's app has no other
    worker_app = app.with_connector(connector.get_worker_connector())
    async with worker_app.open_async():
        await worker_app.run_worker_async(
            concurrency=threads,
            wait=wait,
            fetch_job_polling_interval=1.0,
            shutdown_graceful_timeout=GRACEFUL_SECONDS,
            delete_jobs="successful",
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
        )


async def _forever(threads: int) -> None:
    """Work, and begin anew whenever the database was away."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(threads + 4))
    while True:
        try:
            await _work(threads, wait=True)
        except (
            Exception
        ) as error:  # the pulse and the tables go on; a worker that gave up would do nothing any more
            log.warning("the worker begins anew: %s", error.__cause__ or error)
        await asyncio.sleep(1)


def work_what_waits(*, threads: int = 2) -> None:
    """Carry out the jobs that are due now, then return."""
    asyncio.run(_work(threads, wait=False))


async def _until_signal(threads: int) -> None:
    work = asyncio.create_task(_forever(threads))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work


def work_until_ended(*, threads: int) -> None:
    """Carry out jobs until SIGTERM; whatever ends this process, the tables say what is left to do."""
    pulse = Pulse()
    pulse.start()
    try:
        asyncio.run(_until_signal(threads))
    finally:
        pulse.end()
