from typing import Any

import pytest
from django.db.utils import IntegrityError

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.models import Letter, Notice
from tests.people import actor, key_actor, member, organisation, person, simulated

pytestmark = pytest.mark.django_db
REJECTED: dict[str, Any] = {"kind": "answer_rejected", "params": {"project": "Moods", "reason": "Too short"}}


def tell(name: str = "ben", **facts: Any) -> int:
    return notices.tell(person_id=person(name).id, **(REJECTED | facts))


def test_who_is_told_finds_it_in_the_inbox_and_in_the_mail() -> None:
    notice_id = tell(link="/work/mine")
    (notice,) = queries.inbox(actor("ben"))
    assert (notice.id, notice.title) == (notice_id, "An answer of yours was rejected: Moods")
    assert "Too short" in notice.body and notice.link == "/work/mine" and notice.read_at is None
    assert Letter.objects.get().notice_id == notice_id


def test_the_same_fact_is_told_once() -> None:
    """notice_key_once"""
    assert tell(key="rejected:7") == tell(key="rejected:7")
    tell("cyn", key="rejected:7")
    tell(), tell()
    assert len(queries.inbox(actor("ben"))) == 3
    assert Letter.objects.count() == 4


def test_a_mistake_in_the_parameters_is_noticed_at_once() -> None:
    with pytest.raises(AssertionError):
        tell(params={})
    with pytest.raises(AssertionError):
        tell(kind="nothing")
    with pytest.raises(AssertionError):
        tell(link="//evil.example")


@pytest.mark.parametrize(
    ("level", "kind", "mailed"),
    [
        ("all", "thread", True),
        ("important", "thread", False),
        ("important", "rejected", True),
        ("none", "rejected", False),
    ],
)
def test_mail_comes_as_the_person_wants_it(level: str, kind: str, mailed: bool) -> None:
    accounts.update_profile(actor=actor("ben"), mail_level=level)
    thread = {"kind": "thread_message", "params": {"project": "Moods", "author": "Ada", "excerpt": "Hi"}}
    tell(**(thread if kind == "thread" else {}))
    assert Letter.objects.exists() is mailed
    assert len(queries.inbox(actor("ben"))) == 1


def test_simulated_people_get_no_mail() -> None:
    notices.tell(person_id=simulated().person_id or 0, **REJECTED)
    assert not Letter.objects.exists()


def test_all_who_may_do_something_about_it_are_told() -> None:
    acme = organisation()
    member("fay", acme, "finance")
    member("gus", acme, "viewer")
    facts: dict[str, Any] = {
        "kind": "organisation_approved",
        "params": {"organisation": "acme"},
        "key": "approved",
    }
    told = [
        notices.tell_members(organisation_id=acme, permission=Permission.MONEY_MANAGE, **facts)
        for _ in range(2)
    ]
    assert told == [2, 2]
    assert [len(queries.inbox(actor(name))) for name in ("ada", "fay", "gus")] == [1, 1, 0]


def test_reading() -> None:
    first, second, third = tell(), tell(), tell()
    assert queries.unread_count(actor("ben")) == 3
    notices.mark_read(actor=actor("ben"), notice_id=first)
    read_at = queries.notice_for(actor("ben"), first).read_at
    notices.mark_read(actor=actor("ben"), notice_id=first)
    assert queries.notice_for(actor("ben"), first).read_at == read_at is not None
    assert [each.id for each in queries.inbox(actor("ben"), unread=True)] == [third, second]
    assert notices.mark_all_read(actor=actor("ben"), newest_id=second) == 1  # the third came in the meantime
    assert queries.unread_count(actor("ben")) == 1


def test_an_inbox_is_its_owners() -> None:
    notice_id = tell()
    for stranger in (actor("cyn"), actor("dan"), actor("ada"), key_actor("ada", organisation())):
        with pytest.raises(NotFound) as refusal:
            queries.notice_for(stranger, notice_id)
        assert refusal.value.code == "notice_not_found"
        with pytest.raises(NotFound):
            notices.mark_read(actor=stranger, notice_id=notice_id)
        assert queries.inbox(stranger) == [] and queries.unread_count(stranger) == 0
        assert notices.mark_all_read(actor=stranger, newest_id=notice_id) == 0
    assert queries.unread_count(actor("ben")) == 1


def test_page_by_page() -> None:
    ids = [tell() for _ in range(5)]
    first = queries.inbox(actor("ben"), limit=3)
    rest = queries.inbox(actor("ben"), before=first[-1].id)
    assert [each.id for each in (*first, *rest)] == ids[::-1]


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"kind": "Not a kind"}, "notice_kind_shape"),
        ({"link": "https://evil.example"}, "notice_link_is_path"),
        ({"link": "//evil.example"}, "notice_link_is_path"),
    ],
)
def test_notices_are_of_a_known_sort(facts: dict[str, str], name: str) -> None:
    usual: dict[str, Any] = {"kind": "budget_low", "params": {}, "link": "/work"}
    with pytest.raises(IntegrityError, match=name):
        Notice.objects.create(person=person("ben"), **(usual | facts))
