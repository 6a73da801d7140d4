"""Which answers a reviewer asks for in an address, and why an answer came, in words."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.quality.queries import Because
from tagwerk.domain.quality.rules.control import figures_text
from tagwerk.domain.quality.rules.reviewing import Draw, Drawn
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.rule_words import condition_text, rule_of, signal_text

LONGEST = 20


def draw_of(request: ActorRequest) -> Draw:
    """What the address asks for: a worker, a rule that met workers, a kind of signal, or one signal's own answers."""
    about = request.GET.get("evidence", "")
    return Draw(
        request.GET.get("worker", "")[:LONGEST], request.GET.get("rule", "")[:LONGEST],
        request.GET.get("signal", "")[:LONGEST], row_number("sig", about) if about else 0,
    )  # fmt: skip


def query(draw: Draw) -> str:
    """The address's part that asks for these answers; empty: those of the plan."""
    said = {
        "worker": draw.worker, "rule": draw.rule, "signal": draw.signal,
        "evidence": public_id("sig", draw.evidence) if draw.evidence else "",
    }  # fmt: skip
    given = {name: value for name, value in said.items() if value}
    return f"?{urlencode(given)}" if given else ""


def asked(request: ActorRequest) -> str:
    """What this address asks for, for the next one."""
    return query(draw_of(request))


def because_text(why: Because, currency: str) -> str:
    """Why an answer came, for who has committed."""
    if why.drawn is None:
        return ""
    words = {
        Drawn.ALL: _("Every answer of this project comes to review."),
        Drawn.SHARE: _("It was drawn by chance."),
        Drawn.UNSURE: _("The result of its task was less certain than your review plan asks for."),
        Drawn.PAUSED: _("Its worker is paused until somebody has looked."),
        Drawn.SENT: _("A control rule sends answers of its worker to review."),
        Drawn.BETTER: _("It is the better answer that was asked for."),
        Drawn.DECISION: _("A better answer was asked for and did not come."),
        Drawn.CHECK: _("To see how reviewers do: it had been reviewed before, or its right answer was known."),
        Drawn.WORKER: _("You asked for answers of this worker."),
        Drawn.RULE: _("You asked for answers of workers whom a control rule met."),
        Drawn.SIGNAL: _("You asked for answers that a signal points at."),
    }  # fmt: skip
    return " ".join(part for part in (words[why.drawn], _seen(why, currency)) if part)


def _seen(why: Because, currency: str) -> str:
    if why.rule is not None:
        said, figures = condition_text(rule_of(why.rule), currency), figures_text(why.rule, why.figures)
        return _("The rule: {condition}. What it saw: {figures}").format(condition=said, figures=figures)
    return signal_text(why.signal, why.figures, why.other) if why.signal else ""
