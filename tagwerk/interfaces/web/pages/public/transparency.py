"""What everybody may know of this instance: payouts in sums, wages by country, and the ten thresholds of Fairwork."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.designs.rules.markup import markdown_html
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.rules.openness import COUNTED, EVIDENCE, LEAST_PEOPLE, InstanceFigures, Wage
from tagwerk.interfaces.web import plots
from tagwerk.interfaces.web.choices import country_name
from tagwerk.interfaces.web.fairwork_evidence import pictures, sentences
from tagwerk.interfaces.web.fairwork_words import THRESHOLDS
from tagwerk.interfaces.web.formats import duration_text, money_text, number_text, percent_text

CENT_MICROS = 10_000


@dataclass(frozen=True)
class Threshold:
    """One of ten: what it asks, what the program does, what was counted, what the operator says."""

    number: str
    asks: str
    does: str
    counted: list[str]
    plots: list[plots.Plot]
    can_count: bool  # else there are only words about it
    says: str  # safe HTML; empty: the operator has said nothing


@dataclass(frozen=True)
class Country:
    """A row of wages."""

    name: str
    median: str
    p10: str
    floor: str
    reached: str
    workers: str


@require_safe
def transparency(request: HttpRequest) -> HttpResponseBase:
    """One row of figures that are counted once a day, and the operator's words."""
    found = quality.public_figures()
    here = accounts.instance()
    figures = found.figures if found else None
    values = {
        "counted_at": found.at if found else None,
        "figures": figures,
        "least": LEAST_PEOPLE,
        "payouts": _payouts(figures) if figures else [],
        "alone_share": figures.alone / figures.released if figures and figures.released else None,
        "countries": [_country(one) for one in figures.countries] if figures else [],
        "thresholds": thresholds(figures, here.fairwork),
    }
    return render(request, "pages/public/transparency.html", values)


def thresholds(figures: InstanceFigures | None, said: Mapping[str, Mapping[str, str]]) -> list[Threshold]:
    """All ten; where nothing can be counted and nothing was said, that is said too."""
    counted = evidence(figures) if figures else {}
    facts = figures.evidence if figures else {}
    return [
        Threshold(
            number, _(asks), _(does), counted.get(number, []), pictures(number, facts), number in COUNTED,
            _in_language(said.get(number, {})),
        )
        for number, (asks, does) in THRESHOLDS.items()
    ]  # fmt: skip


def evidence(figures: InstanceFigures) -> dict[str, list[str]]:
    """Threshold → what was counted, in sentences."""
    names: dict[str, tuple[str, ...]] = {}
    for name, number in EVIDENCE.items():
        names[number] = (*names.get(number, ()), name)
    found = {number: sentences(figures.evidence, those) for number, those in names.items()}
    if one := figures.deciding:
        found["1.1"] = [
            _("Half of all answers were decided within {median}, nine of ten within {p90}; {late} later than promised; {rejected} were rejected ({count} answers of {workers} people).").format(
                median=duration_text(one.median_seconds), p90=duration_text(one.p90_seconds), late=percent_text(one.late_rate),
                rejected=percent_text(one.rejection_rate), count=number_text(one.answers), workers=number_text(one.workers),
            )
        ]  # fmt: skip
    found["1.2"] = [wage_text(one) for one in figures.wages]
    found["1.2"] += [_reached(one) for one in figures.countries if one.floor_micros is not None]
    if figures.wages and not any(one.floor_micros is not None for one in figures.countries):
        found["1.2"].append(_("The minimum wages to compare with are not known here."))
    return found


def wage_text(one: Wage) -> str:
    """What an hour has brought, on how many people that rests."""
    return _("Half of {workers} people earned at least {median} an hour of active work, nine of ten at least {p10}.").format(
        workers=number_text(one.workers), median=_to_cents(one.median_micros, one.currency), p10=_to_cents(one.p10_micros, one.currency)
    )  # fmt: skip


def _reached(one: Wage) -> str:
    """How many of a country earned its minimum wage."""
    return _("{country}: {share} of {workers} people earned the minimum wage of {floor} or more.").format(
        country=country_name(one.country), share=percent_text((one.reached or 0) / one.workers),
        workers=number_text(one.workers), floor=_to_cents(one.floor_micros or 0, one.currency),
    )  # fmt: skip


def _to_cents(micros: int, currency: str) -> str:
    return money_text(micros // CENT_MICROS * CENT_MICROS, currency)


def _in_language(said: Mapping[str, str]) -> Any:
    text = said.get(get_language() or "") or next(iter(said.values()), "")
    return markdown_html(text) if text else ""


def _country(one: Wage) -> Country:
    known = one.floor_micros is not None
    return Country(
        country_name(one.country), _to_cents(one.median_micros, one.currency), _to_cents(one.p10_micros, one.currency),
        _to_cents(one.floor_micros or 0, one.currency) if known else _("not known here"),
        percent_text((one.reached or 0) / one.workers) if known else "–",
        _("{count} people").format(count=number_text(one.workers)),
    )  # fmt: skip


def _payouts(figures: InstanceFigures) -> list[plots.Plot]:
    """One plot for each currency; weeks of fewer than ten people have no column, and the table says so."""
    found = []
    for currency in sorted({week.currency for week in figures.weeks}):
        weeks = [
            week for week in figures.weeks if week.currency == currency and week.amount_micros is not None
        ]
        hidden = sum(week.currency == currency and week.amount_micros is None for week in figures.weeks)
        basis = _("weeks of fewer than {least} people are left out: {count}").format(count=hidden, least=LEAST_PEOPLE) if hidden else ""  # fmt: skip
        found.append(
            plots.columns(
                title=_("Paid out by week"), name_label=_("Week from"), names=[week.monday for week in weeks],
                values=[float(week.amount_micros or 0) for week in weeks], value_label=_("Paid out"),
                measure=plots.Measure(currency=currency), basis=basis,
            )
        )  # fmt: skip
    return found
