import pytest
from django.urls import resolve

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.models import StoredEvent
from tagwerk.domain.accounts.rules import CONSOLE, Actor
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import bank, prepaid
from tagwerk.domain.notices import queries as notices
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.rules import Direction
from tests.people import actor, key_actor, member, organisation

pytestmark = pytest.mark.django_db
MICROS = 1_000_000


def deposit(
    amount_micros: int = 100 * MICROS, *, by: Actor | None = None, key: str = "statement 1", **facts: str
) -> int:
    return payments.book_deposit(
        actor=by or actor("dan"),
        organisation_id=organisation(),
        amount_micros=amount_micros,
        reference=facts.pop("reference", "RE 1"),
        key=key,
        **facts,
    )


def refund(amount_micros: int, *, key: str = "refund 1") -> int:
    return payments.book_refund(
        actor=actor("dan"), organisation_id=organisation(), amount_micros=amount_micros, reference="", key=key
    )


def test_a_deposit_is_there_to_spend_and_told() -> None:
    booking_id = deposit()
    assert queries.prepaid_micros(organisation(), "EUR") == 100 * MICROS
    assert ledger.balance(bank("EUR").code).posted == 100 * MICROS
    fact = StoredEvent.objects.get(name="MoneyDeposited")
    assert fact.organisation_id == organisation() and fact.facts == {"booking_id": booking_id}
    assert fact.actor_id == actor("dan").person_id
    assert ledger.drift_micros() == 0


def test_who_sees_the_money_is_told_of_it_once() -> None:
    organisation()
    finance, viewer = member("fin", organisation(), "finance"), member("vic", organisation(), "viewer")
    booking_id = deposit()
    for _ in range(2):
        assert payments.tell_deposit(booking_id=booking_id) == 2
    for told in (actor("ada"), finance):
        (notice,) = [one for one in notices.inbox(told) if one.kind == "deposit_booked"]
        assert notice.title == "€100.00 arrived for acme"
        assert resolve(notice.link).url_name == "organisation_money"
    assert notices.inbox(viewer) == []


def test_the_same_key_books_once() -> None:
    assert deposit() == deposit()
    assert queries.prepaid_micros(organisation(), "EUR") == 100 * MICROS
    assert StoredEvent.objects.filter(name="MoneyDeposited").count() == 1


@pytest.mark.parametrize("other", [{"reference": "RE 2"}, {"currency": "USD"}])
def test_the_same_key_for_another_booking_is_refused(other: dict[str, str]) -> None:
    """booking_key_once"""
    deposit()
    with pytest.raises(Conflict) as refusal:
        deposit(**other)
    assert refusal.value.code == "booking_differs"
    with pytest.raises(Conflict):
        refund(100 * MICROS, key="statement 1")
    assert queries.prepaid_micros(organisation(), "EUR") == 100 * MICROS


def test_the_console_may_book() -> None:
    deposit(by=CONSOLE)
    assert queries.bookings_page(actor("dan"))[0].booked_by_id is None


@pytest.mark.parametrize("name", ["ada", "ben", "cyn", "eve"])
def test_nobody_else_may(name: str) -> None:
    with pytest.raises(NotFound):
        deposit(by=actor(name))


def test_an_operators_key_may_not() -> None:
    with pytest.raises(NotFound):
        deposit(by=key_actor("dan"))


def test_there_must_be_such_an_organisation() -> None:
    with pytest.raises(NotFound):
        payments.book_deposit(
            actor=actor("dan"), organisation_id=10**9, amount_micros=1, reference="", key="k"
        )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"currency": "XXQ"}, "currency_unknown"),
        ({"key": ""}, "key_unusable"),
        ({"reference": "x" * 141}, "reference_too_long"),
    ],
)
def test_what_cannot_be_booked_is_refused(facts: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        deposit(**facts)
    assert refusal.value.code == code
    with pytest.raises(Invalid):
        deposit(-1)


def test_a_refund_takes_what_is_unspent_and_no_more() -> None:
    deposit()
    refund(30 * MICROS)
    assert refund(30 * MICROS) > 0
    assert queries.prepaid_micros(organisation(), "EUR") == 70 * MICROS
    with pytest.raises(Conflict) as refusal:
        refund(71 * MICROS, key="refund 2")
    assert refusal.value.code == "not_enough_money"
    assert [each.direction for each in queries.bookings_page(actor("dan"))] == [
        Direction.REFUND,
        Direction.DEPOSIT,
    ]
    assert StoredEvent.objects.filter(name="MoneyRefunded").count() == 1
    assert ledger.drift_micros() == 0


def test_who_sees_an_organisations_money() -> None:
    deposit()
    for viewer in (
        actor("ada"),
        member("fay", organisation(), "finance"),
        member("gus", organisation(), "manager"),
    ):
        assert queries.organisation_money(viewer, organisation())[0].prepaid_micros == 100 * MICROS
        assert len(queries.bookings_of(viewer, organisation())) == 1
        assert len(queries.organisation_movements(viewer, organisation())) == 1
    organisation("other", owner="eve")
    for stranger in ("cyn", "eve"):
        with pytest.raises(NotFound):
            queries.organisation_money(actor(stranger), organisation())
        with pytest.raises(NotFound):
            queries.bookings_of(actor(stranger), organisation())
        with pytest.raises(NotFound):
            queries.organisation_movements(actor(stranger), organisation())
        with pytest.raises(NotFound):
            queries.bookings_page(actor(stranger))
    with pytest.raises(Exception, match="role"):
        queries.organisation_money(member("hal", organisation(), "reviewer"), organisation())


def test_an_organisation_without_money_has_nothing_of_its_own_currency() -> None:
    acme = organisation()
    (money,) = queries.organisation_money(actor("ada"), acme)
    assert (money.currency, money.prepaid_micros, money.projects) == ("EUR", 0, ())


def test_bookings_page_by_page() -> None:
    for number in range(5):
        deposit(number + 1, key=f"k{number}")
    first = queries.bookings_page(actor("dan"), organisation_id=organisation(), limit=3)
    rest = queries.bookings_page(actor("dan"), organisation_id=organisation(), before=first[-1].id)
    assert [each.amount_micros for each in (*first, *rest)] == [5, 4, 3, 2, 1]
    assert prepaid(organisation(), "EUR").code == f"organisation:{organisation()}:prepaid:EUR"
