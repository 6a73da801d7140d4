"""Qualifications, who holds them, and what a project's audience asks about them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from tagwerk.base.errors import NotFound
from tagwerk.domain.academy.models import Holding, Qualification
from tagwerk.domain.academy.queries.gates import open_tests, owned_by, require_owner
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor


@dataclass(frozen=True)
class QualificationView:
    """A qualification; `organisation_id` None: of the whole instance."""

    id: int
    organisation_id: int | None
    slug: str
    title: str
    description: str
    retired_at: datetime.datetime | None
    holders: int


@dataclass(frozen=True)
class HoldingView:
    """A line in the list of holders. Only members are named; others by the code that they told, if they did."""

    id: int
    worker: str
    score: int
    source: str
    granted_at: datetime.datetime
    expires_at: datetime.datetime | None


@dataclass(frozen=True)
class OwnHolding:
    """A qualification, as who holds it sees it."""

    qualification_id: int
    slug: str
    title: str
    description: str
    organisation_name: str  # empty: of the whole instance
    score: int
    source: str
    granted_at: datetime.datetime
    expires_at: datetime.datetime | None


def own_qualifications(organisation_id: int) -> set[str]:
    """The slugs of what an organisation itself grants."""
    return set(Qualification.objects.filter(organisation_id=organisation_id).values_list("slug", flat=True))


def tested_qualifications(organisation_id: int) -> set[str]:
    """Those of them that have an entry test that people can take."""
    rows = open_tests().filter(qualification__organisation_id=organisation_id)
    return set(rows.values_list("qualification__slug", flat=True))


def slug_of(qualification_id: int) -> tuple[int | None, str]:
    """Whose a qualification is, and its slug; for rooms above that were told of it."""
    row = Qualification.objects.get(id=qualification_id)
    return row.organisation_id, row.slug


def tested_by(test_id: int) -> tuple[int | None, str] | None:
    """Whose qualification a test grants, and its slug; None: there is no such test."""
    return Qualification.objects.filter(tests__id=test_id).values_list("organisation_id", "slug").first()


def scores_of(person_id: int, organisation_id: int | None) -> dict[str, int]:
    """What a person holds now, slug → score, as a project of the organisation sees it."""
    return scores_in(person_id, [organisation_id])[organisation_id]


def scores_in(person_id: int, organisation_ids: Iterable[int | None]) -> dict[int | None, dict[str, int]]:
    """The same for several organisations at once, in two queries.

    An organisation's own qualification stands in front of one of the instance that has the same slug.
    """
    owners = set(organisation_ids)
    organisations = [owner for owner in owners if owner is not None]
    seen = Q(qualification__organisation_id__in=organisations) | Q(qualification__organisation__isnull=True)
    found = Holding.objects.filter(_alive(), seen, person_id=person_id)
    held: dict[int | None, dict[str, int]] = {owner: {} for owner in {*owners, None}}
    for owner, slug, score in found.values_list(
        "qualification__organisation_id", "qualification__slug", "score"
    ):
        held[owner][slug] = score
    own = Qualification.objects.filter(organisation_id__in=organisations, slug__in=list(held[None]))
    hidden = set(own.values_list("organisation_id", "slug"))
    return {
        owner: {slug: score for slug, score in held[None].items() if (owner, slug) not in hidden}
        | held[owner]
        for owner in owners
    }


def holders_of(organisation_id: int | None, slug: str) -> list[int]:
    """The ids of all who hold a qualification now."""
    found = Holding.objects.filter(_alive(), _seen_by(organisation_id), qualification__slug=slug)
    return list(found.order_by("person_id").values_list("person_id", flat=True))


def unknown_qualifications(organisation_id: int | None, slugs: Iterable[str]) -> list[str]:
    """Those slugs that a project of the organisation cannot require, in the order given: unknown or retired."""
    wanted = list(dict.fromkeys(slugs))
    found = Qualification.objects.filter(
        owned_by(organisation_id) | owned_by(None), slug__in=wanted, retired_at=None
    )
    known = set(found.values_list("slug", flat=True))
    return [slug for slug in wanted if slug not in known]


def titles_of(organisation_ids: Iterable[int], slugs: Iterable[str]) -> dict[tuple[int, str], str]:
    """What these qualifications are called, as a project of each organisation sees them: (organisation, slug) → title."""
    owners, wanted = set(organisation_ids), set(slugs)
    found = Qualification.objects.filter(
        Q(organisation_id__in=owners) | owned_by(None), slug__in=wanted
    ).order_by(
        "-organisation_id"
    )  # those of the instance come first, so that an organisation's own replace them
    titles: dict[tuple[int, str], str] = {}
    for owner, slug, title in found.values_list("organisation_id", "slug", "title"):
        titles |= {(one, slug): title for one in ([owner] if owner is not None else owners)}
    return titles


def qualifications_for(actor: Actor, organisation_id: int | None) -> list[QualificationView]:
    """The qualifications that an organisation (None: an operator) manages, with the number of holders."""
    require_owner(actor, organisation_id)
    return _views(owned_by(organisation_id))


def qualifications_offered(organisation_id: int) -> list[QualificationView]:
    """What a project of the organisation can require: its own and those of the instance."""
    return _views(owned_by(organisation_id) | owned_by(None), retired_at=None)


def qualification_for(actor: Actor, qualification_id: int) -> QualificationView:
    """A qualification that the actor manages."""
    found = _views(Q(id=qualification_id))
    if not found or (found[0].organisation_id or 0) not in (*actor.roles, 0):
        raise NotFound("qualification_not_found", "There is no such qualification.")
    require_owner(actor, found[0].organisation_id)
    return found[0]


def holders_page(
    actor: Actor, qualification_id: int, *, before: int | None = None, limit: int = 50
) -> list[HoldingView]:
    """Who holds a qualification now, the latest first, for who manages it."""
    row = qualification_for(actor, qualification_id)
    found = Holding.objects.filter(_alive(), qualification_id=qualification_id).order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    held = list(found[: min(limit, 200)])
    people = [line.person_id for line in held]
    named = (
        accounts.staff_names(row.organisation_id, people)
        if row.organisation_id
        else accounts.names_of(people)
    )
    told = accounts.codes_of(line.person_id for line in held if line.source != "test")
    return [
        HoldingView(
            id=line.id,
            worker=named.get(line.person_id) or str(told.get(line.person_id, "")),
            score=line.score,
            source=line.source,
            granted_at=line.granted_at,
            expires_at=line.expires_at,
        )
        for line in held
    ]


def own_holdings(person_id: int) -> list[OwnHolding]:
    """What a person holds now, for themselves."""
    found = Holding.objects.filter(_alive(), person_id=person_id).select_related(
        "qualification__organisation"
    )
    return [
        OwnHolding(
            qualification_id=line.qualification_id,
            slug=line.qualification.slug,
            title=line.qualification.title,
            description=line.qualification.description,
            organisation_name=line.qualification.organisation.name if line.qualification.organisation else "",
            score=line.score,
            source=line.source,
            granted_at=line.granted_at,
            expires_at=line.expires_at,
        )
        for line in found.order_by("id")
    ]


def _alive() -> Q:
    return Q(ended_at=None) & (Q(expires_at=None) | Q(expires_at__gt=timezone.now()))


def _seen_by(organisation_id: int | None) -> Q:
    of_instance = Q(qualification__organisation__isnull=True)
    if organisation_id is None:
        return of_instance
    own = Qualification.objects.filter(organisation_id=organisation_id)
    return Q(qualification__organisation_id=organisation_id) | (
        of_instance & ~Q(qualification__slug__in=own.values("slug"))
    )


def _views(wanted: Q, **more: object) -> list[QualificationView]:
    now = timezone.now()
    alive = Q(holdings__ended_at=None) & (Q(holdings__expires_at=None) | Q(holdings__expires_at__gt=now))
    found = Qualification.objects.filter(wanted, **more).annotate(
        holders=Count("holdings", filter=alive & Q(holdings__isnull=False))
    )
    return [
        QualificationView(
            row.id, row.organisation_id, row.slug, row.title, row.description, row.retired_at, row.holders
        )
        for row in found.order_by("slug", "id")
    ]
