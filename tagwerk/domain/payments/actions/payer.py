"""The operator says who they are on papers and to the bank."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from tagwerk.base.errors import Invalid
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, country_code, require_operator, time_zone_name
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.events import PayerChanged
from tagwerk.domain.payments.models import Payer
from tagwerk.domain.payments.rules.numbers import company_bic, company_iban, tax_number, vat_id
from tagwerk.domain.payments.rules.payer import ContractModel, line, minimum_in_range
from tagwerk.domain.payments.rules.vat import VatScheme, check_rate

_LONGEST = {"name": 70, "street": 70, "building": 16, "postcode": 16, "town": 35, "register_number": 80}


@transaction.atomic
def change_payer(*, actor: Actor, **given: Any) -> None:
    """An operator changes what is given of what papers and files for the bank say about their company."""
    require_operator(actor)
    row, _new = Payer.objects.select_for_update().get_or_create(id=1)
    country = country_code(given["country"]) if given.get("country") else row.country
    new = {name: _checked(name, value, country) for name, value in given.items() if value is not None}
    changes = {
        name: [getattr(row, name), value] for name, value in new.items() if getattr(row, name) != value
    }
    if not changes:
        return
    for name, (_before, value) in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
    record(PayerChanged(actor_id=actor.person_id, changes=changes))
    _forget()


@transaction.atomic
def add_vat_rate(*, actor: Actor, since: date, basis_points: int) -> None:
    """An operator says the VAT rate of their country from a day on; it counts before the one that was shipped."""
    require_operator(actor)
    row, _new = Payer.objects.select_for_update().get_or_create(id=1)
    before = dict(row.vat_rates)
    after = before | {since.isoformat(): check_rate(basis_points)}
    if after == before:
        return
    row.vat_rates = sorted([day, rate] for day, rate in after.items())
    row.save(update_fields=["vat_rates"])
    said = f"{since.isoformat()}: {basis_points} bp"
    record(PayerChanged(actor_id=actor.person_id, changes={"vat_rates": ["", said]}))
    _forget()


def _checked(name: str, value: Any, country: str) -> Any:
    if name in _LONGEST:
        return line(value, _LONGEST[name], name)
    if name == "tax_number":
        return tax_number(value, country)
    check = _CHECKS[name]
    return check(value)


def _choice(kinds: Any, path: str) -> Any:
    def chosen(value: str) -> str:
        if value not in {each.value for each in kinds}:
            raise Invalid(
                "choice_unknown", "“{value}” is none of the choices.", path=path, value=str(value)[:40]
            )
        return str(value)

    return chosen


_CHECKS: Mapping[str, Any] = {
    "country": lambda value: country_code(value) if value else "",
    "asks_tax_data": bool,
    "vat_id": vat_id,
    "iban": company_iban,
    "bic": company_bic,
    "time_zone": time_zone_name,
    "contract_model": _choice(ContractModel, "contract_model"),
    "minimum_micros": minimum_in_range,
    "vat_scheme": _choice(VatScheme, "vat_scheme"),
}


def _forget() -> None:
    """At once for this transaction, and for others once it is committed: they may have read in between."""
    queries.forget_payer()
    transaction.on_commit(queries.forget_payer)
