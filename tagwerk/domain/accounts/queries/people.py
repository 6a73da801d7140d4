"""People: profiles, names, consent, the operator's list."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from tagwerk.base.errors import Invalid, NotFound
from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.models import Consent, Membership, Person, PersonLanguage, TeamMember
from tagwerk.domain.accounts.rules import TERMS, Actor, Kind, Role


@dataclass(frozen=True)
class PersonView:
    """A person, as they themselves and operators see them."""

    id: int
    uuid: UUID
    email: str
    display_name: str
    kind: Kind
    country: str
    time_zone: str
    ui_language: str  # "" while none was chosen: that of the browser; in mails, that of the instance
    mail_level: str
    is_operator: bool
    is_active: bool
    email_verified_at: datetime.datetime | None
    joined_at: datetime.datetime
    last_sign_in_at: datetime.datetime | None

    @property
    def has_mailbox(self) -> bool:
        """Whether their address is known to be theirs: people with a confirmed one."""
        return self.kind is Kind.PERSON and self.email_verified_at is not None

    @property
    def gets_mail(self) -> bool:
        """Whether mail reaches them: people with a confirmed address, who are not shut out."""
        return self.has_mailbox and self.is_active


@dataclass(frozen=True)
class WorkerProfile:
    """What an audience is compared with."""

    person_id: int
    email: str
    kind: Kind
    country: str
    time_zone: str
    languages: Mapping[str, str]  # tag → level
    teams: Mapping[int, frozenset[str]]  # organisation id → its teams that they are in, built-in ones too
    is_adult: bool
    is_active: bool


def person(person_id: int) -> PersonView:
    """A person, for other rooms and for mail."""
    found = Person.objects.filter(id=person_id).first()
    if found is None:
        raise NotFound("person_not_found", "There is no such person.")
    return _person_view(found)


def person_name(person_id: int) -> str:
    """The name that a person chose."""
    return names_of([person_id]).get(person_id, "")


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """The names that people chose, by id."""
    return dict(Person.objects.filter(id__in=list(person_ids)).values_list("id", "display_name"))


def person_id_of_email(email: str) -> int:
    """The id of the person with this address."""
    found = Person.objects.filter(email=email.strip().lower()).values_list("id", flat=True).first()
    if found is None:
        raise NotFound("person_not_found", "There is nobody with the address {email}.", email=email[:80])
    return found


def ids_of_codes(codes: Iterable[UUID]) -> dict[UUID, int]:
    """The ids behind workers' codes, as far as there are any. A code cannot be guessed; workers tell it."""
    found = Person.objects.filter(uuid__in=list(codes), is_active=True)
    return dict(found.values_list("uuid", "id"))


def ids_of_emails(emails: Iterable[str], *, organisation_id: int | None) -> dict[str, int]:
    """The ids behind addresses: among an organisation's members, or (None) among all people."""
    found = Person.objects.filter(email__in=[email.lower() for email in emails], is_active=True)
    if organisation_id is not None:
        found = found.filter(memberships__organisation_id=organisation_id)
    return dict(found.values_list("email", "id"))


def codes_of(person_ids: Iterable[int]) -> dict[int, UUID]:
    """The workers' codes by id."""
    return dict(Person.objects.filter(id__in=list(person_ids)).values_list("id", "uuid"))


def worker_profile(person_id: int) -> WorkerProfile:
    """What an audience asks about a worker."""
    spoken = PersonLanguage.objects.filter(person=OuterRef("id")).order_by("id")
    joined = Membership.objects.filter(person=OuterRef("id")).order_by("id")
    own_teams = TeamMember.objects.filter(membership=OuterRef("id")).order_by("id")
    found = (
        Person.objects.filter(id=person_id)
        .annotate(
            spoken=ArraySubquery(spoken.values(pair=JSONObject(tag="tag", level="level"))),
            joined=ArraySubquery(
                joined.annotate(own=ArraySubquery(own_teams.values("team__slug"))).values(
                    line=JSONObject(organisation="organisation_id", role="role", teams="own")
                )
            ),
        )
        .first()
    )
    if found is None:
        raise NotFound("person_not_found", "There is no such person.")
    return WorkerProfile(
        person_id=found.id,
        email=found.email,
        kind=Kind(found.kind),
        country=found.country,
        time_zone=found.time_zone,
        languages={pair["tag"]: pair["level"] for pair in found.spoken},
        teams={
            line["organisation"]: rules.teams_by_role(Role(line["role"])) | frozenset(line["teams"])
            for line in found.joined
        },
        is_adult=found.adult_confirmed_at is not None or found.kind != Kind.PERSON,
        is_active=found.is_active,
    )


