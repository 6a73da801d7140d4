"""What a project and a task pay, in words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from tagwerk.base.errors import Invalid
from tagwerk.base.money import MICROS, for_units
from tagwerk.domain.designs.rules.pay import HOUR
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.queries import WorkerPay
from tagwerk.domain.work.rules.factors import PLAIN, WorkerFactors, WorkerPlan, plan_of
from tagwerk.domain.work.rules.units import NONE_BP, Factors, factors_of
from tagwerk.interfaces.web.formats import CENT_MICROS, duration_text, locale, money_text, number_text

RATES = {
    "hour": gettext_noop("{rate} per hour"),
    "audio_minute": gettext_noop("{rate} per audio minute"),
    "word": gettext_noop("{rate} per word"),
}
WHOLE = {
    "deliverable": gettext_noop("its own amount for each deliverable, about {pay} on average"),
    "milestone": gettext_noop("its own amount for each milestone, about {pay} on average"),
}
UNITS = {
    "answer": gettext_noop("for an answer"),
    "hour": gettext_noop("for an hour"),
    "audio_minute": gettext_noop("for an audio minute"),
    "word": gettext_noop("for a word"),
    "deliverable": gettext_noop("for a deliverable"),
    "milestone": gettext_noop("for a milestone"),
}


def unit_text(project: ProjectView) -> str:
    """What the pay is for: "for an audio minute"."""
    return _(UNITS[project.pay_per])


def agreed_text(project: ProjectView) -> str:
    """The price that the operator has agreed, and what it is made of; empty where the usual fee counts."""
    if project.client_micros is None:
        return ""
    price, pay = project.client_micros, project.amount_micros
    said = _("Agreed with the operator {unit}: {price}. Of it {pay} are pay, and {fee} the fee.")
    return said.format(
        unit=unit_text(project), price=money_text(price, project.currency), pay=money_text(pay, project.currency),
        fee=money_text(price - pay, project.currency),
    )  # fmt: skip


def about_text(micros: int, currency: str) -> str:
    """A mean, to the cent where it is one or more."""
    cents = (micros + CENT_MICROS // 2) // CENT_MICROS * CENT_MICROS
    return money_text(cents or micros, currency)


def rate_text(project: ProjectView) -> str:
    """What one unit pays: "€0.80 per audio minute"; empty where a task is the unit."""
    said = RATES.get(project.pay_per)
    rate = project.hour_micros or project.reward_micros
    return _(said).format(rate=money_text(rate, project.currency)) if said else ""


def pay_text(project: ProjectView) -> str:
    """What a task pays; where tasks differ, the rate and about how much that is."""
    rate = rate_text(project)
    if project.hour_micros:
        return _("{rate} on your timer, for up to {most} a task without asking").format(
            rate=rate, most=duration_text(project.most_seconds)
        )
    if not project.measures:
        return money_text(project.reward_micros, project.currency)
    if project.task_micros is None:
        return rate or _("its own amount for each task")
    pay = about_text(project.task_micros, project.currency)
    if project.pay_per == "answer":
        return usual_text(project)
    if rate:
        return _("{rate}, about {pay} a task").format(rate=rate, pay=pay)
    return _(WHOLE[project.pay_per]).format(pay=pay)


def usual_text(project: ProjectView) -> str:
    """What a task pays, in one amount: "about €2.40" where tasks differ, or pay by time."""
    if project.hour_micros:
        return _("about {pay}").format(pay=about_text(project.usual_micros, project.currency))
    if not project.measures:
        return money_text(project.reward_micros, project.currency)
    if project.task_micros is None:
        return "–"
    return _("about {pay}").format(pay=about_text(project.task_micros, project.currency))


def made_of(
    project: ProjectView, data: Mapping[str, Any], units: int, *, is_urgent: bool, own: WorkerFactors = PLAIN
) -> str:
    """How the pay of a task is made up: "3 min of audio at €0.80 a minute, urgent × 1.10"; empty where that says nothing.
    `own`: what its worker is paid more."""
    factors = factors_of(project.file)
    try:
        shown = [*_lines(factors, data), *([(_("urgent"), factors.urgent_bp)] if is_urgent else [])]
    except Invalid:
        return ""
    shown = [one for one in shown if one[1] != NONE_BP]
    base = Decimal(units)
    for _what, factor_bp in shown:
        base = base * NONE_BP / factor_bp
    base = base.to_integral_value()
    shown += _own_lines(own)
    if project.pay_per in ("answer", HOUR) and base != MICROS:
        return ""  # it was measured before a factor changed
    said = _base(project, base) or (
        _("base {pay}").format(pay=rate_text(project) or money_text(_rated(project, base), project.currency))
        if shown
        else ""
    )
    return ", ".join(
        [said, *(_("{what} × {factor}").format(what=what, factor=factor_text(bp)) for what, bp in shown)]
    )


def _own_lines(own: WorkerFactors) -> list[tuple[str, int]]:
    raised = own.of(NONE_BP) > WorkerFactors(own.level_bp, own.volume_bp).of(NONE_BP)
    if raised:
        return [(_("minimum wage of the country"), own.floor_bp)]
    lines = [(_("level"), own.level_bp), (_("many approved answers"), own.volume_bp)]
    return [one for one in lines if one[1] != NONE_BP]


def own_pay_text(project: ProjectView, mine: WorkerPay | None) -> str:
    """What a task pays this worker: "€0.30, for you × 1.25"."""
    if mine is None or mine.bp == NONE_BP:
        return pay_text(project)
    return _("{pay}, for you × {factor}").format(pay=pay_text(project), factor=factor_text(mine.bp))


def own_usual_text(project: ProjectView, mine: WorkerPay | None) -> str:
    """The same in one amount."""
    if mine is None or mine.bp == NONE_BP or (project.measures and project.task_micros is None):
        return usual_text(project)
    micros = for_units(project.usual_micros, mine.bp * MICROS // NONE_BP)
    if not project.measures and not project.hour_micros:
        return money_text(micros, project.currency)
    return _("about {pay}").format(pay=about_text(micros, project.currency))


def people_lines(project: ProjectView, title: str, mine: WorkerPay | None = None) -> list[str]:
    """Who is paid more than others, a line for each, and where this worker stands. `title`: of the qualification."""
    plan = plan_of(project.file) if project.paid else WorkerPlan()
    found = []
    if plan.levels:
        steps = ", ".join(
            _("from {score} × {factor}").format(score=score, factor=factor_text(bp))
            for score, bp in plan.levels
        )
        line = _("“{title}” {steps}").format(title=title, steps=steps)
        if mine is not None:
            line += " " + (
                _("(you have {score})").format(score=mine.score)
                if mine.score is not None
                else _("(you do not have it)")
            )
        found.append(line)
    if plan.volume_after is not None:
        line = ngettext(
            "after {count} approved answer × {factor}",
            "after {count} approved answers × {factor}",
            plan.volume_after,
        ).format(count=number_text(plan.volume_after), factor=factor_text(plan.volume_bp))
        if mine is not None:
            line += " " + _("(you have {count})").format(count=number_text(mine.approved))
        found.append(line)
    if plan.by_country:
        line = _("where an hour would pay less than the minimum wage of the country, that much")
        if mine is not None and mine.floor_bp != NONE_BP:
            line += " " + _("(where you live at least × {factor})").format(
                factor=factor_text(mine.factors.floor_bp)
            )
        found.append(line)
    return found


def factor_text(factor_bp: int) -> str:
    """A factor: "1.25"."""
    return format_decimal(Decimal(factor_bp) / NONE_BP, format="0.00##", locale=locale())


def factor_lines(project: ProjectView) -> list[str]:
    """What makes tasks of the project worth more, a line for each."""
    factors = factors_of(project.file) if project.paid else Factors()
    shown = [(_("sensitive content"), factors.sensitivity_bp), (_("rare language"), factors.language_bp)]
    shown += [(_("difficulty “{name}”").format(name=name), bp) for name, bp in factors.difficulties_bp]
    time = duration_text(factors.urgent_seconds)
    shown.append((_("urgent: less than {time} before the deadline").format(time=time), factors.urgent_bp))
    return [
        _("{what} × {factor}").format(what=what, factor=factor_text(bp))
        for what, bp in shown
        if bp != NONE_BP
    ]


def _lines(factors: Factors, data: Mapping[str, Any]) -> list[tuple[str, int]]:
    found = [(_("sensitive content"), factors.sensitivity_bp), (_("rare language"), factors.language_bp)]
    if factors.difficulty:
        name = _("difficulty “{name}”").format(name=data.get(factors.difficulty))
        found.append((name, factors.difficulty_bp(data)))
    return found


def _rated(project: ProjectView, base: Decimal) -> int:
    return for_units(project.reward_micros, int(base))


def _base(project: ProjectView, units: Decimal) -> str:
    count, rate = units / MICROS, money_text(project.reward_micros, project.currency)
    if project.pay_per == "word":
        return ngettext("{count} word at {rate}", "{count} words at {rate}", int(count)).format(
            count=number_text(count), rate=rate
        )
    if project.pay_per == "audio_minute":
        return _("{count} min of audio at {rate} a minute").format(count=number_text(count), rate=rate)
    return ""
