"""What statements and yearly papers say, in the worker's language. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tagwerk.domain.payments.rules.invoice_words import company_foot, country_in
from tagwerk.domain.payments.rules.profile import VatTreatment
from tagwerk.domain.payments.rules.sheet import N_, Column, Sheet, Table, Total, Writer, address
from tagwerk.domain.payments.rules.statements import LineKind

TITLES: Mapping[bool, str] = {
    False: N_("Payment statement {number}"),
    True: N_("Self-billing invoice {number}"),
}
LINES: Mapping[LineKind, str] = {
    LineKind.WORK: N_("Paid work: {title}"),
    LineKind.BONUS: N_("Bonuses and guarantees: {title}"),
    LineKind.TEST: N_("Entry tests"),
    LineKind.OTHER: N_("Paid by {operator}, such as out of goodwill"),
    LineKind.CORRECTION: N_("Corrections"),
    LineKind.CAME_BACK: N_("Earlier payouts that came back"),
}
WORDINGS: Mapping[VatTreatment, str] = {
    VatTreatment.PRIVATE: N_("A statement about what was paid to you as a private person. No VAT is shown."),
    VatTreatment.SMALL_BUSINESS: N_("No VAT is shown: small business under § 19 UStG."),
    VatTreatment.REVERSE_CHARGE: N_(
        "Reverse charge: the recipient of the service owes the VAT (Article 196 of Directive 2006/112/EC)."
    ),
    VatTreatment.THIRD_COUNTRY: N_(
        "No VAT is shown: the recipient of the service owes it where that is due."
    ),
}


def statement_sheet(paper: Mapping[str, Any], writer: Writer) -> Sheet:
    """A statement's frozen facts as a sheet."""
    seller, worker = paper["payer"], paper["worker"]
    treatment = VatTreatment(worker["vat_treatment"])
    bills = treatment is not VatTreatment.PRIVATE
    return Sheet(
        lang=writer.language, instance=seller["instance"],
        title=writer.words(TITLES[bills], number=paper["number"]), sender=seller["name"],
        sender_line=" · ".join(address(seller, "")),
        recipient=address(worker, country_in(worker["country"], writer.language, unless=seller["country"])),
        facts=_facts(paper, writer), page=writer.say(N_("Page {n} of {m}")), tables=[_moves(paper, writer), _bill(paper, writer)],
        after=_after(paper, treatment, writer), foot=company_foot(seller, writer),
    )  # fmt: skip


def _facts(paper: Mapping[str, Any], writer: Writer) -> list[tuple[str, str]]:
    worker = paper["worker"]
    rows = (
        (N_("Number"), paper["number"]), (N_("Date"), writer.day(date.fromisoformat(paper["issued_on"]))),
        (N_("Work approved until"), writer.day(date.fromisoformat(paper["until"]))), (N_("Paid to"), paper["shown"]),
        (N_("Your VAT id"), worker["vat_id"]), (N_("Your tax number"), worker["tax_number"]),
    )  # fmt: skip
    return [(writer.say(label), text) for label, text in rows if text]


def _moves(paper: Mapping[str, Any], writer: Writer) -> Table:
    currency = paper["currency"]
    columns = [
        Column(writer.say(N_("What")), wide=True), Column(writer.say(N_("Answers")), number=True),
        Column(writer.say(N_("Amount")), number=True),
    ]  # fmt: skip
    rows = [
        [
            writer.say(N_("Carried from before")),
            "–",
            writer.money(paper["opening_micros"], currency, exact=True),
        ]
    ]
    rows += [
        [
            writer.words(_line_words(line), title=line["title"], operator=paper["payer"]["name"]),
            writer.count(line["count"]) if line["kind"] == LineKind.WORK else "–",
            writer.money(line["micros"], currency, exact=True),
        ]
        for line in paper["lines"]
    ]
    totals = [
        Total(writer.say(N_("Fee for this payout, borne by the operator")), writer.money(0, currency)),
        Total(writer.say(N_("Carried to the next payout")), writer.money(paper["carried_micros"], currency, exact=True)),
        Total(writer.say(N_("Paid out")), writer.money(paper["paid_micros"], currency), strong=True),
    ]  # fmt: skip
    return Table(columns, rows, totals)


