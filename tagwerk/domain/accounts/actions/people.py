"""A person's own: sign-up, profile, languages, consent; and who operates the instance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.actions.keys import give_machine_key
from tagwerk.domain.accounts.events import (
    ConsentGiven,
    OperatorChanged,
    PasswordSet,
    PersonSignedUp,
    ProfileChanged,
)
from tagwerk.domain.accounts.models import Consent, Person, PersonLanguage
from tagwerk.domain.accounts.rules import TERMS, Actor, Kind


@transaction.atomic
def complete_sign_up(
    *,
    person_id: int,
    display_name: str,
    country: str,
    time_zone: str,
    languages: Mapping[str, str],
    adult: bool,
    terms_version: str,
    ui_language: str = "en",
) -> None:
    """Complete a fresh account with its profile, the confirmation of age and the consent to the terms."""
    person = _locked(person_id)
    _require_adult(adult)
    _require_present_terms(terms_version)
    _write_profile(
        person,
        display_name=display_name,
        country=country,
        time_zone=time_zone,
        ui_language=ui_language,
        mail_level=None,
    )
    person.adult_confirmed_at = timezone.now()
    person.save()
    _write_languages(person.id, languages)
    Consent.objects.get_or_create(person=person, document=TERMS, version=terms_version)
    record(PersonSignedUp(actor_id=person.id, person_id=person.id))


@transaction.atomic
def confirm_email(*, person_id: int, email: str) -> None:
    """Note that a person's address is theirs; it is their address from now on."""
    person = _locked(person_id)
    email = rules.email_address(email)
    if person.email == email and person.email_verified_at is not None:
        return
    if Person.objects.filter(email=email).exclude(id=person.id).exists():
        raise Conflict("email_taken", "Somebody with this e-mail address is here already.", path="email")
    person.email, person.email_verified_at = email, timezone.now()
    person.save(update_fields=["email", "email_verified_at"])


@transaction.atomic
def update_profile(
    *,
    actor: Actor,
    display_name: str | None = None,
    country: str | None = None,
    time_zone: str | None = None,
    ui_language: str | None = None,
    mail_level: str | None = None,
) -> None:
    """Change what is given of one's own profile."""
    person = _locked(_own_id(actor))
    _write_profile(
        person,
        display_name=display_name,
        country=country,
        time_zone=time_zone,
        ui_language=ui_language,
        mail_level=mail_level,
    )
    person.save()
    record(ProfileChanged(actor_id=person.id, person_id=person.id))


@transaction.atomic
def set_languages(*, actor: Actor, languages: Mapping[str, str]) -> None:
    """Set one's own languages, tag → level, in place of those before."""
    person = _locked(_own_id(actor))
    _write_languages(person.id, languages)
    record(ProfileChanged(actor_id=person.id, person_id=person.id))


@transaction.atomic
def change_preferences(*, actor: Actor, **changes: Any) -> None:
    """Change how the pages are for oneself; `changes` are fields of rules.Preferences."""
    person = _locked(_own_id(actor))
    person.preferences = rules.preferences_changed(person.preferences, changes)
    person.save(update_fields=["preferences"])


@transaction.atomic
def agree_to_terms(*, actor: Actor, version: str, adult: bool = False) -> None:
    """Agree to the terms as they are now; who has not said so before also confirms to be of age."""
    person = _locked(_own_id(actor))
    _require_present_terms(version)
    if person.adult_confirmed_at is None:
        _require_adult(adult)
        person.adult_confirmed_at = timezone.now()
        person.save(update_fields=["adult_confirmed_at"])
        record(ProfileChanged(actor_id=person.id, person_id=person.id))
    _, is_new = Consent.objects.get_or_create(person=person, document=TERMS, version=version)
    if is_new:
        record(
            ConsentGiven(actor_id=person.id, person_id=person.id, document=TERMS, document_version=version)
        )


@transaction.atomic
def create_person(
    *,
    actor: Actor,
    email: str,
    display_name: str,
    password: str | None = None,
    country: str = "",
    time_zone: str = "UTC",
    ui_language: str | None = None,
    languages: Mapping[str, str] | None = None,
    is_operator: bool = False,
) -> int:
    """An operator makes an account whose address needs no confirmation; without password it cannot sign in yet.
    Terms and age are for the person to confirm, at the first sign-in; without a language, their pages follow their
    browser until they choose one."""
    rules.require_operator(actor)
    email = rules.email_address(email)
    if Person.objects.filter(email=email).exists():
        raise Conflict("email_taken", "Somebody with this e-mail address is here already.", path="email")
    person = Person(email=email, email_verified_at=timezone.now(), is_operator=is_operator, ui_language="")
    _write_profile(
        person,
        display_name=display_name,
        country=country or None,
        time_zone=time_zone,
        ui_language=ui_language,
        mail_level=None,
    )
    _write_password(person, password)
    person.save()
    _write_languages(person.id, languages or {})
    record(PersonSignedUp(actor_id=actor.person_id, person_id=person.id))
    return person.id


