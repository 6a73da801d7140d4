"""The pace of the page of a task: what this sitting came to so far, and which designs go on by themselves."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import Sitting, SittingPart
from tagwerk.interfaces.web.formats import duration_text, money_text, number_text
from tagwerk.interfaces.web.pages.worker.access import hourly_micros


@dataclass(frozen=True, slots=True)
class Earned:
    """What a sitting paid in one currency."""

    part: SittingPart
    hourly_micros: int
    basis: str


def sitting_text(found: Sitting) -> str:
    """“12 done · 18 min · €2.40”; nothing before the first answer, and of money only where there is some."""
    if not found.answers:
        return ""
    done = ngettext("{count} done", "{count} done", found.answers).format(count=number_text(found.answers))
    minutes = round(found.active_ms / 60_000)
    parts = [done, duration_text(60 * minutes) if minutes else _("under 1 min")]
    parts += [money_text(part.pay_micros, part.currency) for part in found.paid]
    return " · ".join(parts)


def summary(person_id: int) -> dict[str, Any]:
    """The figures of a sitting for a page."""
    found = queries.sitting(person_id)
    return {
        "sitting": found,
        "sitting_time": duration_text(60 * max(1, round(found.active_ms / 60_000))),
        "earned": _earned(found),
    }


def _earned(found: Sitting) -> list[Earned]:
    return [
        Earned(
            part,
            hourly_micros(part.pay_micros, part.active_ms / 1000),
            ngettext("from {count} answer", "from {count} answers", part.answers).format(
                count=number_text(part.answers)
            ),
        )
        for part in found.paid
    ]


def advances(design: DesignView) -> bool:
    """Whether one choice is all that a task asks for, so that choosing can be handing in."""
    if len(design.questions) != 1:
        return False
    options: Any = design.questions[0].options
    kind = design.questions[0].kind
    if kind == "choice":
        return not options.many and not options.other
    return kind == "comparison" or (kind == "rating" and options.shown_as == "likert")


def swipes(design: DesignView) -> tuple[str, str] | None:
    """The two sides of a swipe, where a task asks for one of two options and nothing else."""
    if not advances(design) or design.questions[0].kind != "choice":
        return None
    options: Any = design.questions[0].options
    labels = list(options.options.values())
    return (labels[0], labels[1]) if len(labels) == 2 else None
