"""The job process: Procrastinate's worker, the pulse and the schedule."""

import asyncio
import logging
import os
import signal
import threading
import time

from django.db import Error, close_old_connections, connection

from tagwerk.config.jobs import app, beat_schedule, pulse_once, retry_stalled
from tagwerk.config.processes import die_with_parent

log = logging.getLogger(__name__)
STALLED_EVERY_SECONDS = 60


def _beat(ended: threading.Event) -> None:
    """Every second: facts become jobs, and the schedule's lines are queued when due."""
    last: dict[str, float] = {}
    while not ended.wait(1.0):
        try:
            close_old_connections()
            pulse_once()
            beat_schedule(last, time.monotonic())
        except Error:
            log.exception("the pulse missed a beat; the next one follows")
            connection.close()


async def _mind_stalled() -> None:
    while True:
        await asyncio.sleep(STALLED_EVERY_SECONDS)
        await retry_stalled()


async def _run(threads: int) -> None:
    worker_app = app.with_connector(app.connector.get_worker_connector())
    async with worker_app.open_async():
        minder = asyncio.create_task(_mind_stalled())
        try:
            await worker_app.run_worker_async(
                concurrency=threads,
                wait=True,
                fetch_job_polling_interval=1.0,
                shutdown_graceful_timeout=10,
                delete_jobs="successful",
                install_signal_handlers=True,
            )
        finally:
            minder.cancel()


def work_until_ended(*, threads: int) -> None:
    """Carry out jobs until SIGTERM; whatever ends this process, the tables say what is left to do."""
    if os.environ.get("TAGWERK_SERVES") is None:
        die_with_parent()
    ended = threading.Event()
    beat = threading.Thread(target=_beat, args=(ended,), name="pulse", daemon=True)
    beat.start()
    try:
        asyncio.run(_run(threads))
    finally:
        ended.set()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        beat.join(5)