@transaction.atomic
def set_password(*, actor: Actor, person_id: int, password: str) -> None:
    """An operator gives a person a password; the one they have already changes nothing and ends no session."""
    rules.require_operator(actor)
    person = _locked(person_id)
    if not person.check_password(password):
        _write_password(person, password)
        person.save(update_fields=["password"])
        record(PasswordSet(actor_id=actor.person_id, person_id=person.id))


@dataclass(frozen=True)
class Simulated:
    """A worker that is no person, and its new key."""

    person_id: int
    key_id: int
    key_text: str


@transaction.atomic
def create_simulated_worker(
    *,
    actor: Actor,
    name: str,
    kind: Kind = Kind.SIMULATION,
    country: str = "",
    languages: Mapping[str, str] | None = None,
    key_expires_at: datetime | None = None,
) -> Simulated:
    """An operator makes a simulated person or a model worker; one of that name is taken again, with a new key.
    A key that lasts ends those before; one that expires stands beside them, so that two programs can be at work."""
    rules.require_operator(actor)
    assert kind is not Kind.PERSON, "people sign up themselves"
    name = rules.plain_name(name, longest=80, path="name")
    person, _ = Person.objects.select_for_update().get_or_create(
        email=rules.address_of_machine(name, kind), defaults={"display_name": name, "kind": kind.value}
    )
    if country:
        person.country = rules.country_code(country)
        person.save(update_fields=["country"])
    if languages is not None:
        _write_languages(person.id, languages)
    key = give_machine_key(person_id=person.id, name=name, expires_at=key_expires_at)
    record(ProfileChanged(actor_id=actor.person_id, person_id=person.id))
    return Simulated(person.id, key.id, key.text)


@transaction.atomic
def make_operator(*, actor: Actor, person_id: int, is_operator: bool = True) -> None:
    """An operator makes a person an operator, or takes that away; one always remains."""
    rules.require_operator(actor)
    operators = list(
        Person.objects.select_for_update().filter(is_operator=True, is_active=True).order_by("id")
    )
    person = _locked(person_id)
    if person.kind != Kind.PERSON:
        raise Invalid("operator_not_human", "Only people can be operators.", path="person")
    if person.is_operator == is_operator:
        return
    if [operator.id for operator in operators] == [person_id]:
        raise Conflict("last_operator", "This is the last operator; make somebody else one first.")
    person.is_operator = is_operator
    # What the console says counts at once: who has a shell on the server could change the row as well.
    changed = "operator_since" if is_operator else "operator_until"
    setattr(person, changed, None if actor == rules.CONSOLE else timezone.now())
    person.save(update_fields=["is_operator", changed])
    record(
        OperatorChanged(
            actor_id=actor.person_id, person_id=person_id, is_operator=is_operator, changed_at=timezone.now().isoformat()
        )
    )  # fmt: skip


def _require_adult(adult: bool) -> None:
    if not adult:
        raise Invalid(
            "adult_needed", "Only adults can take part; confirm that you are 18 or older.", path="adult"
        )


def _require_present_terms(version: str) -> None:
    if version != settings.TERMS_VERSION:
        raise Conflict("terms_changed", "The terms have changed meanwhile; read them again, please.")


def _locked(person_id: int) -> Person:
    person = Person.objects.select_for_update().filter(id=person_id).first()
    if person is None:
        raise NotFound("person_not_found", "There is no such person.")
    return person


def _own_id(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotFound("person_not_found", "There is no such person.")
    return actor.person_id


def _write_profile(
    person: Person,
    *,
    display_name: str | None,
    country: str | None,
    time_zone: str | None,
    ui_language: str | None,
    mail_level: str | None,
) -> None:
    if display_name is not None:
        person.display_name = rules.plain_name(display_name, longest=80, path="display_name")
    if country is not None:
        person.country = rules.country_code(country)
    if time_zone is not None:
        person.time_zone = rules.time_zone_name(time_zone)
    if ui_language is not None:
        person.ui_language = rules.interface_language(ui_language, [code for code, _ in settings.LANGUAGES])
    if mail_level is not None:
        person.mail_level = rules.mail_level(mail_level).value


def _write_languages(person_id: int, languages: Mapping[str, str]) -> None:
    spoken = rules.languages_spoken(languages)
    PersonLanguage.objects.filter(person_id=person_id).delete()
    PersonLanguage.objects.bulk_create(
        PersonLanguage(person_id=person_id, tag=tag, level=level) for tag, level in spoken.items()
    )


def _write_password(person: Person, password: str | None) -> None:
    if password is not None:
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise Invalid(
                "password_weak", "{reason}", path="password", reason=" ".join(error.messages)
            ) from None
    person.set_password(password)
