"""What a page may cost: bytes at the first visit, requests, and queries whatever the number of rows. Never a time."""

import gzip
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.work import actions as work
from tests.interfaces.web.access_table import TABLE
from tests.interfaces.web.scene import Scene
from tests.orders import project
from tests.people import actor, member, person
from tests.workshop import do_work, judge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

MOST_QUERIES = 20
MOST_BYTES = 120_000
MORE = 12  # rows of each kind that the second look has more than the first
DEVELOPERS = re.compile(r"gallery")  # not part of the product


def opened(scene: Scene, name: str) -> tuple[Any, int]:
    """The page, opened by somebody who may, and the number of its queries."""
    may = TABLE[name][0]
    assert may
    who = None if None in may else sorted(may)[0]
    address = scene.address(name)
    with CaptureQueriesContext(connection) as asked:
        reply = scene.clients[who].get(address, headers={"Accept-Encoding": "gzip"})
    return reply, len(asked)


def pages() -> list[str]:
    return [name for name, (may, _send, _sent) in TABLE.items() if may and not DEVELOPERS.search(name)]


def crowd(scene: Scene) -> None:
    """More of everything that lists show."""
    ada, org = actor("ada"), scene.organisation_id
    work.import_tasks(project_id=scene.made.id, rows=[{"text": f"More {n}"} for n in range(MORE)])
    work.open_covered_tasks(project_id=scene.made.id)
    for name in ("ben", "fay", "gil"):
        do_work(scene.made.id, name, lambda data: {"sentiment": "positive"}, most=MORE // 2)
    judge(scene.made.id)
    for n in range(MORE):
        project(title=f"Project {n}")
        member(f"member{n}", org)
        accounts.invite_member(actor=ada, organisation_id=org, email=f"i{n}@example.org", role="viewer")
        notices.tell(
            person_id=person("ben").id, kind="organisation_approved", params={"organisation": "Acme"}
        )


def test_no_page_asks_more_the_more_rows_there_are(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is kept in mind for seconds is kept throughout: how slow this machine is must not count as a query.
    for room in ("accounts.queries.instance", "payments.queries.payer"):
        monkeypatch.setattr(import_module(f"tagwerk.domain.{room}"), "KEPT_SECONDS", 3600)
    scene = Scene(settings)
    before = {name: opened(scene, name)[1] for name in pages()}
    crowd(scene)
    after = {name: opened(scene, name)[1] for name in pages()}
    too_many = {name: count for name, count in after.items() if count > MOST_QUERIES}
    growing = {name: (before[name], count) for name, count in after.items() if count > before[name] + 2}
    assert (too_many, growing) == ({}, {})


LOADED = re.compile(r'(?:src|href)="(/static/[^"]+\.(?:js|css|svg|png|woff2))"')
IMPORTED = re.compile(r'(?:from|import)\s*"([^"]+)"')
GZIPPED = b"\x1f\x8b"
FONT = re.compile(r'url\("?([^")]+-latin-[^")]+\.woff2)')


def weight(html: bytes, static_files: Path) -> dict[str, int]:
    """What a browser that has seen nothing loads for this page: file → bytes as they are sent."""
    text = (gzip.decompress(html) if html[:2] == GZIPPED else html).decode()
    modules = dict(re.findall(r'"([^"]+)":\s*"(/static/[^"]+)"', text))  # the import map
    files, waiting = {"the page itself": len(html)}, LOADED.findall(text)
    while waiting:
        address = waiting.pop()
        if address in files:
            continue
        path = static_files / address.removeprefix("/static/")
        packed = path.with_name(path.name + ".gz")
        files[address] = (packed if packed.is_file() else path).stat().st_size
        if path.suffix == ".js":
            waiting += [modules[name] for name in IMPORTED.findall(path.read_text()) if name in modules]
        elif path.suffix == ".css":
            waiting += [
                f"/static/{(path.parent / name).resolve().relative_to(static_files.resolve())}"
                for name in FONT.findall(path.read_text())
            ]
    return files


def test_a_first_visit_stays_light(settings: Any, static_files: Path) -> None:
    scene = Scene(settings)
    heavy = {}
    for name in pages():
        reply, _count = opened(scene, name)
        if "html" in reply.get("Content-Type", "") and not reply.streaming:
            files = weight(reply.content, static_files)
            if sum(files.values()) > MOST_BYTES:
                heavy[name] = files
    assert heavy == {}
