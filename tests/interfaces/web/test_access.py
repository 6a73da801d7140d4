"""Every page, opened by everybody and sent to by everybody: what the table says, and nothing else."""

from typing import Any

import pytest

from tests.interfaces.web.access_table import INVITED, PEOPLE, SIGNED_IN, TABLE
from tests.interfaces.web.scene import Scene, page_names
from tests.interfaces.web.visiting import plain_files

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
SAID_IN_THE_FORM = {"invitation_accept"}  # what somebody may not is told there, as if they had mistyped


def test_every_page_has_a_row_and_every_row_a_page():
    assert sorted(page_names()) == sorted(TABLE)


def outcome(reply: Any) -> str:
    """What became of a request, in one word."""
    if reply.status_code == 302 and reply["Location"].startswith("/accounts/login/"):
        return "sign in"
    if reply.status_code == 405:
        return "not offered"
    if reply.status_code in (403, 404):
        return "closed"
    return "open" if reply.status_code < 500 else "broken"


def wanted(who: str | None, may: set[Any] | None) -> set[str]:
    """What may become of it; who may not open a page need not be told which methods it has."""
    if may is None:
        return {"not offered", "closed", "sign in"}
    if who in may:
        return {"open"}
    return {"sign in"} if who is None else {"closed"}


def tried(may: set[Any] | None) -> list[str | None]:
    """Whose trying tells something: where all who are signed in may, one of them is enough."""
    return [None, "cyn"] if may is None or may >= SIGNED_IN else [*PEOPLE, *(INVITED & may)]


def test_pages_open_to_whom_the_table_says_and_to_nobody_else(settings):
    scene = Scene(settings)
    wrong = []
    for name, (may_get, may_post, sent) in TABLE.items():
        address = scene.address(name)
        for ask, may in ((scene.get, may_get), (scene.post, may_post)):
            for who in tried(may):
                reply = ask(who, address, sent if may is may_post else {})
                told = reply.status_code == 422 and name in SAID_IN_THE_FORM and who not in (may or ())
                if outcome(reply) not in wanted(who, may) and not told:
                    wrong.append((name, ask.__name__, who, reply.status_code))
            if may is None:  # who may use the other method is told that this one is not offered
                who = sorted((may_get or may_post or set()) - {None})[0]
                assert ask(who, address, {}).status_code == 405, name
    assert not wrong, "\n".join(map(str, wrong))
