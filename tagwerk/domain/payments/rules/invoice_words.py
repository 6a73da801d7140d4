"""What invoices say, in the language of the paper. Pure: the words come from the facts that were frozen at issuing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel import Locale

from tagwerk.domain.payments.rules.invoices import ENTRY_TESTS, InvoiceKind
from tagwerk.domain.payments.rules.sheet import N_, Column, Sheet, Table, Total, Writer, address
from tagwerk.domain.payments.rules.vat import VatCase

TITLES: Mapping[InvoiceKind, str] = {
    InvoiceKind.ADVANCE: N_("Advance invoice {number}"),
    InvoiceKind.MONTHLY: N_("Invoice {number}"),
    InvoiceKind.CORRECTION: N_("Invoice correction {number}"),
    InvoiceKind.CANCELLATION: N_("Cancellation invoice {number}"),
}
WORDINGS: Mapping[VatCase, str] = {
    VatCase.SMALL_BUSINESS: N_("No VAT is charged: the seller is a small business."),
    VatCase.REVERSE_CHARGE: N_(
        "Reverse charge: the recipient owes the VAT (Article 196 of Directive 2006/112/EC)."
    ),
    VatCase.THIRD_COUNTRY: N_("The place of supply is in the recipient's country; no VAT is charged here."),
}
SMALL_BUSINESS_DE = N_("No VAT is charged: small business under § 19 UStG.")
LINES: Mapping[str, str] = {
    "pay": N_("Pay for work: {title}"),
    "fee": N_("Fee of {operator}: {title}"),
    "other": N_("Guarantees and additions to pay: {title}"),
    "deposit": N_("Payment in advance for work on projects, received on {day}"),
    "refund": N_("Refund of payment in advance, sent back on {day}"),
}


def invoice_sheet(paper: Mapping[str, Any], writer: Writer) -> Sheet:
    """An invoice's columns and facts as a sheet."""
    facts = paper["facts"]
    seller, buyer = facts["seller"], facts["buyer"]
    kind = InvoiceKind(paper["kind"])
    title = writer.words(TITLES[kind], number=paper["label"])
    return Sheet(
        lang=writer.language, instance=seller["instance"], title=title, sender=seller["name"],
        sender_line=" · ".join(address(seller, "")),
        recipient=address(buyer, country_in(buyer["country"], writer.language, unless=seller["country"])),
        facts=_facts(paper, writer), page=writer.say(N_("Page {n} of {m}")), before=_before(paper, writer),
        tables=[_lines(paper, writer), *_settled(paper, writer)], after=_after(paper, writer),
        foot=company_foot(seller, writer),
    )  # fmt: skip


def country_in(code: str, language: str, *, unless: str = "") -> str:
    """A country's name, unless the letter stays inside of it."""
    return "" if not code or code == unless else str(Locale(language).territories.get(code, code))


def company_foot(seller: Mapping[str, Any], writer: Writer) -> list[list[str]]:
    """Who issues the paper, in three columns."""
    numbers = (
        (N_("VAT id {text}"), "vat_id"), (N_("Tax number {text}"), "tax_number"), (N_("{text}"), "register_number"),
    )  # fmt: skip
    bank = ((N_("IBAN {text}"), "iban"), (N_("BIC {text}"), "bic"), (N_("{text}"), "email"))
    columns = [address(seller, country_in(seller["country"], writer.language))]
    for group in (numbers, bank):
        columns.append(
            [
                writer.words(words, text=_spaced(name, seller[name]))
                for words, name in group
                if seller.get(name)
            ]
        )
    return columns


def _spaced(name: str, text: str) -> str:
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4)) if name == "iban" else text


def _facts(paper: Mapping[str, Any], writer: Writer) -> list[tuple[str, str]]:
    buyer, facts = paper["facts"]["buyer"], paper["facts"]
    found = [(N_("Number"), paper["label"]), (N_("Date"), writer.day(date.fromisoformat(paper["issued_on"])))]
    if paper["period_from"]:
        begin, end = date.fromisoformat(paper["period_from"]), date.fromisoformat(paper["period_to"])
        found.append((N_("Supplied"), f"{writer.day(begin)} – {writer.day(end)}"))
    found += [
        (label, text)
        for label, text in (
            (N_("Your VAT id"), buyer["vat_id"]),
            (N_("Your reference"), buyer["reference"]),
            (N_("Cancels"), facts.get("cancels", "")),
            (N_("Payment reference"), facts.get("payment_reference", "")),
        )
        if text
    ]
    return [(writer.say(label), text) for label, text in found]


def _before(paper: Mapping[str, Any], writer: Writer) -> list[str]:
    kind = InvoiceKind(paper["kind"])
    if kind is InvoiceKind.CANCELLATION:
        words = N_("This cancels {number} of {day}. Its amounts count no more.")
        day = writer.day(date.fromisoformat(paper["facts"]["cancels_on"]))
        return [writer.words(words, number=paper["facts"]["cancels"], day=day)]
    if kind is InvoiceKind.MONTHLY and paper["facts"]["contract_model"] == "agent":
        passed = writer.money(paper["facts"]["passed_on_micros"], paper["currency"])
        words = N_("In this time {amount} of pay were passed on to workers in your name. We invoice our fee:")
        return [writer.words(words, amount=passed)]
    return []


