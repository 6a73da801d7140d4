"""What a project and a task pay, in words."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from tagwerk.base.money import MICROS
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.interfaces.web.formats import CENT_MICROS, money_text, number_text

RATES = {
    "audio_minute": gettext_noop("{rate} per audio minute"),
    "word": gettext_noop("{rate} per word"),
}
WHOLE = {
    "deliverable": gettext_noop("its own amount for each deliverable, about {pay} on average"),
    "milestone": gettext_noop("its own amount for each milestone, about {pay} on average"),
}


def about_text(micros: int, currency: str) -> str:
    """A mean, to the cent where it is one or more."""
    cents = (micros + CENT_MICROS // 2) // CENT_MICROS * CENT_MICROS
    return money_text(cents or micros, currency)


def rate_text(project: ProjectView) -> str:
    """What one unit pays: "€0.80 per audio minute"; empty where a task is the unit."""
    said = RATES.get(project.pay_per)
    return _(said).format(rate=money_text(project.reward_micros, project.currency)) if said else ""


def pay_text(project: ProjectView) -> str:
    """What a task pays; where tasks differ, the rate and about how much that is."""
    rate = rate_text(project)
    if not project.measures:
        return money_text(project.reward_micros, project.currency)
    if project.task_micros is None:
        return rate or _("its own amount for each task")
    pay = about_text(project.task_micros, project.currency)
    if rate:
        return _("{rate}, about {pay} a task").format(rate=rate, pay=pay)
    return _(WHOLE[project.pay_per]).format(pay=pay)


def usual_text(project: ProjectView) -> str:
    """What a task pays, in one amount: "about €2.40" where tasks differ."""
    if not project.measures:
        return money_text(project.reward_micros, project.currency)
    if project.task_micros is None:
        return "–"
    return _("about {pay}").format(pay=about_text(project.task_micros, project.currency))


def made_of(project: ProjectView, units: int) -> str:
    """How the pay of a task is made up: "3 audio minutes at €0.80"; empty where that says nothing."""
    count, rate = Decimal(units) / MICROS, money_text(project.reward_micros, project.currency)
    if project.pay_per == "word":
        return ngettext("{count} word at {rate}", "{count} words at {rate}", int(count)).format(
            count=number_text(count), rate=rate
        )
    if project.pay_per == "audio_minute":
        return _("{count} min of audio at {rate} a minute").format(count=number_text(count), rate=rate)
    return ""
