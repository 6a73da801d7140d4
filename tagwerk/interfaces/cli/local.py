"""The local organisation and the simulated people with whom `run` and `demo` work; rooms are asked in this process,
the work itself goes over the real API.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries as accounts_queries
from tagwerk.domain.accounts.rules import CONSOLE, ORGANISATION_SCOPES, Actor, Kind, address_of_machine
from tagwerk.domain.payments import actions as payments

ALL_LANGUAGES = {"de": "native", "en": "native"}
KEY_LIFE = timedelta(days=1)  # of a command that was killed and could not revoke its keys


@dataclass(frozen=True)
class Requester:
    """Who orders from the command line: the organisation, its owner, and a fresh key for the API."""

    organisation_id: int
    actor: Actor
    key_id: int
    key: str
    currency: str


def mail_words() -> str:
    """Where mail lies that leaves for nobody: who signs up waits for a link in it. Empty where mail goes out."""
    if settings.EMAIL_BACKEND.split(".")[-2] != "filebased":
        return ""
    return (
        f"No mail leaves this machine: mails lie in {settings.EMAIL_FILE_PATH} (links of new accounts, too)."
    )


def person_of(email: str, name: str, **facts: object) -> int:
    """The person with this address, made at first use."""
    try:
        return accounts_queries.person_id_of_email(email)
    except NotFound:
        return accounts.create_person(actor=CONSOLE, email=email, display_name=name, **facts)  # type: ignore[arg-type]


@contextmanager
def ordering(name: str, email: str) -> Iterator[Requester]:
    """The organisation of that name with a key of this command's own, revoked at its end."""
    requester = local_requester(name, email)
    try:
        yield requester
    finally:
        accounts.revoke_api_key(actor=requester.actor, key_id=requester.key_id)


def local_requester(name: str, email: str) -> Requester:
    """The organisation of that name, made and approved at first use, with a key for a day. Other keys stay as they
    are: another command may be at work with them."""
    owner = accounts_queries.actor_of_person(person_of(email, name))
    mine = {view.name: view.id for view in accounts_queries.organisations_of(owner)}
    if name not in mine:
        organisation_id = accounts.found_organisation(actor=owner, name=name)
        accounts.approve_organisation(actor=CONSOLE, organisation_id=organisation_id)
        owner = accounts_queries.actor_of_person(owner.person_id or 0)
    else:
        organisation_id = mine[name]
    key = accounts.create_api_key(
        actor=owner,
        name=f"command line, process {os.getpid()}",
        scopes=list(ORGANISATION_SCOPES),
        organisation_id=organisation_id,
        expires_at=timezone.now() + KEY_LIFE,
    )
    currency = accounts_queries.organisation(organisation_id).currency
    return Requester(organisation_id, owner, key.id, key.text, currency)


def deposit(requester: Requester, micros: int, currency: str, key: str) -> None:
    """Book money for the organisation, as the operator does when a bank transfer has arrived."""
    _book(payments.book_deposit, requester, micros, currency, key)


def refund(requester: Requester, micros: int, currency: str, key: str) -> None:
    """Book money back that was deposited for nothing."""
    _book(payments.book_refund, requester, micros, currency, key)


def _book(action: Callable[..., int], requester: Requester, micros: int, currency: str, key: str) -> None:
    if micros > 0:
        action(
            actor=CONSOLE,
            organisation_id=requester.organisation_id,
            amount_micros=micros,
            currency=currency,
            reference="command line",
            key=key,
        )


@contextmanager
def simulated_people(count: int, prefix: str) -> Iterator[list[str]]:
    """The keys of so many simulated people, revoked at the end."""
    people = _simulated(count, prefix)
    try:
        yield [one.key_text for one in people]
    finally:
        for one in people:
            actor = accounts_queries.actor_of_person(one.person_id)
            accounts.revoke_api_key(actor=actor, key_id=one.key_id)


def simulated_keys(count: int, prefix: str) -> list[str]:
    """The keys of so many simulated people, for a day; the same names are the same people."""
    return [one.key_text for one in _simulated(count, prefix)]


def _simulated(count: int, prefix: str) -> list[accounts.Simulated]:
    expires_at = timezone.now() + KEY_LIFE
    return [
        accounts.create_simulated_worker(
            actor=CONSOLE,
            name=name,
            country="DE",
            languages=ALL_LANGUAGES,
            key_expires_at=expires_at,
        )
        for name in _names(count, prefix)
    ]


def simulated_addresses(count: int, prefix: str) -> list[str]:
    """The addresses by which they are invited, whether they are there already or not."""
    return [address_of_machine(name, Kind.SIMULATION) for name in _names(count, prefix)]


def _names(count: int, prefix: str) -> list[str]:
    return [f"{prefix}-{number + 1}" for number in range(count)]