def _lines(paper: Mapping[str, Any], writer: Writer) -> Table:
    currency, facts = paper["currency"], paper["facts"]
    columns = [
        Column(writer.say(N_("What")), wide=True), Column(writer.say(N_("Answers")), number=True),
        Column(writer.say(N_("Net")), number=True),
    ]  # fmt: skip
    rows = [
        [_line_words(line, facts, writer), writer.count(line["quantity"]) if line["quantity"] else "–",
         writer.money(line["micros"], currency)]
        for line in facts["lines"]
    ]  # fmt: skip
    totals = [Total(writer.say(N_("Net sum")), writer.money(paper["net_micros"], currency))]
    if VatCase(paper["vat_case"]) is VatCase.DOMESTIC:
        words = writer.words(N_("VAT {rate}"), rate=writer.share(paper["vat_rate_bp"]))
        totals.append(Total(words, writer.money(paper["vat_micros"], currency)))
    totals.append(Total(writer.say(N_("Total")), writer.money(paper["gross_micros"], currency), strong=True))
    return Table(columns, rows, totals)


def _line_words(line: Mapping[str, Any], facts: Mapping[str, Any], writer: Writer) -> str:
    day = writer.day(date.fromisoformat(line["on"])) if line.get("on") else ""
    title = writer.say(N_("entry tests")) if line.get("project_id") == ENTRY_TESTS else line.get("title", "")
    return writer.words(LINES[line["kind"]], title=title, operator=facts["seller"]["name"], day=day)


def _settled(paper: Mapping[str, Any], writer: Writer) -> list[Table]:
    """What was paid in advance, and what is due."""
    if paper["kind"] != InvoiceKind.MONTHLY:
        return []
    currency, advances = paper["currency"], paper["facts"]["advances"]
    columns = [
        Column(writer.say(N_("Paid in advance")), wide=True), Column(writer.say(N_("Net")), number=True),
        Column(writer.say(N_("VAT")), number=True), Column(writer.say(N_("Together")), number=True),
    ]  # fmt: skip
    rows = [
        [_advance_words(one, writer), *(writer.money(micros, currency) for micros in (
            one["net_micros"], one["vat_micros"], one["net_micros"] + one["vat_micros"]))]
        for one in advances
    ]  # fmt: skip
    due = paper["due_net_micros"] + paper["due_vat_micros"]
    words = N_("Amount due") if due >= 0 else N_("Credited to your balance")
    return [Table(columns, rows, [Total(writer.say(words), writer.money(abs(due), currency), strong=True)])]


def _advance_words(one: Mapping[str, Any], writer: Writer) -> str:
    if one["invoice"]:
        return writer.words(N_("Advance invoice {number}"), number=one["invoice"])
    return writer.say(N_("From your balance"))


def _after(paper: Mapping[str, Any], writer: Writer) -> list[str]:
    case, facts = VatCase(paper["vat_case"]), paper["facts"]
    found = []
    if case is VatCase.SMALL_BUSINESS and facts["seller"]["country"] == "DE":
        found.append(writer.say(SMALL_BUSINESS_DE))
    elif case in WORDINGS:
        found.append(writer.say(WORDINGS[case]))
    if paper["kind"] == InvoiceKind.MONTHLY:
        found += _fee_words(facts, writer) + _payment_words(paper, writer)
    return found


def _fee_words(facts: Mapping[str, Any], writer: Writer) -> list[str]:
    """The fee, on both of its bases: people quote either."""
    pay, fee = (
        sum(one["exact_micros"] for one in facts["lines"] if one["kind"] == kind) for kind in ("pay", "fee")
    )
    pay = pay or facts.get("passed_on_micros", 0)
    if not fee or not pay:
        return []
    words = N_("The fee is {of_pay} of the pay, which is {of_price} of pay and fee together.")
    shares = (round(fee * 10_000 / pay), round(fee * 10_000 / (pay + fee)))
    return [writer.words(words, of_pay=writer.share(shares[0]), of_price=writer.share(shares[1]))]


def _payment_words(paper: Mapping[str, Any], writer: Writer) -> list[str]:
    due = paper["due_net_micros"] + paper["due_vat_micros"]
    if due <= 0:
        return [writer.say(N_("Nothing is to be paid: it was paid in advance."))]
    seller, reference = paper["facts"]["seller"], paper["facts"].get("payment_reference", "")
    words = N_("Please transfer {amount} to {iban} within {days} days, with the reference {reference}.")
    return [
        writer.words(
            words, amount=writer.money(due, paper["currency"]), iban=_spaced("iban", seller["iban"]) or seller["name"],
            days=paper["facts"]["due_days"], reference=reference or paper["label"],
        )
    ]  # fmt: skip
