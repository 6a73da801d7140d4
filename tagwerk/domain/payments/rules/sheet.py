"""What is written on a paper, and how amounts, days and shares are written in its language. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from tagwerk.base.money import MICROS

Say = Callable[[str], str]  # a message → its words in the language of the paper
LOCALES = {"en": "en_GB"}


def N_(text: str) -> str:  # noqa: N802 (the name by which Babel finds texts to translate later)
    """Marks a text for translation; it is translated for the paper that it stands on."""
    return text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers stand right, the wide one takes what room is left."""

    label: str
    number: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """A line below a table."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts, and what they come to."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    totals: Sequence[Total] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper: who sends it to whom, what it says. All of it is text; nothing is markup."""

    lang: str
    instance: str  # the name at the head
    title: str
    sender: str
    sender_line: str  # in the window of the envelope
    recipient: Sequence[str]
    facts: Sequence[tuple[str, str]]
    page: str  # "Page {n} of {m}"
    before: Sequence[str] = ()
    tables: Sequence[Table] = ()
    after: Sequence[str] = ()
    foot: Sequence[Sequence[str]] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes in one language."""

    language: str
    say: Say

    @property
    def locale(self) -> str:
        """As Babel names it."""
        return LOCALES.get(self.language, self.language)

    def words(self, message: str, **places: Any) -> str:
        """A message with its places filled in."""
        return self.say(message).format(**places)

    def money(self, micros: int, currency: str, *, exact: bool = False) -> str:
        """An amount: in whole cents, or with all that there is behind the point."""
        amount = Decimal(micros) / MICROS
        if exact and amount != round(amount, 2):
            places = -Decimal(amount).normalize().as_tuple().exponent  # type: ignore[operator]
            pattern = f"#,##0.{'0' * places} ¤" if self.language == "de" else f"¤#,##0.{'0' * places}"
            return str(format_currency(amount, currency, pattern, locale=self.locale, currency_digits=False))
        return str(format_currency(amount, currency, locale=self.locale))

    def day(self, day: date) -> str:
        """A day: 30 November 2026."""
        return str(format_date(day, "long", locale=self.locale))

    def share(self, basis_points: int) -> str:
        """A share: 8.1 %."""
        share = Decimal(basis_points) / 10_000
        return str(
            format_percent(share, "#,##0.## %" if self.language == "de" else "#,##0.##%", locale=self.locale)
        )

    def count(self, number: int) -> str:
        """A count: 12,345."""
        return str(format_decimal(number, locale=self.locale))


def address(company: Mapping[str, Any], country_name: str) -> list[str]:
    """An address as lines: the street with its number, the town with its postcode, the country's name where given."""
    lines = (
        company.get("name", ""),
        f"{company.get('street', '')} {company.get('building', '')}".strip(),
        f"{company.get('postcode', '')} {company.get('town', '')}".strip(),
        country_name,
    )
    return [line for line in lines if line]
