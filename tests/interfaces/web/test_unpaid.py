"""Where nobody is paid, no page about the project speaks of money, whoever reads it."""

import re
from typing import Any

import pytest

from tests.interfaces.web.access_table import PEOPLE, TABLE
from tests.interfaces.web.scene import Scene
from tests.interfaces.web.visiting import plain_files, words

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
EVERYBODY = [f"{name}@example.org" for name in (*filter(None, PEOPLE), "fay")]
MONEY = re.compile(
    r"[^.]{0,40}(€|\bEUR\b|\bmoney\b|\bpaid\b|\bpay\b|\bbudget|\bprice|\bcosts?\b|\bfees?\b).{0,40}", re.I
)
FILES = {"project_file", "project_revise", "project_new"}  # what can be written into a project file


def test_pages_of_a_project_without_pay(settings: Any) -> None:
    scene = Scene(settings, pay={"per": "none"}, audience={"invited": EVERYBODY})
    pages = [
        name for name, (may_get, _post, _sent) in TABLE.items()
        if name.startswith(("project_", "task", "introduction")) and may_get and name not in FILES
    ]  # fmt: skip
    found = {}
    for name in ["project", *pages]:
        readers = [who for who in ("ada", "rob", "ben") if who in (TABLE[name][0] or set())]
        for who in readers:
            reply = scene.get(who, scene.address(name))
            if reply.streaming or reply.status_code != 200 or "html" not in reply["Content-Type"]:
                continue
            text = words(reply) or reply.content.decode()  # a panel has no frame around it
            if hit := MONEY.search(text):
                found[name, who] = hit[0]
    assert found == {}
