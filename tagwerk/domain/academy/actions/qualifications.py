"""Qualifications are made, granted and taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotFound, Refusal, TooMany
from tagwerk.base.events import record
from tagwerk.domain.academy import rules
from tagwerk.domain.academy.events import (
    QualificationCreated,
    QualificationExpired,
    QualificationGranted,
    QualificationRetired,
    QualificationRevoked,
)
from tagwerk.domain.academy.models import Holding, Qualification
from tagwerk.domain.academy.queries.gates import managed_qualification, owned_by, require_owner
from tagwerk.domain.academy.queries.granting import expiry_past, people_meant, worker_meant
from tagwerk.domain.academy.rules import GrantRow, Source
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, plain_name


@transaction.atomic
def create_qualification(
    *, actor: Actor, organisation_id: int | None, slug: str, title: str, description: str = ""
) -> int:
    """Make a qualification of an organisation, or (None) an operator one of the whole instance."""
    require_owner(actor, organisation_id)
    made, is_new = Qualification.objects.filter(owned_by(organisation_id)).get_or_create(
        slug=rules.slug(slug),
        defaults={
            "organisation_id": organisation_id,
            "title": plain_name(title, longest=120, path="title"),
            "description": _description(description),
            "created_by_id": actor.person_id,
        },
    )
    if not is_new:
        raise Conflict("slug_taken", "There is a qualification “{slug}” already.", path="slug", slug=slug)
    record(
        QualificationCreated(
            actor_id=actor.person_id, organisation_id=organisation_id, qualification_id=made.id
        )
    )
    return made.id


@transaction.atomic
def update_qualification(
    *, actor: Actor, qualification_id: int, title: str | None = None, description: str | None = None
) -> None:
    """Change how a qualification is described; its slug stays, because projects name it."""
    row = managed_qualification(actor, qualification_id)
    if title is not None:
        row.title = plain_name(title, longest=120, path="title")
    if description is not None:
        row.description = _description(description)
    row.save(update_fields=["title", "description"])


@transaction.atomic
def retire_qualification(*, actor: Actor, qualification_id: int) -> None:
    """No new project can require it any more; those that do keep it, and so does everybody who holds it."""
    row = managed_qualification(actor, qualification_id)
    if row.retired_at is None:
        row.retired_at = timezone.now()
        row.save(update_fields=["retired_at"])
        record(
            QualificationRetired(
                actor_id=actor.person_id,
                organisation_id=row.organisation_id,
                qualification_id=qualification_id,
            )
        )


@transaction.atomic
def grant_qualification(
    *,
    actor: Actor,
    qualification_id: int,
    person_id: int,
    score: int = 100,
    expires_at: datetime | None = None,
) -> None:
    """Grant a qualification to a person, in place of what they held of it before."""
    row = managed_qualification(actor, qualification_id)
    accounts.person(person_id)
    source = Source.GRANTED if actor.scopes is None else Source.API
    hold(
        row=row,
        person_id=person_id,
        score=rules.score_of(score),
        expires_at=expires_at,
        source=source,
        granted_by=actor.person_id,
    )


@dataclass(frozen=True)
class BadGrant:
    """A row of a list that changed nothing, and why."""

    number: int
    reason: Refusal


@dataclass(frozen=True)
class GrantReport:
    """What became of a list of grants. `people`: those who hold something else than before."""

    people: tuple[int, ...]
    granted: int
    revoked: int
    unchanged: int
    bad: tuple[BadGrant, ...]


@transaction.atomic
def grant_list(
    *, actor: Actor, qualification_id: int, rows: Sequence[GrantRow], source: Source = Source.CSV
) -> GrantReport:
    """Grant a qualification to everybody on a list, or take it away where a row says so; wrong rows are reported."""
    row = managed_qualification(actor, qualification_id)
    if len(rows) > rules.MOST_ROWS:
        raise TooMany("rows_too_many", "A list has at most {most} rows.", most=rules.MOST_ROWS)
    known = people_meant(rows, row.organisation_id)
    people, granted, revoked, bad = set[int](), 0, 0, []
    for line in rows:
        try:
            person_id = worker_meant(line, known)
            if rules.revokes(line):
                if _revoke_from(actor, row, person_id):
                    people.add(person_id)
                    revoked += 1
                continue
            changed = hold(
                row=row,
                person_id=person_id,
                score=rules.score_of(line.score),
                expires_at=rules.moment_of(line.expires),
                source=source,
                granted_by=actor.person_id,
            )
            if changed:
                people.add(person_id)
                granted += 1
        except Refusal as refusal:
            bad.append(BadGrant(line.number, refusal))
    unchanged = len(rows) - granted - revoked - len(bad)
    return GrantReport(tuple(sorted(people)), granted, revoked, unchanged, tuple(bad))


@transaction.atomic
def revoke_qualification(*, actor: Actor, qualification_id: int, person_id: int) -> None:
    """Take a qualification away from a person; from the next claim on it counts."""
    row = managed_qualification(actor, qualification_id)
    held = Holding.objects.filter(qualification=row, person_id=person_id).order_by("-id").first()
    if held is None:
        raise NotFound("holding_not_found", "This person does not hold the qualification.")
    _revoke(actor, held, row.organisation_id)


@transaction.atomic
def revoke_holding(*, actor: Actor, holding_id: int) -> int:
    """Take away what a line in the list of holders says; returns whose it was."""
    found = Holding.objects.filter(id=holding_id).values_list("qualification_id", flat=True).first()
    row = managed_qualification(actor, found or 0)
    held = Holding.objects.get(id=holding_id)
    _revoke(actor, held, row.organisation_id)
    return held.person_id


@transaction.atomic
def end_expired_holdings(*, now: datetime, limit: int = 1000) -> int:
    """End holdings whose time is over, so that what depends on them is looked at again; returns how many."""
    over = Holding.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        ended_at=None, expires_at__lte=now
    )
    ended = list(over.select_related("qualification").order_by("expires_at")[:limit])
    for held in ended:
        held.ended_at = now
        held.save(update_fields=["ended_at"])
        record(
            QualificationExpired(
                organisation_id=held.qualification.organisation_id,
                person_id=held.person_id,
                qualification_id=held.qualification_id,
            )
        )
    return len(ended)


def hold(
    *,
    row: Qualification,
    person_id: int,
    score: int,
    expires_at: datetime | None,
    source: Source,
    granted_by: int | None,
) -> bool:
    """Write a holding, with the qualification's row locked; False: it was held just so. For this room's actions."""
    now = timezone.now()
    if expires_at is not None and expires_at <= now:
        raise expiry_past()
    held = Holding.objects.filter(qualification=row, person_id=person_id, ended_at=None).first()
    if held is not None:
        if (held.score, held.expires_at) == (score, expires_at):
            return False
        held.ended_at = now
        held.save(update_fields=["ended_at"])
    Holding.objects.create(
        qualification=row,
        person_id=person_id,
        score=score,
        expires_at=expires_at,
        source=source.value,
        granted_by_id=granted_by,
    )
    record(
        QualificationGranted(
            actor_id=granted_by,
            organisation_id=row.organisation_id,
            person_id=person_id,
            qualification_id=row.id,
        )
    )
    return True


def _revoke_from(actor: Actor, row: Qualification, person_id: int) -> bool:
    """Take away what a person holds now; False: they hold nothing."""
    held = Holding.objects.filter(qualification=row, person_id=person_id, ended_at=None).first()
    if held is not None:
        _revoke(actor, held, row.organisation_id)
    return held is not None


def _revoke(actor: Actor, held: Holding, organisation_id: int | None) -> None:
    if held.ended_at is not None:
        return
    held.ended_at, held.revoked, held.revoked_by_id = timezone.now(), True, actor.person_id
    held.save(update_fields=["ended_at", "revoked", "revoked_by"])
    record(
        QualificationRevoked(
            actor_id=actor.person_id,
            organisation_id=organisation_id,
            person_id=held.person_id,
            qualification_id=held.qualification_id,
        )
    )


def _description(text: str) -> str:
    if len(text) > 2000 or "\0" in text:
        raise Invalid(
            "description_length", "Write at most {longest} characters.", path="description", longest=2000
        )
    return text.strip()
