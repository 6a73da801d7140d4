"""Ada orders work, Ben does it, Cyn is a stranger to both, Dan operates; Eve orders for somebody else.

All of them are made through the actions, at first use in a test.
"""

from datetime import datetime
from typing import Any

from django.conf import settings

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.models import Membership, Organisation, Person
from tagwerk.domain.accounts.rules import CONSOLE, ORGANISATION_SCOPES, WORK, Actor

OPERATORS = {"dan"}
PASSWORD = "a-good-long-password-7"  # of those made with password=PASSWORD; hashing it takes a moment


def email_of(name: str) -> str:
    """The address of a person in tests."""
    return f"{name.lower()}@example.org"


def person(name: str = "ben", **changes: Any) -> Person:
    """A person who speaks German and English and lives in Germany; `changes` go to create_person at first use."""
    try:
        return Person.objects.get(id=queries.person_id_of_email(email_of(name)))
    except NotFound:
        pass
    facts: dict[str, Any] = {
        "country": "DE",
        "time_zone": "Europe/Berlin",
        "ui_language": "en",
        "languages": {"de": "native", "en": "C1"},
        "is_operator": name in OPERATORS,
    }
    person_id = accounts.create_person(
        actor=CONSOLE, email=email_of(name), display_name=name.title(), **(facts | changes)
    )
    accounts.agree_to_terms(
        actor=queries.actor_of_person(person_id), version=settings.TERMS_VERSION, adult=True
    )
    return Person.objects.get(id=person_id)


def actor(name: str = "ada") -> Actor:
    """Who is asking, as signed in on a page right now: ask again after a role has changed."""
    try:
        known = queries.person_id_of_email(email_of(name))
    except NotFound:
        known = person(name).id
    return queries.actor_of_person(known)


def organisation(name: str = "acme", owner: str = "ada", *, approved: bool = True) -> int:
    """The id of an organisation and its owner."""
    found = Organisation.objects.filter(name=name).values_list("id", flat=True).first()
    if found is not None:
        return found
    made = accounts.found_organisation(actor=actor(owner), name=name, currency="EUR", country="DE")
    if approved:
        accounts.approve_organisation(actor=CONSOLE, organisation_id=made)
    return made


def member(name: str, organisation_id: int, role: str = "viewer") -> Actor:
    """A person who joined an organisation by invitation; the actor has the role already."""
    invited = person(name)
    if not Membership.objects.filter(organisation_id=organisation_id, person=invited).exists():
        owner_id = Organisation.objects.get(id=organisation_id).created_by_id
        invitation_id = accounts.invite_member(
            actor=queries.actor_of_person(owner_id),
            organisation_id=organisation_id,
            email=invited.email,
            role=role,
        )
        accounts.accept_invitation(actor=actor(name), invitation_id=invitation_id, agrees_to_name=True)
    return actor(name)


def key_for(
    name: str,
    organisation_id: int | None = None,
    *,
    scopes: list[str] | None = None,
    expires_at: datetime | None = None,
) -> str:
    """The text of a key: of the person for work, or of an organisation, by default with all scopes."""
    if scopes is None:
        scopes = [WORK] if organisation_id is None else list(ORGANISATION_SCOPES)
    made = accounts.create_api_key(
        actor=actor(name),
        name=f"{name}'s key",
        scopes=scopes,
        organisation_id=organisation_id,
        expires_at=expires_at,
    )
    return made.text


def key_actor(name: str, organisation_id: int | None = None, *, scopes: list[str] | None = None) -> Actor:
    """Who is asking when a request comes with such a key."""
    found = queries.actor_of_key(key_for(name, organisation_id, scopes=scopes))
    assert found is not None
    return found


def simulated(name: str = "sim-1", **changes: Any) -> Actor:
    """A simulated worker, asking with its key."""
    made = accounts.create_simulated_worker(
        actor=CONSOLE, name=name, **({"country": "DE", "languages": {"de": "native", "en": "C1"}} | changes)
    )
    found = queries.actor_of_key(made.key_text)
    assert found is not None
    return found
