"""Who a worker is to a bank and on papers, and the account they are paid to."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from stdnum import get_cc_module
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from tagwerk.base.errors import Invalid
from tagwerk.domain.accounts.rules import countries
from tagwerk.domain.payments.rules.rails import Rail

LONGEST_NAME = 70  # of an account holder (ISO 20022, Max70Text of the EPC guidelines)
EU = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
     "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)  # fmt: skip


class VatTreatment(StrEnum):
    """How a worker's pay stands to VAT; what is right for whom is for them and their tax adviser to say."""

    PRIVATE = "private_person"  # a payment statement without VAT
    STANDARD = "de_standard"
    SMALL_BUSINESS = "kleinunternehmer"  # § 19 UStG
    REVERSE_CHARGE = "reverse_charge_eu"
    THIRD_COUNTRY = "third_country"


@dataclass(frozen=True, slots=True)
class Address:
    """Structured, as banks want it since November 2026; the building may stand in the street."""

    street: str
    building: str
    postcode: str
    town: str
    country: str  # ISO 3166-1


@dataclass(frozen=True, slots=True)
class PayoutDetails:
    """What a paper, a bank or a report about tax has to know about a worker. The holder is written as the bank has it, the
    names as in the passport. Profiles from before the names were asked for have none."""

    holder: str
    address: Address
    business: bool = False
    vat_treatment: VatTreatment = VatTreatment.PRIVATE
    vat_id: str = ""
    born_on: date | None = None
    birth_place: str = ""  # only where there is no tax number
    tax_numbers: Mapping[str, str] = field(default_factory=dict)  # country that gave it → number
    first_name: str = ""
    last_name: str = ""

    @property
    def is_company(self) -> bool:
        """Whether it is a company that is paid, and no person: it has no first name, and was never born."""
        return self.business and not (self.first_name or self.last_name)

    @property
    def lacks_name(self) -> bool:
        """Whether a person's first and last name are not known one by one."""
        return not (self.is_company or (self.first_name and self.last_name))

    @property
    def tax_data_complete(self) -> bool:
        """Whether a report under DAC7 (§ 14 PStTG) has what it needs; it is about those who live in the EU. The names are
        asked for on the page and never hold pay back: profiles from before have none."""
        if self.address.country not in EU:
            return True
        if self.is_company:
            return bool(self.vat_id or self.tax_numbers)
        return self.born_on is not None and bool(self.tax_numbers or self.birth_place)


@dataclass(frozen=True, slots=True)
class Target:
    """An account to pay to: an IBAN with a BIC if it was given, a PayPal address, or words for who pays by hand."""

    rail: Rail
    account: str
    bic: str = ""

    @property
    def shown(self) -> str:
        """Enough to know it again, too little to use it."""
        if self.rail is Rail.SEPA:
            return f"{self.account[:2]} ••• {self.account[-4:]}"
        if self.rail is Rail.PAYPAL:
            name, at, host = self.account.partition("@")
            return f"{name[:1]}•••{at}{host}"[:60]
        return f"{self.account[:20]}…" if len(self.account) > 21 else self.account


def names_in(holder: str) -> tuple[str, str]:
    """First and last name as they stand in an account holder's, to begin with: “Eva Maria Hahn” is Eva Maria, Hahn."""
    first, _space, last = holder.strip().rpartition(" ")
    return first.strip(), last


def details_of(given: PayoutDetails, *, today: date, asks_name: bool = True) -> PayoutDetails:
    """The details tidied, or a refusal that names what is wrong. `asks_name`: a person's names have to be there."""
    treatment = VatTreatment(given.vat_treatment)
    if asks_name and not given.is_company:
        for path, name in (("first_name", given.first_name), ("last_name", given.last_name)):
            if not name.strip():
                raise Invalid(
                    "name_missing", "Write your first and your last name, as in your passport.", path=path
                )
    tidy = replace(
        given,
        holder=_line(given.holder, "holder", LONGEST_NAME, least=2),
        address=_address(given.address),
        first_name=_line(given.first_name, "first_name", LONGEST_NAME),
        last_name=_line(given.last_name, "last_name", LONGEST_NAME),
        vat_treatment=treatment,
        vat_id=_vat_id(given.vat_id) if given.vat_id.strip() else "",
        birth_place=_line(given.birth_place, "birth_place", 100),
        tax_numbers={country: _tax_number(country, number) for country, number in given.tax_numbers.items()},
    )
    if tidy.born_on is not None and not date(1900, 1, 1) <= tidy.born_on <= today:
        raise Invalid("born_on_unusable", "This is no date of birth.", path="born_on")
    if treatment is VatTreatment.REVERSE_CHARGE and not tidy.vat_id:
        raise Invalid("vat_id_missing", "Reverse charge needs your VAT number.", path="vat_id")
    return tidy


