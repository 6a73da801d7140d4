"""The operator's company: one row of a known sort."""

import pytest
from django.db.utils import IntegrityError

from tagwerk.base.errors import NotFound
from tagwerk.domain.payments import actions, queries
from tagwerk.domain.payments.models import Payer
from tests.people import actor

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"id": 2}, "payer_only_one"),
        ({"contract_model": "friend"}, "payer_contract_model_known"),
        ({"minimum_micros": 10_000_001}, "payer_minimum_range"),
        ({"minimum_micros": -1}, "payer_minimum_range"),
        ({"vat_scheme": "sometimes"}, "payer_vat_scheme_known"),
    ],
)
def test_the_payer_is_of_a_known_sort(facts, name):
    with pytest.raises(IntegrityError, match=name):
        Payer.objects.create(**facts)


def test_only_operators_say_who_pays():
    for who in ("ada", "ben"):
        with pytest.raises(NotFound):
            actions.change_payer(actor=actor(who), name="Mine")
    assert queries.payer().name == ""


def test_what_was_said_is_kept_in_mind_and_forgotten_on_a_change(django_assert_num_queries):
    queries.payer()
    with django_assert_num_queries(0):
        queries.payer()
    actions.change_payer(actor=actor("dan"), name="Nordlicht GmbH", country="de")
    assert (queries.payer().name, queries.payer().country) == ("Nordlicht GmbH", "DE")
