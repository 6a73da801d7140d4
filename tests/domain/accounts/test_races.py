"""Two at once: real threads, real commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tagwerk.base.errors import Refusal
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.actions import keys
from tagwerk.domain.accounts.models import ApiKey, Invitation, Membership
from tests.people import actor, member, organisation, person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[str]:
    """Run the calls at the same moment; for each "done" or the code of its refusal."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> str:
        try:
            start.wait()
            call()
        except Refusal as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_an_invitation_is_accepted_or_withdrawn_never_both():
    acme = organisation()
    invitation_id = accounts.invite_member(
        actor=actor("ada"), organisation_id=acme, email=person("ben").email, role="viewer"
    )
    ada, ben = actor("ada"), actor("ben")
    outcome = at_once(
        lambda: accounts.accept_invitation(actor=ben, invitation_id=invitation_id, agrees_to_name=True),
        lambda: accounts.accept_invitation(actor=ben, invitation_id=invitation_id, agrees_to_name=True),
        lambda: accounts.withdraw_invitation(actor=ada, invitation_id=invitation_id),
    )
    row = Invitation.objects.get()
    joined = Membership.objects.filter(person_id=ben.person_id).count()
    assert (row.accepted_at is None) is (joined == 0)
    assert (row.withdrawn_at is None) is (joined == 1)
    expected = ["done", "done", "invitation_used"] if joined else ["invitation_withdrawn"] * 2 + ["done"]
    assert outcome == expected


def test_two_invitations_of_one_address_are_one():
    acme, ada, email = organisation(), actor("ada"), person("ben").email

    def invite() -> int:
        return accounts.invite_member(actor=ada, organisation_id=acme, email=email, role="viewer")

    assert at_once(invite, invite, invite) == ["done"] * 3
    assert Invitation.objects.count() == 1


def test_two_owners_cannot_both_leave():
    acme = organisation()
    ada, ben = actor("ada"), member("ben", acme, "owner")
    outcome = at_once(
        lambda: accounts.remove_member(actor=ada, organisation_id=acme, person_id=ada.person_id),
        lambda: accounts.remove_member(actor=ben, organisation_id=acme, person_id=ben.person_id),
    )
    assert sorted(outcome) == ["done", "last_owner"]
    assert Membership.objects.filter(organisation_id=acme, role="owner").count() == 1


def test_two_keys_do_not_both_take_the_last_place(monkeypatch):
    monkeypatch.setattr(keys, "MOST_KEYS", 1)
    ben = actor("ben")

    def create() -> object:
        return accounts.create_api_key(actor=ben, name="k", scopes=["work"])

    assert sorted(at_once(create, create)) == ["done", "keys_too_many"]
    assert ApiKey.objects.count() == 1