def target_of(rail: Rail, account: str, bic: str = "") -> Target:
    """The account checked, or a refusal that says what is wrong with it."""
    if rail is Rail.SEPA:
        return _sepa(account, bic)
    if rail is Rail.PAYPAL:
        address = account.strip()
        if (
            not re.fullmatch(r"[^@\s\x00-\x1f<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]{2,}", address)
            or len(address) > 127
        ):
            raise Invalid(
                "paypal_unreadable", "Write the e-mail address of your PayPal account.", path="account"
            )
        return Target(rail, address)
    return Target(rail, _line(account, "account", 200, least=3))


def as_json(thing: PayoutDetails | Target) -> dict[str, Any]:
    """Plain values, to be encrypted."""
    values = asdict(thing)
    if isinstance(thing, PayoutDetails):
        values["born_on"] = thing.born_on.isoformat() if thing.born_on else None
        values["tax_numbers"] = dict(thing.tax_numbers)
    return values


def details_from(values: Mapping[str, Any]) -> PayoutDetails:
    """The details behind plain values."""
    facts = dict(values)
    born = facts.pop("born_on")
    return PayoutDetails(
        address=Address(**facts.pop("address")),
        vat_treatment=VatTreatment(facts.pop("vat_treatment")),
        born_on=date.fromisoformat(born) if born else None,
        **facts,
    )


def target_from(values: Mapping[str, Any]) -> Target:
    """The account behind plain values."""
    return Target(Rail(values["rail"]), values["account"], values["bic"])


def country_code(text: str, *, path: str) -> str:
    """An ISO 3166-1 code."""
    code = text.strip().upper()
    if code not in countries():
        raise Invalid("country_unknown", "Choose a country.", path=path)
    return code


def _sepa(account: str, bic: str) -> Target:
    # Loaded with its list of banks (10 MB) only where an account is entered, not in every process.
    from schwifty import BIC, IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        iban = IBAN(account)
    except SchwiftyException:
        raise Invalid(
            "iban_wrong",
            "This is no IBAN; a digit may be wrong or missing. Copy it from your bank.",
            path="account",
        ) from None
    if not iban.in_sepa_zone:
        raise Invalid(
            "iban_outside_sepa",
            "Banks of this country are not reached by a SEPA transfer; choose another way to be paid.",
            path="account",
        )
    if not bic.strip():
        return Target(Rail.SEPA, str(iban))
    try:
        return Target(Rail.SEPA, str(iban), str(BIC(bic)))
    except SchwiftyException:
        raise Invalid(
            "bic_wrong", "This is no BIC; leave it empty if you do not know it.", path="bic"
        ) from None


def _address(given: Address) -> Address:
    return Address(
        street=_line(given.street, "street", 70, least=1),
        building=_line(given.building, "building", 16),
        postcode=_line(given.postcode, "postcode", 16),
        town=_line(given.town, "town", 35, least=1),
        country=country_code(given.country, path="country"),
    )


def _line(text: str, path: str, longest: int, *, least: int = 0) -> str:
    """One line of printable characters."""
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    if not least <= len(tidy) <= longest or any(unicodedata.category(sign)[0] == "C" for sign in tidy):
        raise Invalid(
            "line_unusable",
            "Write this on one line, with {least} to {longest} characters.",
            path=path,
            least=least,
            longest=longest,
        )
    return tidy


def _vat_id(text: str) -> str:
    try:
        return str(vat.validate(text))
    except ValidationError:
        raise Invalid(
            "vat_id_wrong",
            "This is no VAT number of a country of the EU; it begins with the country, such as DE.",
            path="vat_id",
        ) from None


# The checks of python-stdnum that are about people's tax numbers; elsewhere a number is taken as it is given.
_TAX_CHECKS = {
    "AT": "tin", "BE": "nn", "BG": "egn", "CZ": "rc", "DE": "idnr", "DK": "cpr", "EE": "ik", "ES": "nif", "FI": "hetu",
    "FR": "nif", "GR": "vat", "HR": "oib", "IT": "codicefiscale", "LT": "asmens", "NL": "bsn", "PT": "nif", "RO": "cnp",
    "SE": "personnummer", "SK": "rc",
}  # fmt: skip


def _tax_number(country: str, text: str) -> str:
    number = _line(text, "tax_number", 30, least=4)
    check = get_cc_module(country, _TAX_CHECKS[country]) if country in _TAX_CHECKS else None
    if check is None:
        country_code(country, path="tax_country")
        return number
    try:
        return str(check.validate(number))
    except ValidationError:
        raise Invalid(
            "tax_number_wrong",
            "This is no tax number of this country; a digit may be wrong.",
            path="tax_number",
        ) from None
