"""Numbers of banks and tax offices, checked by their own check digits. Format only: nobody is asked who holds them."""

import re

from stdnum.de import idnr, stnr
from stdnum.eu import vat as eu_vat

from tagwerk.base.errors import Invalid
from tagwerk.domain.payments.rules.profile import EU

LONGEST_NUMBER = 30


def company_iban(text: str, *, path: str = "iban") -> str:
    """An IBAN without spaces; empty stays empty. Refuses one whose check digits are wrong."""
    if not text.strip():
        return ""
    # Loaded with its list of banks (10 MB) only where an account is entered, not in every process.
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        return IBAN(text).compact
    except SchwiftyException:
        raise Invalid(
            "iban_wrong",
            "This is not an IBAN: a digit or a letter must be wrong. Copy it once more.",
            path=path,
        ) from None


def company_bic(text: str, *, path: str = "bic") -> str:
    """A BIC of 8 or 11 characters in upper case; empty stays empty."""
    if not text.strip():
        return ""
    from schwifty import BIC
    from schwifty.exceptions import SchwiftyException

    try:
        return BIC(text.strip().upper()).compact
    except SchwiftyException:
        raise Invalid("bic_wrong", "This is not a BIC; it has 8 or 11 characters.", path=path) from None


def vat_id(text: str, *, path: str = "vat_id") -> str:
    """A VAT id with the letters of its country, as it is written together; empty stays empty.

    Those of the EU are checked by the rules of their country, others by their length and signs.
    """
    written = re.sub(r"[\s.\-/]", "", text).upper()
    if not written:
        return ""
    if country_of_vat_id(written) in EU:
        if eu_vat.is_valid(written):
            return written
    elif re.fullmatch(r"[A-Z]{2,3}[A-Z0-9]{4,17}", written):
        return written
    raise Invalid(
        "vat_id_wrong", "This is not a VAT id: it begins with its country, such as DE136695976.", path=path
    )


def country_of_vat_id(written: str) -> str:
    """The country that a VAT id begins with; Greece writes EL."""
    return {"EL": "GR"}.get(written[:2], written[:2])


def tax_number(text: str, country: str, *, path: str = "tax_number") -> str:
    """A tax number on one line; a German one is checked by its length, others are free text."""
    number = " ".join(text.split())
    wrong = len(number) > LONGEST_NUMBER or not number.isprintable()
    if number and country == "DE":
        wrong = wrong or not (stnr.is_valid(number) or idnr.is_valid(number))
    if wrong:
        raise Invalid(
            "tax_number_wrong", "This is not a tax number of this country; copy it from a letter of the tax office.",
            path=path,
        )  # fmt: skip
    return number
