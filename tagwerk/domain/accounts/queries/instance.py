"""What the instance says about itself, and how many there are of whom."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.models import Instance, Organisation, Person
from tagwerk.domain.accounts.rules import Actor, Kind, Source

KEPT_SECONDS = 5  # so long another process may still show what was said before


@dataclass(frozen=True)
class InstanceView:
    """What the instance says about itself, with the defaults filled in."""

    name: str
    language: str
    currency: str  # of new organisations
    currency_from: Source
    fee_bp: int  # of new projects, in basis points of the workers' pay
    fee_from: Source
    contact_email: str  # may be empty, as may be the texts
    imprint: Mapping[str, str]  # language → Markdown
    privacy: Mapping[str, str]
    fairwork: Mapping[str, Mapping[str, str]]  # threshold → language → Markdown
    set_up_at: datetime.datetime | None
    said: frozenset[str]  # the fields that operators filled in


_KEPT: dict[str, tuple[float, dict[str, Any]]] = {}


def instance() -> InstanceView:
    """What the instance says about itself; at most one query, none for some seconds after one.

    Currency and fee: what the environment sets, else what the operators say, else the default of the setting.
    """
    row = _row()
    currency_from, currency = _chosen("TAGWERK_CURRENCY", row.get("currency"), settings.CURRENCY)
    fee_from, fee_bp = _chosen("TAGWERK_FEE_BP", row.get("fee_bp"), settings.FEE_BP)
    return InstanceView(
        name=row.get("name") or rules.DEFAULT_NAME,
        language=row.get("language") or settings.LANGUAGE_CODE,
        currency=currency,
        currency_from=currency_from,
        fee_bp=fee_bp,
        fee_from=fee_from,
        contact_email=row.get("contact_email", ""),
        imprint=row.get("imprint", {}),
        privacy=row.get("privacy", {}),
        fairwork=row.get("fairwork", {}),
        set_up_at=row.get("set_up_at"),
        said=frozenset(name for name, value in row.items() if value not in (None, "", {})),
    )


def has_operator() -> bool:
    """Whether anybody ever became an operator who is one still; until then the instance waits for its set-up."""
    return Person.objects.filter(is_operator=True).exists()


def forget_instance() -> None:
    """Ask the database again next time."""
    _KEPT.clear()


def _row() -> dict[str, Any]:
    until, row = _KEPT.get("row", (0.0, {}))
    if monotonic() >= until:
        row = dict(Instance.objects.values().first() or {})
        _KEPT["row"] = (monotonic() + KEPT_SECONDS, row)
    return row


def _chosen(name: str, said: Any, setting: Any) -> tuple[Source, Any]:
    if name in settings.SET_BY_ENVIRONMENT:
        return Source.ENVIRONMENT, setting
    return (Source.DEFAULT, setting) if said in (None, "") else (Source.PAGE, said)


@dataclass(frozen=True)
class InstanceCounts:
    """People and organisations of the instance."""

    people: int  # who are active
    shut_out: int
    machines: int  # models and simulated people
    organisations: int
    waiting: int  # organisations for approval


def instance_counts(actor: Actor) -> InstanceCounts:
    """For operators: how many people and organisations there are, and what waits."""
    rules.require_operator(actor)
    person = Q(kind=Kind.PERSON.value)
    people = Person.objects.aggregate(
        people=Count("id", filter=person & Q(is_active=True)),
        shut_out=Count("id", filter=person & Q(is_active=False)),
        machines=Count("id", filter=~person),
    )
    organisations = Organisation.objects.aggregate(
        organisations=Count("id"), waiting=Count("id", filter=Q(approved_at=None))
    )
    return InstanceCounts(**people, **organisations)
