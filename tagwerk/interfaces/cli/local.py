"""The local organisation and the simulated people with whom `run` and `demo` work; rooms are asked in this process,
the work itself goes over the real API.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries as accounts_queries
from tagwerk.domain.accounts.rules import CONSOLE, ORGANISATION_SCOPES, Actor, Kind, address_of_machine
from tagwerk.domain.payments import actions as payments

ALL_LANGUAGES = {"de": "native", "en": "native"}


@dataclass(frozen=True)
class Requester:
    """Who orders from the command line: the organisation, its owner, and a fresh key for the API."""

    organisation_id: int
    actor: Actor
    key: str
    currency: str


def person_of(email: str, name: str, **facts: object) -> int:
    """The person with this address, made at first use."""
    from tagwerk.base.errors import NotFound

    try:
        return accounts_queries.person_id_of_email(email)
    except NotFound:
        return accounts.create_person(actor=CONSOLE, email=email, display_name=name, **facts)  # type: ignore[arg-type]


def local_requester(name: str, email: str) -> Requester:
    """The organisation of that name, made and approved at first use, with a key for this run."""
    owner = accounts_queries.actor_of_person(person_of(email, name))
    mine = {view.name: view.id for view in accounts_queries.organisations_of(owner)}
    if name not in mine:
        organisation_id = accounts.found_organisation(actor=owner, name=name)
        accounts.approve_organisation(actor=CONSOLE, organisation_id=organisation_id)
        owner = accounts_queries.actor_of_person(owner.person_id or 0)
    else:
        organisation_id = mine[name]
    for old in accounts_queries.keys_of(owner, organisation_id):
        if old.name == "command line":
            accounts.revoke_api_key(actor=owner, key_id=old.id)
    key = accounts.create_api_key(
        actor=owner, name="command line", scopes=list(ORGANISATION_SCOPES), organisation_id=organisation_id
    )
    currency = accounts_queries.organisation(organisation_id).currency
    return Requester(organisation_id, owner, key.text, currency)


def deposit(requester: Requester, micros: int, currency: str, key: str) -> None:
    """Book money for the organisation, as the operator does when a bank transfer has arrived."""
    if micros > 0:
        payments.book_deposit(
            actor=CONSOLE,
            organisation_id=requester.organisation_id,
            amount_micros=micros,
            currency=currency,
            reference="command line",
            key=key,
        )


def simulated_keys(count: int, prefix: str) -> Sequence[str]:
    """The keys of so many simulated people; the same names are the same people."""
    return [
        accounts.create_simulated_worker(
            actor=CONSOLE, name=name, country="DE", languages=ALL_LANGUAGES
        ).key_text
        for name in _names(count, prefix)
    ]


def simulated_addresses(count: int, prefix: str) -> Sequence[str]:
    """The addresses by which they are invited, whether they are there already or not."""
    return [address_of_machine(name, Kind.SIMULATION) for name in _names(count, prefix)]


def _names(count: int, prefix: str) -> list[str]:
    return [f"{prefix}-{number + 1}" for number in range(count)]
