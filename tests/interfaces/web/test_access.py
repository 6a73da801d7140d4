"""Every page, opened by everybody and sent to by everybody: what the table says, and nothing else."""

from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tests.interfaces.web.access_table import INVITED, OURS, PEOPLE, SIGNED_IN, TABLE
from tests.interfaces.web.scene import arguments, page_names
from tests.interfaces.web.visiting import plain_files
from tests.people import organisation
from tests.workshop import launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
OURS_BY_RIGHTS = ("ada", "max", "rob", "fin", "vic")  # the most first
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
        return {403: "not for this role", 404: "does not exist"}[reply.status_code]
    return "open" if reply.status_code < 500 else "broken"


def wanted(who: str | None, may: set[Any] | None) -> set[str]:
    """What may become of it; who may not open a page need not be told which methods it has."""
    if may is None:
        return {"not offered", "does not exist", "not for this role", "sign in"}
    if who in may:
        return {"open"}
    if who is None:
        return {"sign in"}
    if who in OURS and may & OURS:
        return {"not for this role"}  # members learn what is missing
    # What is not theirs does not exist; who belongs to no organisation may hear that the page is for members.
    return {"does not exist"} if who == "eve" else {"does not exist", "not for this role"}


def tried(may: set[Any] | None, *, all_of_them: bool) -> list[str | None]:
    """Whose trying tells something: where all who are signed in may, one of them is enough. Else nobody, somebody of
    another organisation, the one with most rights who still may not, and the one with fewest who may: or all of them."""
    if may is None or may >= SIGNED_IN:
        return [None, "cyn"]
    if all_of_them:
        return [*PEOPLE, *(INVITED & may)]
    those_who_may = [who for who in (*PEOPLE, *INVITED) if who in may]
    refused = next(who for who in (*OURS_BY_RIGHTS, "dan", "cyn") if who not in may)
    return list(dict.fromkeys([None, "eve", refused, those_who_may[-1]]))


@pytest.mark.parametrize("all_of_them", [False, pytest.param(True, marks=pytest.mark.long)])
def test_pages_open_to_whom_the_table_says_and_to_nobody_else(kept_scene, all_of_them):
    scene, wrong = kept_scene, []
    for name, (may_get, may_post, sent) in TABLE.items():
        address = scene.address(name)
        for ask, may in ((scene.get, may_get), (scene.post, may_post)):
            for who in tried(may, all_of_them=all_of_them):
                reply = ask(who, address, sent if may is may_post else {})
                told = reply.status_code == 422 and name in SAID_IN_THE_FORM and who not in (may or ())
                if outcome(reply) not in wanted(who, may) and not told:
                    wrong.append((name, ask.__name__, who, reply.status_code))
            if may is None:  # who may use the other method is told that this one is not offered
                who = sorted((may_get or may_post or set()) - {None})[0]
                assert ask(who, address, {}).status_code == 405, name
    assert not wrong, "\n".join(map(str, wrong))


def test_things_of_one_organisation_or_project_are_not_found_in_another(kept_scene):
    """Right ids in a wrong frame, asked by somebody who may open that frame."""
    scene = kept_scene
    frames = {
        "org": ("eve", public_id("org", organisation("other", "eve"))),
        "project": ("ada", launched([{"text": "x"}]).public_id),
    }
    found = []
    for name, (may_get, may_post, sent) in TABLE.items():
        parts = arguments(name)
        if len(parts) < 2 or parts[0] not in frames:
            continue
        who, frame = frames[parts[0]]
        address = scene.address(name, **{parts[0]: frame})
        if may_get and scene.get(who, address).status_code != 404:
            found.append((name, "get"))
        if may_post and scene.post(who, address, sent).status_code != 404:
            found.append((name, "post"))
    assert found == []


def test_a_qualification_of_an_organisation_is_not_one_of_the_instance(kept_scene):
    ours = kept_scene.address("operator_qualification", qualification=kept_scene.ids["qualification"])
    assert kept_scene.get("dan", ours).status_code == 404
