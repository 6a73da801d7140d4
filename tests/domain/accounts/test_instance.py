"""What the instance says about itself, and who has the last word."""

import pytest
from django.db import IntegrityError, connection

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.models import StoredEvent
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.models import Instance, Organisation
from tagwerk.domain.accounts.rules import CONSOLE, Source
from tagwerk.domain.projects import queries as projects
from tests import orders
from tests.people import actor, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_set(settings):
    settings.SET_BY_ENVIRONMENT = frozenset()
    settings.FEE_BP, settings.CURRENCY = 2000, "EUR"


def test_an_instance_of_which_nothing_was_said_has_the_defaults():
    found = queries.instance()
    assert (found.name, found.language, found.imprint, found.set_up_at) == ("tagwerk", "en", {}, None)
    assert (found.currency, found.currency_from) == ("EUR", Source.DEFAULT)
    assert (found.fee_bp, found.fee_from) == (2000, Source.DEFAULT)


def test_what_operators_say_counts_at_once_and_is_logged(django_assert_num_queries):
    queries.instance()
    accounts.change_instance(
        actor=actor("dan"),
        name=" Werkstatt  Nord ",
        language="de",
        currency="chf",
        fee_bp=1500,
        contact_email="Wir@Example.org",
        imprint={"de": "# Wir\r\n", "en": " "},
    )
    with django_assert_num_queries(1):
        found = queries.instance()
    with django_assert_num_queries(0):
        queries.instance()
    assert (found.name, found.language, found.contact_email) == ("Werkstatt Nord", "de", "wir@example.org")
    assert (found.currency, found.currency_from, found.fee_bp, found.fee_from) == (
        "CHF",
        "page",
        1500,
        "page",
    )
    assert found.imprint == {"de": "# Wir"} and found.privacy == {}
    event = StoredEvent.objects.get(name="InstanceChanged")
    assert event.actor_id == actor("dan").person_id
    assert event.facts["changes"]["fee_bp"] == [None, 1500]
    assert event.facts["changes"]["imprint"] == [[], ["de"]]
    accounts.change_instance(actor=actor("dan"), fee_bp=1500)
    assert StoredEvent.objects.filter(name="InstanceChanged").count() == 1


def test_the_fee_of_a_project_and_the_currency_of_an_organisation_stay():
    before = orders.project()
    accounts.change_instance(actor=actor("dan"), fee_bp=0, currency="CHF")
    assert orders.project().fee_bp == 0
    assert projects.project(before.id).fee_bp == 2000
    new = accounts.found_organisation(actor=actor("eve"), name="New")
    assert Organisation.objects.get(id=new).currency == "CHF"
    assert Organisation.objects.get(id=organisation()).currency == "EUR"


@pytest.mark.parametrize(
    ("name", "change"), [("TAGWERK_FEE_BP", {"fee_bp": 100}), ("TAGWERK_CURRENCY", {"currency": "CHF"})]
)
def test_the_environment_has_the_last_word(settings, name, change):
    accounts.change_instance(actor=CONSOLE, **change)
    settings.SET_BY_ENVIRONMENT = frozenset({name})
    found = queries.instance()
    sources = {"TAGWERK_FEE_BP": found.fee_from, "TAGWERK_CURRENCY": found.currency_from}
    assert sources.pop(name) is Source.ENVIRONMENT and Source.ENVIRONMENT not in sources.values()
    assert (found.fee_bp, found.currency) == (2000, "EUR")
    with pytest.raises(Conflict, match="The environment sets"):
        accounts.change_instance(actor=CONSOLE, **change)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "name_length"),
        ({"language": "fr"}, "ui_language_unknown"),
        ({"currency": "XXX"}, "currency_unknown"),
        ({"fee_bp": 10_001}, "fee_range"),
        ({"contact_email": "nobody"}, "email_unreadable"),
        ({"imprint": {"fr": "Bonjour"}}, "ui_language_unknown"),
        ({"privacy": {"en": "a" * 50_001}}, "page_text_long"),
    ],
)
def test_what_cannot_be_is_refused(change, code):
    with pytest.raises(Invalid) as refused:
        accounts.change_instance(actor=CONSOLE, **change)
    assert refused.value.code == code


def test_only_operators_say_something():
    for who in ("ada", "ben"):
        with pytest.raises(NotFound):
            accounts.change_instance(actor=actor(who), name="Mine")
        with pytest.raises(NotFound):
            accounts.end_set_up(actor=actor(who))


def test_the_set_up_ends_once():
    accounts.end_set_up(actor=CONSOLE)
    first = queries.instance().set_up_at
    accounts.end_set_up(actor=CONSOLE)
    assert first is not None and queries.instance().set_up_at == first


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("instance_one_row", {"id": 2}),
        ("instance_currency_shape", {"currency": "euro"[:3]}),
        ("instance_fee_range", {"fee_bp": -1}),
    ],
)
def test_the_database_takes_one_row_that_can_be(name, row):
    with pytest.raises(IntegrityError, match=name):
        Instance.objects.create(**row)
    assert connection.needs_rollback
