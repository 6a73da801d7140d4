import pytest
from django.db.utils import IntegrityError

from tagwerk.domain.payments.models import Booking
from tests.people import organisation

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
