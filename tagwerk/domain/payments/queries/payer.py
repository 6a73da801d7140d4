"""Who pays: the operator's company."""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.payments.models import Payer
from tagwerk.domain.payments.rules.payer import ContractModel, missing_for_invoices, missing_for_payouts
from tagwerk.domain.payments.rules.vat import Rate, VatScheme, rate_on

KEPT_SECONDS = 5  # so long another process may still show what was said before


@dataclass(frozen=True)
class PayerView:
    """The operator's company, as papers and the bank name it. Texts that nobody filled in are empty."""

    name: str
    street: str
    building: str
    postcode: str
    town: str
    country: str
    register_number: str
    tax_number: str
    vat_id: str
    iban: str
    bic: str
    time_zone: str  # in which weeks and months begin and end
    contract_model: ContractModel
    asks_tax_data: bool  # before the first payout of people in the EU
    minimum_micros: int
    vat_scheme: VatScheme
    own_rates: tuple[Rate, ...]

    @property
    def missing_for_invoices(self) -> list[str]:
        """The fields that invoices cannot do without."""
        missing = missing_for_invoices(asdict(self))
        if self.vat_scheme is VatScheme.STANDARD and self.country and self.rate_on(date.max) is None:
            missing.append("vat_rate")
        return missing

    @property
    def missing_for_payouts(self) -> list[str]:
        """The fields that files for the bank cannot do without."""
        return missing_for_payouts(asdict(self))

    def rate_on(self, day: date) -> int | None:
        """The standard rate of their country on a day, in basis points; None where nobody knows it."""
        return rate_on(self.country, day, self.own_rates)

    def day_of(self, moment: datetime) -> date:
        """The day on which a moment lies for them: the date of their papers."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()


_KEPT: dict[str, tuple[float, PayerView]] = {}


def payer() -> PayerView:
    """The operator's company; at most one query, none for some seconds after one."""
    until, found = _KEPT.get("payer", (0.0, None))
    if found is None or monotonic() >= until:
        found = _view(Payer.objects.filter(id=1).first() or Payer())
        _KEPT["payer"] = (monotonic() + KEPT_SECONDS, found)
    return found


ON_PAPERS = (
    "name", "street", "building", "postcode", "town", "country", "register_number", "tax_number", "vat_id", "iban",
    "bic",
)  # fmt: skip


def payer_on_papers() -> dict[str, str]:
    """What papers say about the operator, to be frozen with them."""
    found, instance = payer(), accounts.instance()
    about = {name: getattr(found, name) for name in ON_PAPERS}
    return about | {"instance": instance.name, "email": instance.contact_email}


IN_FILES = ("name", "street", "building", "postcode", "town", "country", "iban", "bic", "time_zone")


def payer_in_files() -> dict[str, str]:
    """What files for the bank say about the operator, to be frozen with the run that they are of."""
    found = payer()
    return {name: getattr(found, name) for name in IN_FILES}


def forget_payer() -> None:
    """Ask the database again next time."""
    _KEPT.clear()


def _view(row: Payer) -> PayerView:
    plain: dict[str, Any] = {
        each.name: getattr(row, each.name) for each in fields(PayerView) if each.name != "own_rates"
    }
    rates = tuple(
        Rate(row.country, date.fromisoformat(since), basis_points) for since, basis_points in row.vat_rates
    )
    plain |= {
        "contract_model": ContractModel(row.contract_model), "vat_scheme": VatScheme(row.vat_scheme),
    }  # fmt: skip
    return PayerView(**plain, own_rates=rates)
