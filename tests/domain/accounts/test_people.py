"""Sign-up, profile, consent, and who operates."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.models import StoredEvent
from tagwerk.config import settings as as_shipped
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.models import Consent, Person, PersonLanguage
from tagwerk.domain.accounts.rules import CONSOLE, Channel, Kind
from tests.people import PASSWORD, actor, key_actor, member, organisation, person, simulated

pytestmark = pytest.mark.django_db

FACTS = {
    "display_name": "Mia",
    "country": "at",
    "time_zone": "Europe/Vienna",
    "languages": {"de-at": "native", "en": "b2"},
    "adult": True,
    "terms_version": "2026-11",
    "ui_language": "de",
}


@pytest.fixture(autouse=True)
def _terms(settings):
    settings.TERMS_VERSION = "2026-11"


def fresh() -> int:
    """An account as allauth leaves it: address and password, nothing more."""
    return Person.objects.create(email="mia@example.org").id


def told(name: str) -> list[StoredEvent]:
    return list(StoredEvent.objects.filter(name=name).order_by("id"))


def test_a_sign_up_is_completed():
    person_id = fresh()
    accounts.complete_sign_up(person_id=person_id, **FACTS)
    profile = queries.worker_profile(person_id)
    assert (profile.country, profile.time_zone) == ("AT", "Europe/Vienna")
    assert profile.languages == {"de-AT": "native", "en": "B2"}
    assert profile.is_adult
    assert queries.has_consented(person_id, "terms", "2026-11") and not queries.owes_terms(person_id)
    assert [event.facts for event in told("PersonSignedUp")] == [{"person_id": person_id}]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"adult": False}, "adult_needed"),
        ({"terms_version": "2020-01"}, "terms_changed"),
        ({"country": "XX"}, "country_unknown"),
        ({"time_zone": "Moon"}, "time_zone_unknown"),
        ({"languages": {"de": "D9"}}, "level_unknown"),
        ({"display_name": " "}, "name_length"),
        ({"ui_language": "xx"}, "ui_language_unknown"),
    ],
)
def test_a_sign_up_that_lacks_something_is_refused(change, code):
    with pytest.raises((Invalid, Conflict)) as refusal:
        accounts.complete_sign_up(person_id=fresh(), **(FACTS | change))
    assert refusal.value.code == code
    assert not Consent.objects.exists()


def test_nobody_signs_up_for_a_person_who_is_not_there():
    with pytest.raises(NotFound):
        accounts.complete_sign_up(person_id=10**9, **FACTS)


def test_an_address_is_confirmed_once():
    person_id = fresh()
    accounts.confirm_email(person_id=person_id, email="MIA@example.org")
    first = queries.person(person_id)
    accounts.confirm_email(person_id=person_id, email="mia@example.org")
    assert first.gets_mail and queries.person(person_id) == first


def test_a_new_address_replaces_the_old_one_unless_it_is_somebodys():
    mia = fresh()
    accounts.confirm_email(person_id=mia, email="mia.new@example.org")
    assert queries.person_id_of_email("Mia.New@example.org") == mia
    with pytest.raises(Conflict) as refusal:
        accounts.confirm_email(person_id=mia, email=person("ben").email)
    assert refusal.value.code == "email_taken"


def test_a_profile_changes_in_what_is_given():
    accounts.update_profile(actor=actor("ben"), country="AT", mail_level="none")
    ben = queries.person(person("ben").id)
    assert (ben.country, ben.mail_level, ben.time_zone, ben.display_name) == (
        "AT",
        "none",
        "Europe/Berlin",
        "Ben",
    )
    assert told("ProfileChanged")[-1].facts == {"person_id": ben.id}
    with pytest.raises(Invalid):
        accounts.update_profile(actor=actor("ben"), country="")


def test_languages_are_replaced():
    accounts.set_languages(actor=actor("ben"), languages={"fr": "A2"})
    assert queries.worker_profile(person("ben").id).languages == {"fr": "A2"}
    with pytest.raises(Invalid):
        accounts.set_languages(actor=actor("ben"), languages={"fr": "fluent"})
    assert PersonLanguage.objects.filter(person=person("ben")).count() == 1


def test_an_organisations_key_has_no_profile():
    key = key_actor("ada", organisation())
    with pytest.raises(NotFound):
        accounts.update_profile(actor=key, country="AT")


def test_consent_is_given_once_per_version(settings):
    ben, before = actor("ben"), len(told("ConsentGiven"))
    for version in ("2027-01", "2027-01", "2027-02"):
        settings.TERMS_VERSION = version
        accounts.agree_to_terms(actor=ben, version=version)
    versions = [event.facts["document_version"] for event in told("ConsentGiven")[before:]]
    assert versions == ["2027-01", "2027-02"]
    assert queries.has_consented(ben.person_id, "terms", "2027-02")
    assert not queries.has_consented(actor("cyn").person_id, "terms", "2027-01")


def test_old_terms_cannot_be_agreed_to_and_new_ones_are_owed(settings):
    ben = actor("ben")
    settings.TERMS_VERSION = "2027-01"
    assert queries.owes_terms(ben.person_id)
    with pytest.raises(Conflict) as refusal:
        accounts.agree_to_terms(actor=ben, version="2026-11")
    assert refusal.value.code == "terms_changed"
    accounts.agree_to_terms(actor=ben, version="2027-01")
    assert not queries.owes_terms(ben.person_id)


def test_who_was_made_by_an_operator_confirms_terms_and_age_first():
    fay = accounts.create_person(actor=CONSOLE, email="fay@example.org", display_name="Fay")
    asking = queries.actor_of_person(fay)
    assert queries.owes_terms(fay) and queries.owes_age(fay)
    assert not queries.worker_profile(fay).is_adult
    with pytest.raises(Invalid) as refusal:
        accounts.agree_to_terms(actor=asking, version="2026-11")
    assert refusal.value.code == "adult_needed" and queries.owes_terms(fay)
    accounts.agree_to_terms(actor=asking, version="2026-11", adult=True)
    assert not queries.owes_terms(fay) and queries.worker_profile(fay).is_adult


def test_who_confirmed_only_the_terms_still_owes_the_age():
    fay = accounts.create_person(actor=CONSOLE, email="fay@example.org", display_name="Fay")
    Consent.objects.create(person_id=fay, document="terms", version="2026-11")
    assert queries.owes_terms(fay)


def test_machines_owe_no_terms():
    for kind in (Kind.MODEL, Kind.SIMULATION):
        asking = simulated(f"x-{kind}", kind=kind)
        assert not asking.owes_terms and not queries.owes_age(asking.person_id)


def test_an_operator_makes_an_account_with_a_password():
    made = accounts.create_person(
        actor=actor("dan"),
        email="Fay@Example.org",
        display_name="Fay",
        password=PASSWORD,
        languages={"en": "C2"},
    )
    row = Person.objects.get(id=made)
    assert (row.email, row.is_operator) == ("fay@example.org", False)
    assert row.email_verified_at and check_password(PASSWORD, row.password)
    with pytest.raises(Conflict) as refusal:
        accounts.create_person(actor=CONSOLE, email="fay@example.org", display_name="Fay")
    assert refusal.value.code == "email_taken"


def test_weak_passwords_are_refused():
    with pytest.raises(Invalid) as refusal:
        accounts.create_person(
            actor=CONSOLE, email="fay@example.org", display_name="Fay", password="password"
        )
    assert refusal.value.code == "password_weak" and "common" in str(refusal.value)
    assert not Person.objects.filter(email="fay@example.org").exists()


def test_without_a_password_nobody_can_sign_in():
    assert not person("ben").has_usable_password()


@pytest.mark.parametrize(
    "attempt",
    [
        lambda who: accounts.create_person(actor=who, email="x@example.org", display_name="X"),
        lambda who: accounts.create_simulated_worker(actor=who, name="x"),
        lambda who: accounts.set_password(actor=who, person_id=who.person_id, password=PASSWORD),
        lambda who: accounts.make_operator(actor=who, person_id=who.person_id),
        lambda who: accounts.suspend_person(actor=who, person_id=who.person_id, reason="other"),
        lambda who: accounts.lift_suspension_of_person(actor=who, person_id=who.person_id),
        lambda who: queries.people_page(who),
        lambda who: queries.organisations_page(who),
    ],
)
def test_only_operators_manage_people(attempt):
    organisation()
    with pytest.raises(NotFound):
        attempt(actor("ada"))


def test_an_operator_gives_a_password_and_the_same_again_changes_nothing():
    ben = person("ben")
    accounts.set_password(actor=actor("dan"), person_id=ben.id, password=PASSWORD)
    kept = person("ben").password
    accounts.set_password(actor=actor("dan"), person_id=ben.id, password=PASSWORD)
    assert person("ben").check_password(PASSWORD) and person("ben").password == kept
    assert len(told("PasswordSet")) == 1
    with pytest.raises(Invalid):
        accounts.set_password(actor=CONSOLE, person_id=ben.id, password="short")


def test_a_simulated_worker_is_made_once_and_has_one_key():
    first = simulated("sim-7", languages={"de": "C1"})
    again = accounts.create_simulated_worker(actor=CONSOLE, name="sim-7")
    assert again.person_id == first.person_id
    assert (first.channel, first.scopes) == (Channel.SIMULATION, frozenset({"work"}))
    assert [key.state for key in queries.keys_of(replace(first, scopes=None))] == ["alive", "revoked"]
    assert queries.actor_of_key(again.key_text) is not None
    soon = timezone.now() + timedelta(hours=1)
    beside = accounts.create_simulated_worker(actor=CONSOLE, name="sim-7", key_expires_at=soon)
    for key in (again, beside):
        assert queries.actor_of_key(key.key_text) is not None
    profile = queries.worker_profile(first.person_id)
    assert (profile.languages, profile.is_adult) == ({"de": "C1"}, True)
    assert not queries.person(first.person_id).gets_mail


def test_model_workers_come_by_their_own_channel():
    assert simulated("gpt-oss", kind=Kind.MODEL).channel is Channel.MODEL


def test_one_operator_remains():
    dan, ben = actor("dan"), person("ben")
    with pytest.raises(Conflict) as refusal:
        accounts.make_operator(actor=CONSOLE, person_id=dan.person_id, is_operator=False)
    assert refusal.value.code == "last_operator"
    accounts.make_operator(actor=dan, person_id=ben.id)
    accounts.make_operator(actor=dan, person_id=ben.id)
    accounts.make_operator(actor=actor("ben"), person_id=dan.person_id, is_operator=False)
    assert not actor("dan").is_operator
    assert [event.facts["is_operator"] for event in told("OperatorChanged")] == [True, False]


def test_machines_do_not_operate():
    with pytest.raises(Invalid) as refusal:
        accounts.make_operator(actor=CONSOLE, person_id=simulated().person_id)
    assert refusal.value.code == "operator_not_human"


def test_who_is_shut_out_has_no_way_in():
    ben = key_actor("ben")
    accounts.suspend_person(actor=actor("dan"), person_id=ben.person_id, reason="other")
    accounts.suspend_person(actor=actor("dan"), person_id=ben.person_id, reason="other")
    with pytest.raises(NotFound):
        queries.actor_of_person(ben.person_id)
    assert not queries.worker_profile(ben.person_id).is_active
    accounts.lift_suspension_of_person(actor=actor("dan"), person_id=ben.person_id)
    accounts.lift_suspension_of_person(actor=actor("dan"), person_id=ben.person_id)
    assert queries.actor_of_person(ben.person_id).name == "Ben"
    assert (len(told("PersonSuspended")), len(told("PersonSuspensionLifted"))) == (1, 1)


def test_operators_are_not_shut_out():
    with pytest.raises(Conflict) as refusal:
        accounts.suspend_person(actor=actor("dan"), person_id=person("dan").id, reason="other")
    assert refusal.value.code == "person_operates"


def test_an_actor_is_read_in_one_query(django_assert_num_queries):
    organisation("acme", owner="ada")
    organisation("globex", owner="ada")
    ada = person("ada").id
    with django_assert_num_queries(1):
        asking = queries.actor_of_person(ada)
    assert sorted(asking.roles.values()) == ["owner", "owner"]


def test_the_operator_searches_by_known_fields_only():
    for name in ("ben", "cyn"):
        person(name)
    dan = actor("dan")
    assert [row.display_name for row in queries.people_page(dan)] == ["Dan", "Cyn", "Ben"]
    assert [row.display_name for row in queries.people_page(dan, filters={"email": "CYN@", "name": ""})] == [
        "Cyn"
    ]
    assert [
        row.display_name for row in queries.people_page(dan, filters={"operator": "yes", "active": "yes"})
    ] == ["Dan"]
    assert queries.people_page(dan, filters={"country": "FR"}) == []
    assert len(queries.people_page(dan, search="EXAMPLE")) == 3
    first = queries.people_page(dan, limit=1)
    assert [row.display_name for row in queries.people_page(dan, before=first[-1].id, limit=1)] == ["Cyn"]
    for name in ("password", "email__startswith", "memberships__role"):
        with pytest.raises(Invalid) as refusal:
            queries.people_page(dan, filters={name: "x"})
        assert refusal.value.code == "filter_unknown"


def test_names_are_known_by_id():
    ben, cyn = person("ben").id, person("cyn").id
    assert queries.names_of([ben, cyn, 10**9]) == {ben: "Ben", cyn: "Cyn"}
    assert (queries.person_name(ben), queries.person_name(10**9)) == ("Ben", "")
    with pytest.raises(NotFound):
        queries.person_id_of_email("nobody@example.org")
    with pytest.raises(NotFound):
        queries.worker_profile(10**9)


def test_only_staff_is_seen_by_name():
    acme = organisation()
    member("cyn", acme)
    assert queries.staff_names(acme, [person("ben").id, person("cyn").id]) == {person("cyn").id: "Cyn"}


def test_passwords_are_hashed_so_that_guessing_takes_its_time(settings):
    settings.PASSWORD_HASHERS = as_shipped.PASSWORD_HASHERS  # the tests' own hash is quick
    assert make_password(PASSWORD).startswith("scrypt$")
