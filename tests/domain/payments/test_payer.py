"""The operator's company: one row of a known sort."""

import pytest
from django.db.utils import IntegrityError

from tagwerk.base.errors import NotFound
from tagwerk.domain.payments import actions, queries
from tagwerk.domain.payments.models import Payer
from tagwerk.domain.payments.queries.rail_files import sepa_file
from tests.domain.payments.wages import company, earn, locked_run, now, payee, released_run
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


def test_a_file_for_the_bank_says_what_the_company_was_at_the_release():
    earn(payee("ben"), 10)
    run = released_run()
    before = b"".join(sepa_file(actor("dan"), run.id).pieces)
    company(
        name="Other Operator AG", iban="DE02120300000000202051", bic="BYLADEM1001", town="Köln", street="",
        building="", postcode="", time_zone="Asia/Tokyo",
    )  # fmt: skip
    assert b"".join(sepa_file(actor("dan"), run.id).pieces) == before
    assert b"Crowd Operator GmbH" in before and b"DE89370400440532013000" in before
    earn(payee("eve"), 10)
    after = b"".join(sepa_file(actor("dan"), released_run_as_it_is().id).pieces)
    assert b"Other Operator AG" in after and b"DE02120300000000202051" in after


def released_run_as_it_is():
    run = locked_run()
    actions.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)
    return run
