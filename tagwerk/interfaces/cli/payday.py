"""The demo's payday: what was earned is paid in a run that one operator makes and another releases, by a made-up bank
that sends two payments back; then the papers, and whether the book is right.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from schwifty import IBAN

from tagwerk.base.money import plain
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import CONSOLE, Actor
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.ledger.rules import bank
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.queries import payouts, rail_files, receiving
from tagwerk.domain.payments.rules.payouts import PayoutState
from tagwerk.domain.payments.rules.profile import Address, PayoutDetails
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.domain.projects.queries import titles_of
from tagwerk.interfaces.cli import local
from tagwerk.interfaces.cli.sign_ins import CHECKER, OPERATOR
from tagwerk.simulation import bank as simulated

CURRENCY = "EUR"
COMPANY = {
    "name": "Demo Crowd GmbH", "street": "Musterstraße", "building": "1", "postcode": "10115", "town": "Berlin",
    "country": "DE", "iban": "DE89370400440532013000", "bic": "COBADEFFXXX", "register_number": "HRB 0000, Berlin",
    "minimum_micros": 10_000,
}  # fmt: skip
BANK_CODE = "37040044"  # of the made-up accounts
SENT_BACK = 2
CENT_MICROS = 10_000


@dataclass(frozen=True)
class Payday:
    """What a run of the demo paid, what came back, and what was written."""

    run: int
    payouts: int
    paid: str
    came_back: int
    currency: str
    book_is_right: bool
    files: list[str]


def set_up_company() -> None:
    """Say who pays, unless somebody has said it already."""
    if not queries.payer().iban:
        payments.change_payer(actor=CONSOLE, **COMPANY)


def payday(requester: local.Requester, out: Path) -> Payday | None:
    """Pay all that workers have in euros; None where nobody has enough."""
    now = datetime.now(UTC)
    set_up_company()
    _say_where_pay_goes(now)
    maker, checker = (
        accounts.actor_of_person(accounts.person_id_of_email(one)) for one in (OPERATOR, CHECKER)
    )
    there = book.balance(bank(CURRENCY).code).posted // CENT_MICROS
    run_id = payments.make_run(actor=maker, currency=CURRENCY, now=datetime.now(UTC), now_due=True)
    payments.lock_run(run_id=run_id, now=datetime.now(UTC))
    if not payouts.run_for(maker, run_id).payouts:
        payments.cancel_run(actor=maker, run_id=run_id)
        return None
    payments.release_run(actor=checker, run_id=run_id, now=datetime.now(UTC), with_second_factor=True)
    files = _by_bank(maker, run_id, there, out) + list(_papers(requester, out))
    ledger.seal()
    return _summary(maker, run_id, files)


def _say_where_pay_goes(now: datetime) -> None:
    """Every worker with money who has not said it: a made-up address, and an account that there is nowhere."""
    people = book.worker_balances(CURRENCY, book.settled_before(now))
    names = accounts.names_of(people)
    for person_id in people:
        if receiving.method_in_use(person_id) is not None:
            continue
        details = PayoutDetails(
            holder=f"{names.get(person_id) or 'Worker'} Muster",
            address=Address("Beispielweg", str(person_id), "10115", "Berlin", "DE"),
            born_on=date(1990, 1, 1),
            birth_place="Berlin",
            first_name=names.get(person_id) or "Worker",
            last_name="Muster",
        )
        payments.save_payout_profile(person_id=person_id, details=details, now=now)
        method_id = payments.ask_payout_method(
            person_id=person_id, rail=Rail.SEPA,
            account=str(IBAN.generate("DE", bank_code=BANK_CODE, account_code=str(person_id))),
            now=now, recently_signed_in=True, with_second_factor=True,
        )  # fmt: skip
        payments.confirm_payout_method(actor=CONSOLE, method_id=method_id, now=now)


def _by_bank(operator: Actor, run_id: int, there_cents: int, out: Path) -> list[Path]:
    """The file for the bank, and the bank's own files about it, brought in again."""
    given = rail_files.sepa_file(operator, run_id)
    content = b"".join(given.pieces)
    answer = simulated.answer(
        content, seed=run_id, opening_cents=there_cents, habits=simulated.Habits(returned=SENT_BACK)
    )
    said = {
        given.name: content, "bank-accepted.xml": answer.status, "bank-booked.xml": answer.booked,
        "bank-came-back.xml": answer.came_back, "bank-notice.xml": answer.notice,
    }  # fmt: skip
    for name, body in said.items():
        (out / name).write_bytes(body)
        if name != given.name:
            payments.import_bank_file(actor=operator, name=name, content=body, now=datetime.now(UTC))
    return [out / name for name in said]


def _papers(requester: local.Requester, out: Path) -> Iterator[Path]:
    """The organisation's invoice over what was approved so far."""
    payments.change_billing(
        actor=requester.actor, organisation_id=requester.organisation_id, name="Demo", street="Teststraße",
        building="2", postcode="20095", town="Hamburg", country="DE",
    )  # fmt: skip
    now = datetime.now(UTC)
    number = payments.invoice_month(
        organisation_id=requester.organisation_id, currency=CURRENCY, period_to=queries.payer().day_of(now),
        through_seq=book.settled_before(now), now=now, titles=titles_of,
    )  # fmt: skip
    if number is None:
        return
    payments.make_invoice_paper(invoice_id=number)
    found = next(
        one
        for one in queries.invoices_page(CONSOLE, organisation_id=requester.organisation_id)
        if one.id == number
    )
    paper = queries.open_paper(f"invoice/{number}")
    assert paper is not None, "the invoice was just made"
    target = out / f"invoice-{found.label}.pdf"
    with paper:
        target.write_bytes(paper.read())
    yield target


def _summary(operator: Actor, run_id: int, files: list[Path]) -> Payday:
    sums = payouts.run_sums(operator, run_id).by_state
    paid, back = sums.get(PayoutState.PAID), sums.get(PayoutState.RETURNED)
    return Payday(
        run=run_id,
        payouts=sum(one.payouts for one in sums.values()),
        paid=plain(paid.micros if paid else 0),
        came_back=back.payouts if back else 0,
        currency=CURRENCY,
        book_is_right=book.verify().is_right,
        files=[str(file) for file in files],
    )


def print_payday(done: Payday) -> None:
    """The report for people."""
    print(
        f"Payday: run {done.run} paid {done.paid} {done.currency} to {done.payouts - done.came_back} workers; "
        f"{done.came_back} payments came back and are in the balances again."
    )
    print(f"The book is {'right' if done.book_is_right else 'WRONG'}, and sealed: “tagwerk ledger verify”.")
    for file in done.files:
        print(f"  {file}")


def as_object(done: Payday | None) -> dict[str, object] | None:
    """The report for programs."""
    return asdict(done) if done else None
