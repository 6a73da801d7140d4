"""Files of the bank, from our own file for it to a balance that agrees: whatever comes twice, late or not at all."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.money import MICROS
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.ledger.rules import bank, capital, prepaid, rail_fee, suspense
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import (
    BankEntry,
    BankFile,
    BankStatement,
    Booking,
    PayeeCheck,
    Payout,
    PayoutMethod,
)
from tagwerk.domain.payments.queries import bank as queries
from tagwerk.domain.payments.queries import receiving
from tagwerk.domain.payments.queries.rail_files import sepa_file
from tagwerk.domain.payments.rules.bank_entries import Meaning, creditor_reference
from tagwerk.simulation.bank import Answer, Habits, Movement, account_day, answer
from tests.domain.payments.test_sepa import valid
from tests.domain.payments.wages import company, earn, now, payee, released_run, right_book, there
from tests.people import actor, organisation

pytestmark = pytest.mark.django_db
IBAN = "DE89370400440532013000"
TODAY = datetime.now(UTC).date()


def bring(*contents: bytes) -> list[payments.ImportedFile]:
    return [
        file
        for content in contents
        for file in payments.import_bank_file(actor=actor("dan"), name="bank.xml", content=content, now=now())
    ]


def paid_run(*people: str) -> tuple[Any, bytes]:
    """A released run that pays each 10.00, 11.00 … and its file."""
    for number, name in enumerate(people or ("ben", "cyn", "fay", "gil")):
        earn(payee(name), 10 + number)
    run = released_run()
    return run, b"".join(sepa_file(actor("dan"), run.id).pieces)


def states(run: Any) -> list[str]:
    return sorted(Payout.objects.filter(run=run).values_list("state", flat=True))


def of(account: Any) -> float:
    return book.balance(account.code).posted / MICROS


def standing() -> queries.BankStanding:
    (found,) = queries.bank_standings(actor("dan"), now=now())
    return found


def agrees() -> bool:
    return standing().difference_micros == 0 and right_book() and not standing().gaps


def meanings() -> list[str]:
    return sorted(BankEntry.objects.values_list("meaning", flat=True))


def test_the_file_of_a_run_is_valid_and_the_same_each_time() -> None:
    run, content = paid_run()
    document = valid(content)
    assert content == b"".join(sepa_file(actor("dan"), run.id).pieces)
    assert [each.text for each in document.iterfind(".//{*}CtrlSum")] == ["46.00", "46.00"]
    assert {each.text for each in document.iterfind(".//{*}EndToEndId")} == {
        one.ref.hex for one in Payout.objects.filter(run=run)
    }
    for refused in (actor("ben"), actor("ada")):
        with pytest.raises(NotFound):
            sepa_file(refused, run.id)


def test_one_debit_for_the_file_pays_everybody() -> None:
    run, content = paid_run()
    said = answer(content, seed=1, opening_cents=10_000)
    bring(said.booked)
    assert states(run) == ["paid"] * 4 and meanings() == ["run"]
    assert of(bank("EUR")) == 54 and of(capital("EUR")) == 100
    assert agrees()


def files_of(said: Answer) -> tuple[bytes, ...]:
    return said.booked, said.came_back, said.notice


@pytest.mark.parametrize(
    ("order", "single"),
    [*((each, False) for each in permutations(range(3))), ((2, 1, 0), True), ((0, 1, 2), True)],
)
def test_any_order_and_everything_twice(order: tuple[int, ...], single: bool) -> None:
    run, content = paid_run()
    said = answer(content, seed=3, opening_cents=9_900, habits=Habits(returned=2, single_entries=single))
    files = [files_of(said)[place] for place in order]
    bring(*files, *files)
    bring(
        *(file.replace(b"BkToCstmr", b"BkToCstmr ".strip()) + b"\n" for file in files)
    )  # the same in another file
    assert states(run) == ["paid", "paid", "returned", "returned"]
    back = {ref: Payout.objects.get(ref=ref) for ref in said.returned}
    assert all(there(one.person_id) == one.amount_micros / MICROS for one in back.values())
    assert of(bank("EUR")) == said.closing_cents / 100 and of(suspense("EUR")) == 0
    assert agrees() and standing().waiting_micros == 0


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_any_order_of_a_rejection_its_statement_and_a_return(order: tuple[int, ...]) -> None:
    run, content = paid_run()
    said = answer(content, seed=3, opening_cents=9_900, habits=Habits(returned=1, rejected=1))
    files = [(said.status, said.booked, said.came_back)[place] for place in order]
    bring(*files, *(file + b"\n" for file in files))
    assert states(run) == ["failed", "paid", "paid", "returned"] and meanings() == ["returned", "run"]
    assert of(suspense("EUR")) == 0 and agrees() and standing().waiting_micros == 0


def test_a_sum_that_differs_matches_nothing_and_is_said() -> None:
    run, content = paid_run()
    said = answer(content, seed=1, opening_cents=10_000)
    bring(said.booked.replace(b"46.00", b"45.00").replace(b"54.00", b"55.00"))
    assert states(run) == ["submitted"] * 4
    (row,) = queries.bank_entries(actor("dan"), waiting=True)
    assert row.doubt == "sum_differs" and row.amount_micros == -45 * MICROS
    assert of(suspense("EUR")) == -45 and agrees()


def test_a_second_debit_for_the_same_file_is_not_swallowed() -> None:
    _run, content = paid_run()
    bring(
        answer(content, seed=1, opening_cents=10_000).booked,
        answer(content, seed=2, opening_cents=5_400).booked,
    )
    assert [one.doubt for one in queries.bank_entries(actor("dan"), waiting=True)] == ["twice"]
    assert meanings() == ["run", "unknown"] and of(suspense("EUR")) == -46


def test_a_notice_that_fits_nothing_waits_for_the_statement() -> None:
    run, content = paid_run("ben")
    said = answer(content, seed=3, opening_cents=9_900, habits=Habits(returned=1))
    bring(said.booked, said.notice.replace(b">10.00<", b">9.00<"))
    assert states(run) == ["paid"] and meanings() == ["run"] and of(suspense("EUR")) == 0
    bring(said.came_back)
    assert states(run) == ["returned"] and agrees()


def test_rejected_payments_are_back_before_the_debit() -> None:
    run, content = paid_run()
    said = answer(content, seed=3, opening_cents=10_000, habits=Habits(rejected=1))
    bring(said.status, said.status + b"\n", said.booked)
    assert states(run) == ["failed", "paid", "paid", "paid"] and meanings() == ["run"]
    failed = Payout.objects.get(run=run, state="failed")
    assert failed.reason == "AC01" and there(failed.person_id) == failed.amount_micros / MICROS
    assert agrees()


def test_a_rejected_file_pays_nobody() -> None:
    run, content = paid_run()
    said = answer(content, seed=3, opening_cents=0).status.replace(b"ACCP", b"RJCT")
    bring(said.replace(b"</GrpSts>", b"</GrpSts><StsRsnInf><Rsn><Cd>AC02</Cd></Rsn></StsRsnInf>"))
    assert states(run) == ["failed"] * 4 and right_book()
    assert set(Payout.objects.filter(run=run).values_list("reason", flat=True)) == {"not_handed_over"}
    assert BankFile.objects.get().remarks == [["file_rejected", "AC02"]]
    assert not PayoutMethod.objects.exclude(ended_at=None).exists(), "nobody's account is at fault"
    with pytest.raises(NotFound):  # what is in the balances again is in no file any more
        sepa_file(actor("dan"), run.id)


def test_names_that_do_not_fit() -> None:
    run, content = paid_run()
    said = answer(content, seed=3, opening_cents=0, habits=Habits(close_names=1, other_names=1))
    bring(said.names, said.names + b"\n")
    assert states(run) == ["submitted"] * 4
    assert PayeeCheck.objects.count() == 2
    held = Payout.objects.get(ref=said.other[0]).person_id
    assert [one.code for one in receiving.holds_page(actor("dan"), now=now())] == ["name_mismatch"]
    assert [one.person_id for one in receiving.holds_page(actor("dan"), now=now())] == [held]


def test_what_is_not_ours_is_remarked_and_nothing_else() -> None:
    _run, content = paid_run()
    said = answer(content, seed=3, opening_cents=0, habits=Habits(rejected=1))
    other = account_day("ES9121000418450200051332", TODAY, 0, [Movement(500, "")])
    wrong = account_day(IBAN, TODAY, 0, [Movement(500, "")]).replace(
        b">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>", b">4.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>"
    )
    foreign = said.status.replace(b"TAGWERK-", b"SOMEBODY-")
    unknown = said.status.replace(said.rejected[0].encode(), b"0" * 32)
    bring(foreign, unknown, other, wrong)
    codes = [file.remarks[0][0] for file in queries.bank_files(actor("dan"))]
    assert codes == ["does_not_add_up", "other_account", "payment_unknown", "message_unknown"]
    assert standing().difference_micros != 0


def test_deposits_find_their_organisation_and_its_bookings() -> None:
    company()
    org = organisation()
    reference = creditor_reference(org)
    noisy = f"Invoice 7, {reference[:4].lower()} {reference[4:8]}-{reference[8:]} thanks"
    payments.book_deposit(
        actor=actor("dan"), organisation_id=org, amount_micros=70 * MICROS, reference="", key="k"
    )
    bring(account_day(IBAN, TODAY, 5_000, [
        Movement(20_000, noisy), Movement(7_000, reference), Movement(7_000, reference), Movement(-350, "fee", sub_family="CHRG"),
        Movement(1_200, "no idea"), Movement(300, f"{reference} {creditor_reference(org + 1)}"),
        Movement(100, creditor_reference(org + 99)),
    ]))  # fmt: skip
    assert meanings() == ["booking", "deposit", "deposit", "fee", "unknown", "unknown", "unknown"]
    assert of(prepaid(org, "EUR")) == 340 and of(rail_fee("EUR")) == 3.5 and of(suspense("EUR")) == 16
    assert of(capital("EUR")) == 50 and agrees()
    assert [one.doubt for one in queries.bank_entries(actor("dan"), waiting=True)] == [
        "several_references",
        None,
        None,
    ]


def entry(cents: int, text: str = "?") -> int:
    before = BankEntry.objects.count()
    bring(account_day(IBAN, TODAY, 0, [Movement(cents, text)], seed=before))
    return BankEntry.objects.latest("id").id


def assign(entry_id: int, meaning: Meaning, **more: int) -> None:
    payments.assign_bank_entry(actor=actor("dan"), entry_id=entry_id, meaning=meaning, now=now(), **more)


def test_an_operator_says_what_an_entry_is_for() -> None:
    company()
    org = organisation()
    assign(entry(5_000), Meaning.DEPOSIT, organisation_id=org)
    assign(entry(-200), Meaning.FEE)
    assign(entry(-1_000), Meaning.OWN)
    assert of(prepaid(org, "EUR")) == 50 and of(rail_fee("EUR")) == 2 and of(capital("EUR")) == -10
    assert of(bank("EUR")) == 38 and of(suspense("EUR")) == 0 and right_book()
    refund = payments.book_refund(
        actor=actor("dan"), organisation_id=org, amount_micros=20 * MICROS, reference="back to acme", key="r"
    )
    assert Booking.objects.get(id=refund) and of(bank("EUR")) == 18
    found = entry(-2_000, "something")
    assert queries.bank_entry(actor("dan"), found).doubt == "like_a_booking"
    assert [one.id for one in queries.bookings_for(actor("dan"), found)] == [refund]
    assign(found, Meaning.BOOKING, booking_id=refund)
    assert of(bank("EUR")) == 18 and of(suspense("EUR")) == 0 and right_book()
    assert entry(-2_000, "BACK to  Acme!") and BankEntry.objects.latest("id").meaning == "unknown"


def test_a_refund_that_was_booked_is_known_by_its_text() -> None:
    company()
    org = organisation()
    payments.book_deposit(
        actor=CONSOLE, organisation_id=org, amount_micros=20 * MICROS, reference="", key="d"
    )
    payments.book_refund(
        actor=CONSOLE, organisation_id=org, amount_micros=20 * MICROS, reference="back to acme", key="r"
    )
    entry(-2_000, "BACK to  Acme!")
    assert meanings() == ["booking"]


@pytest.mark.parametrize(
    ("cents", "meaning", "more", "code"),
    [
        (-500, Meaning.DEPOSIT, {"organisation_id": 1}, "bank_entry_no_deposit"),
        (500, Meaning.DEPOSIT, {}, "bank_entry_no_deposit"),
        (500, Meaning.DEPOSIT, {"organisation_id": 999}, "bank_entry_no_deposit"),
        (500, Meaning.BOOKING, {"booking_id": 1}, "bank_entry_no_booking"),
        (500, Meaning.BY_HAND, {}, "bank_entry_no_payout"),
        (500, Meaning.RUN, {}, "bank_entry_assigned"),
        (500, Meaning.RETURNED, {"payout_id": 1}, "bank_entry_no_return"),
        (-500, Meaning.RETURNED, {}, "bank_entry_no_return"),
    ],
)
def test_an_operator_cannot_say_what_cannot_be(
    cents: int, meaning: Meaning, more: dict[str, int], code: str
) -> None:
    company()
    found = entry(cents)
    with pytest.raises((Invalid, Conflict)) as refusal:
        assign(found, meaning, **more)
    assert refusal.value.code == code and meanings() == ["unknown"]


def test_an_entry_is_said_once() -> None:
    company()
    found = entry(500)
    assign(found, Meaning.OWN)
    with pytest.raises(Conflict):
        assign(found, Meaning.FEE)
    with pytest.raises(NotFound):
        assign(found + 1, Meaning.FEE)
    with pytest.raises(NotFound):
        payments.assign_bank_entry(actor=actor("ben"), entry_id=found, meaning=Meaning.OWN, now=now())


def test_an_account_must_be_known_and_an_operator_ask() -> None:
    content = account_day(IBAN, TODAY, 0, [])
    with pytest.raises(Conflict) as refusal:
        bring(content)
    assert refusal.value.code == "payer_account_missing"
    company()
    with pytest.raises(NotFound):
        payments.import_bank_file(actor=actor("ada"), name="x", content=content, now=now())
    first, second = bring(content, content)
    assert first.is_new and not second.is_new and BankFile.objects.count() == 1


def test_missing_statements_are_named() -> None:
    company()
    days = [TODAY - timedelta(days=number) for number in (4, 3, 1)]
    bring(account_day(IBAN, days[2], 700, [Movement(100, "c")]))
    bring(account_day(IBAN, days[0], 500, [Movement(100, "a")]))
    (gap,) = standing().gaps
    assert (gap.after, gap.before, gap.closing_micros, gap.opening_micros) == (
        days[0],
        days[2],
        6 * MICROS,
        7 * MICROS,
    )
    assert standing().difference_micros == -1 * MICROS
    bring(account_day(IBAN, days[1], 600, [Movement(100, "b")]))
    assert agrees() and standing().closing_micros == 8 * MICROS and of(capital("EUR")) == 5


def test_a_booking_that_no_statement_has_is_a_difference_after_five_days() -> None:
    company()
    bring(account_day(IBAN, TODAY - timedelta(days=3), 0, []))
    payments.book_deposit(
        actor=CONSOLE, organisation_id=organisation(), amount_micros=MICROS, reference="", key="d"
    )
    assert standing().waiting_micros == MICROS and standing().difference_micros == 0
    (later,) = queries.bank_standings(actor("dan"), now=now() + timedelta(days=6))
    assert later.waiting_micros == 0 and later.difference_micros == MICROS


def test_statements_and_entries_are_there_once() -> None:
    """bank_file_once bank_statement_once bank_entry_once bank_entry_run_once bank_entry_booking_once
    bank_entry_payout_once"""
    _run, content = paid_run()
    said = answer(content, seed=3, opening_cents=9_900, habits=Habits(returned=1))
    bring(*files_of(said), *(file + b" " for file in files_of(said)))
    assert (
        BankFile.objects.count() == 6
        and BankStatement.objects.count() == 2
        and BankEntry.objects.count() == 2
    )


def test_operators_hear_of_a_difference_once_a_day() -> None:
    company()
    bring(account_day(IBAN, TODAY, 0, []))
    assert payments.check_bank(now=now()) and not Notice.objects.exists()
    bring(account_day(IBAN, TODAY, 500, []))
    for _again in range(2):
        assert not payments.check_bank(now=now())
    told = Notice.objects.get()
    assert (told.person_id, told.kind) == (actor("dan").person_id, "bank_differs")


def test_who_sees_the_money_sees_where_to_pay() -> None:
    org = organisation()
    assert queries.pay_here(actor("ada"), org) is None
    company()
    found = queries.pay_here(actor("ada"), org)
    assert found is not None and (found.iban, found.reference) == (IBAN, creditor_reference(org))
    with pytest.raises(NotFound):
        queries.pay_here(actor("cyn"), org)


def test_only_what_is_known_can_be_kept() -> None:
    """bank_entry_meaning_known payee_check_code_known paypal_batch_state_known"""
    company()
    row = BankEntry.objects.get(id=entry(500))
    for change, name in (
        (lambda: BankEntry.objects.filter(id=row.id).update(meaning="lost"), "bank_entry_meaning_known"),
        (lambda: PayeeCheck.objects.create(payout=payout(), code="XXXX"), "payee_check_code_known"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            change()


def payout() -> Payout:
    paid_run("ben")
    return Payout.objects.latest("id")
