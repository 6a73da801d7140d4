"""To whom an organisation's invoices go, and what VAT does to what it buys."""

from dataclasses import dataclass
from datetime import date

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission, require
from tagwerk.domain.payments.models import BillingDetails
from tagwerk.domain.payments.queries.payer import payer
from tagwerk.domain.payments.rules.payer import ContractModel
from tagwerk.domain.payments.rules.vat import VatCase, case_of

FIELDS = (
    "name", "street", "building", "postcode", "town", "country", "vat_id", "reference", "email", "language",
)  # fmt: skip
NEEDED = ("name", "street", "postcode", "town", "country")


@dataclass(frozen=True, slots=True)
class Billing:
    """Where invoices go; empty where nobody filled it in. `missing`: what they cannot do without."""

    organisation_id: int
    name: str
    street: str
    building: str
    postcode: str
    town: str
    country: str
    vat_id: str
    reference: str
    email: str
    language: str

    @property
    def missing(self) -> list[str]:
        """The fields that an invoice cannot do without."""
        return [name for name in NEEDED if not getattr(self, name)]


@dataclass(frozen=True, slots=True)
class Treatment:
    """What VAT does to what an organisation buys on a day. `on_deposits`: it is due when they pay in advance."""

    case: VatCase
    rate_bp: int
    on_deposits: bool


def billing(actor: Actor, organisation_id: int) -> Billing:
    """For those who may see its money: where an organisation's invoices go."""
    require(actor, organisation_id, Permission.MONEY_VIEW)
    return billing_of(organisation_id)


def billing_of(organisation_id: int) -> Billing:
    """The same for whoever has passed a gate. What nobody said follows from the organisation."""
    organisation = accounts.organisation(organisation_id)
    row = BillingDetails.objects.filter(organisation_id=organisation_id).values(*FIELDS).first()
    usual = dict.fromkeys(FIELDS, "") | {
        "name": organisation.name, "country": organisation.country, "language": accounts.instance().language,
    }  # fmt: skip
    return Billing(organisation_id, **(usual | (row or {})))


def treatment(organisation_id: int, day: date) -> Treatment:
    """Which VAT case a sale to the organisation is on a day, and at which rate."""
    seller, buyer = payer(), billing_of(organisation_id)
    case = case_of(seller.vat_scheme, seller.country, buyer.country, buyer.vat_id)
    rate = (seller.rate_on(day) or 0) if case is VatCase.DOMESTIC else 0
    return Treatment(case, rate, seller.contract_model is ContractModel.PRINCIPAL)