def languages_of(person_id: int) -> dict[str, str]:
    """The languages that somebody speaks, tag → level."""
    return dict(PersonLanguage.objects.filter(person_id=person_id).order_by("id").values_list("tag", "level"))


def has_consented(person_id: int, document: str, version: str) -> bool:
    """Whether a person agreed to this version of a document."""
    return Consent.objects.filter(person_id=person_id, document=document, version=version).exists()


def owes_terms(person_id: int) -> bool:
    """Whether a person still has to agree to the terms as they are now, or to say that they are of age."""
    return owes_age(person_id) or not has_consented(person_id, TERMS, settings.TERMS_VERSION)


def owes_age(person_id: int) -> bool:
    """Whether a person has not confirmed yet that they are of age."""
    return Person.objects.filter(id=person_id, kind=Kind.PERSON, adult_confirmed_at=None).exists()


PEOPLE_FILTERS = ("email", "name", "kind", "country", "operator", "active")


def people_page(
    actor: Actor,
    *,
    search: str = "",
    filters: Mapping[str, str] | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[PersonView]:
    """For operators: people, newest first, by a part of name or address, or by fields of PEOPLE_FILTERS only."""
    rules.require_operator(actor)
    wanted = _search(search)
    for name, value in (filters or {}).items():
        if value:
            wanted &= _people_filter(name, value)
    found = Person.objects.filter(wanted).order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    return [_person_view(row) for row in found[: min(limit, 200)]]


def _search(text: str) -> Q:
    """A worker's code says exactly who; everything else is a part of name or address."""
    if not text:
        return Q()
    try:
        return Q(uuid=UUID(text))
    except ValueError:
        return Q(email__contains=text.lower()) | Q(display_name__icontains=text)


@dataclass(frozen=True)
class ConsentView:
    """What a person agreed to."""

    document: str
    version: str
    given_at: datetime.datetime


def consents_of(actor: Actor, person_id: int) -> list[ConsentView]:
    """For oneself and for operators: what a person agreed to, the newest first."""
    if actor.person_id != person_id:
        rules.require_operator(actor)
    found = Consent.objects.filter(person_id=person_id).order_by("-id")[:50]
    return [ConsentView(row.document, row.version, row.given_at) for row in found]


def _people_filter(name: str, value: str) -> Q:
    match name:
        case "email":
            return Q(email__contains=value.lower())
        case "name":
            return Q(display_name__icontains=value)
        case "kind" | "country":
            return Q(**{name: value})
        case "operator" | "active":
            return Q(**{f"is_{name}": value == "yes"})
    raise Invalid(
        "filter_unknown",
        "“{name}” is no filter here; use one of: {known}.",
        name=name,
        known=", ".join(PEOPLE_FILTERS),
    )


def _person_view(row: Person) -> PersonView:
    return PersonView(
        id=row.id,
        uuid=row.uuid,
        email=row.email,
        display_name=row.display_name,
        kind=Kind(row.kind),
        country=row.country,
        time_zone=row.time_zone,
        ui_language=row.ui_language,
        mail_level=row.mail_level,
        is_operator=row.is_operator,
        is_active=row.is_active,
        email_verified_at=row.email_verified_at,
        joined_at=row.joined_at,
        last_sign_in_at=row.last_login,
    )


OPERATOR_WAITS = datetime.timedelta(hours=72)


def new_operator_until(person_id: int | None, now: datetime.datetime) -> datetime.datetime | None:
    """Until when somebody is too new an operator to be the second pair of eyes; None: they are not."""
    if person_id is None:
        return None
    found = Person.objects.filter(id=person_id, is_operator=True, operator_since__gt=now - OPERATOR_WAITS)
    since = found.values_list("operator_since", flat=True).first()
    return since + OPERATOR_WAITS if since else None


def second_operators(person_id: int | None, now: datetime.datetime) -> set[int]:
    """Who else has to look at what this person begins and what moves money: other operators, and who was one until three days
    ago; not who became one since. So nobody is alone, or two, by giving the role away or taking it."""
    lately = now - OPERATOR_WAITS
    long_since = Q(operator_since=None) | Q(operator_since__lte=lately)
    found = Person.objects.filter(
        Q(long_since, is_operator=True, is_active=True) | Q(operator_until__gt=lately)
    )
    return set(found.values_list("id", flat=True)) - {person_id}


def operator_ids() -> list[int]:
    """Who operates the instance now."""
    return list(
        Person.objects.filter(is_operator=True, is_active=True).order_by("id").values_list("id", flat=True)
    )