def _line_words(line: Mapping[str, Any]) -> str:
    kind = LineKind(line["kind"])
    if kind is LineKind.CORRECTION and line["title"]:
        return N_("Correction: {title}")
    return LINES[kind]


def _bill(paper: Mapping[str, Any], writer: Writer) -> Table:
    """What of the payout is for work, and the VAT inside of it."""
    currency, rows = paper["currency"], []
    columns = [
        Column(writer.say(N_("This paper is over")), wide=True),
        Column(writer.say(N_("Amount")), number=True),
    ]
    net = paper["billed_micros"] - paper["vat_micros"]
    if paper["vat_micros"]:
        rows.append([writer.say(N_("Net")), writer.money(net, currency)])
        rows.append(
            [
                writer.words(N_("VAT {rate}"), rate=writer.share(paper["rate_bp"])),
                writer.money(paper["vat_micros"], currency),
            ]
        )
    rows.append([writer.say(N_("Pay for work")), writer.money(paper["billed_micros"], currency)])
    return Table(columns, rows)


def _after(paper: Mapping[str, Any], treatment: VatTreatment, writer: Writer) -> list[str]:
    found = [writer.say(WORDINGS[treatment])] if treatment in WORDINGS else []
    found += _fee_words(paper, writer)
    words = N_("Each amount can be computed again from the transfers {first} to {last} of the book.")
    return [*found, writer.words(words, first=paper["from_seq"] + 1, last=paper["through_seq"])]


def _fee_words(paper: Mapping[str, Any], writer: Writer) -> list[str]:
    """Who got what of what organisations paid for this work. Older papers say nothing of it, and stay as they are."""
    pay, fee = paper.get("shared_pay_micros", 0), paper.get("shared_fee_micros", 0)
    operator, currency = paper["payer"]["name"], paper["currency"]
    if not pay:
        return []
    if not fee:
        return [
            writer.words(N_("For this work the organisations paid no fee to {operator}."), operator=operator)
        ]
    words = N_(
        "For this work the organisations paid {price}: {pay} to you, and {fee} to {operator} as its fee. That is {of_pay} of the pay, or {of_price} of the price."
    )
    return [
        writer.words(
            words, price=writer.money(pay + fee, currency, exact=True), pay=writer.money(pay, currency, exact=True),
            fee=writer.money(fee, currency, exact=True), operator=operator, of_pay=writer.share(round(fee * 10_000 / pay)),
            of_price=writer.share(round(fee * 10_000 / (pay + fee))),
        )
    ]  # fmt: skip


def year_sheet(
    *, year: int, quarters: Sequence[Mapping[str, Any]], currency: str, payer: Mapping[str, Any],
    worker: Mapping[str, Any], today: date, writer: Writer,
) -> Sheet:  # fmt: skip
    """What a worker was paid for in a year, by quarter."""
    columns = [
        Column(writer.say(N_("Quarter")), wide=True), Column(writer.say(N_("Paid answers")), number=True),
        Column(writer.say(N_("Pay")), number=True), Column(writer.say(N_("Fees kept back")), number=True),
    ]  # fmt: skip
    rows = [
        [writer.words(N_("Quarter {number}"), number=place), writer.count(one["count"]), writer.money(one["micros"], currency),
         writer.money(0, currency)]
        for place, one in enumerate(quarters, 1)
    ]  # fmt: skip
    total = sum(one["micros"] for one in quarters)
    return Sheet(
        lang=writer.language, instance=payer["instance"],
        title=writer.words(N_("Summary of {year} in {currency}"), year=year, currency=currency), sender=payer["name"],
        sender_line=" · ".join(address(payer, "")),
        recipient=address(worker, country_in(worker["country"], writer.language, unless=payer["country"])),
        facts=[(writer.say(N_("Date")), writer.day(today))], page=writer.say(N_("Page {n} of {m}")),
        tables=[Table(columns, rows, [Total(writer.say(N_("Pay of the year")), writer.money(total, currency), strong=True)])],
        after=[writer.say(N_("Pay counts in the quarter in which it was approved. An overview, not a tax return."))],
        foot=company_foot(payer, writer),
    )  # fmt: skip
