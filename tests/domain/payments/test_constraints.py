from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from tagwerk.domain.payments.models import Booking, Payer, Payout, PayoutHold, PayoutMethod, PayoutRun
from tests.people import organisation, person

NOW = datetime(2026, 11, 2, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"key": ""}, "booking_key_given"),
        ({"direction": "gift"}, "booking_direction_known"),
        ({"amount_micros": 0}, "booking_amount_range"),
        ({"amount_micros": 10**15 + 1}, "booking_amount_range"),
        ({"currency": "eur"}, "booking_currency_shape"),
    ],
)
def test_bookings_are_of_a_known_sort(facts: dict[str, object], name: str) -> None:
    usual: dict[str, object] = {"direction": "deposit", "amount_micros": 1, "currency": "EUR", "key": "k"}
    with pytest.raises(IntegrityError, match=name):
        Booking.objects.create(organisation_id=organisation(), **(usual | facts))


def test_a_key_is_used_once() -> None:
    def book() -> None:
        Booking.objects.create(
            organisation_id=organisation(), direction="deposit", amount_micros=1, currency="EUR", key="k"
        )

    book()
    with pytest.raises(IntegrityError, match="booking_key_once"):
        book()


RUN = {"currency": "EUR", "cutoff_at": NOW, "through_seq": 0, "minimum_micros": 0}


def run(**changes: object) -> PayoutRun:
    return PayoutRun.objects.create(**(RUN | changes))


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"state": "lost"}, "payout_run_state_known"),
        ({"currency": "eur"}, "payout_run_currency_shape"),
        ({"released_at": NOW}, "payout_run_release_marked"),
        ({"released_at": NOW, "released_alone": False}, "payout_run_two_people"),
    ],
)
def test_runs_are_of_a_known_sort(facts: dict[str, object], name: str) -> None:
    with pytest.raises(IntegrityError, match=name):
        run(**facts)


def test_nobody_is_both_maker_and_checker_unless_it_is_marked() -> None:
    dan = person("dan").id
    both = {"made_by_id": dan, "released_by_id": dan, "released_at": NOW}
    run(**both, released_alone=True, state="done")
    with pytest.raises(IntegrityError, match="payout_run_two_people"):
        run(**both, released_alone=False, state="done", cutoff_at=NOW + timedelta(days=1))


def test_a_cut_off_has_one_run_and_a_currency_one_open_run() -> None:
    run(state="cancelled")
    run(state="done")
    with pytest.raises(IntegrityError, match="payout_run_once"), transaction.atomic():
        run(state="done")
    run(cutoff_at=NOW + timedelta(days=1))
    with pytest.raises(IntegrityError, match="payout_run_one_open"):
        run(cutoff_at=NOW + timedelta(days=2))


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"rail": "pigeon"}, "payout_rail_known"),
        ({"amount_micros": -1}, "payout_amount_not_negative"),
        ({"reason": ""}, "payout_left_out_says_why"),
        ({"state": "planned"}, "payout_has_a_method"),
    ],
)
def test_payouts_are_of_a_known_sort(facts: dict[str, object], name: str) -> None:
    usual = {"state": "left_out", "reason": "method_missing", "amount_micros": 0}
    with pytest.raises(IntegrityError, match=name):
        Payout.objects.create(run=run(), person=person("ben"), **(usual | facts))


def test_a_payout_has_a_known_state() -> None:
    with pytest.raises(IntegrityError, match="payout_state_known"):
        Payout.objects.create(
            run=run(), person=person("ben"), state="lost", method=method(), rail="sepa", amount_micros=1
        )


def test_a_worker_is_in_a_run_once() -> None:
    here = run()
    Payout.objects.create(run=here, person=person("ben"), state="left_out", reason="x", amount_micros=0)
    with pytest.raises(IntegrityError, match="payout_once_in_a_run"):
        Payout.objects.create(run=here, person=person("ben"), state="left_out", reason="x", amount_micros=0)


def method(**changes: object) -> PayoutMethod:
    facts = {"rail": "sepa", "sealed": "", "shown": "", "fingerprint": b"", "person": person("ben")}
    return PayoutMethod.objects.create(**(facts | changes))


def test_a_worker_has_one_method_in_use_and_one_that_waits_for_its_mail() -> None:
    method()
    method(confirmed_at=NOW, usable_at=NOW)
    method(confirmed_at=NOW, usable_at=NOW, ended_at=NOW)
    with pytest.raises(IntegrityError, match="payout_method_one_asked"), transaction.atomic():
        method()
    with pytest.raises(IntegrityError, match="payout_method_one_in_use"):
        method(confirmed_at=NOW, usable_at=NOW)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"rail": "pigeon"}, "payout_method_rail_known"),
        ({"usable_at": NOW}, "payout_method_usable_once_confirmed"),
        ({"confirmed_at": NOW, "usable_at": NOW - timedelta(1)}, "payout_method_usable_once_confirmed"),
    ],
)
def test_methods_are_of_a_known_sort(facts: dict[str, object], name: str) -> None:
    with pytest.raises(IntegrityError, match=name):
        method(**facts)


def hold(**changes: object) -> PayoutHold:
    facts = {
        "person": person("ben"), "code": "fraud_review", "reason": "Who?", "begun_at": NOW, "until": NOW + timedelta(1),
    }  # fmt: skip
    return PayoutHold.objects.create(**(facts | changes))


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"code": "mood"}, "payout_hold_code_known"),
        ({"reason": ""}, "payout_hold_says_why"),
        ({"until": NOW}, "payout_hold_ends"),
    ],
)
def test_holds_have_a_reason_and_an_end(facts: dict[str, object], name: str) -> None:
    with pytest.raises(IntegrityError, match=name):
        hold(**facts)


def test_a_reason_holds_once_at_a_time() -> None:
    hold(ended_at=NOW)
    hold()
    with pytest.raises(IntegrityError, match="payout_hold_once"):
        hold()


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"id": 2}, "payer_only_one"),
        ({"contract_model": "friend"}, "payer_contract_model_known"),
        ({"minimum_micros": 10_000_001}, "payer_minimum_range"),
    ],
)
def test_there_is_one_payer_of_a_known_sort(facts: dict[str, object], name: str) -> None:
    with pytest.raises(IntegrityError, match=name):
        Payer.objects.create(**facts)
