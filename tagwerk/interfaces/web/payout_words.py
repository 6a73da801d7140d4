"""What runs, payouts and what holds them up are called on pages."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from tagwerk.domain.payments.rules.payouts import PayoutState, RunState
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.domain.payments.rules.reasons import HELD_THERE, LEFT_OUT_WORDS, reason_of
from tagwerk.interfaces.web.labels import Label, translated

RUN_STATES: Mapping[RunState, tuple[str, Label]] = {
    RunState.MAKING: ("info", _("is being made")),
    RunState.LOCKED: ("wait", _("waits to be released")),
    RunState.RELEASED: ("info", _("on its way")),
    RunState.DONE: ("ok", _("done")),
    RunState.CANCELLING: ("wait", _("is being called off")),
    RunState.CANCELLED: ("neutral", _("called off")),
}
PAYOUT_STATES: Mapping[PayoutState, tuple[str, Label]] = {
    PayoutState.LEFT_OUT: ("neutral", _("left out")),
    PayoutState.PLANNED: ("info", _("planned")),
    PayoutState.LOCKED: ("wait", _("set aside")),
    PayoutState.SUBMITTED: ("info", _("on its way")),
    PayoutState.PAID: ("ok", _("paid")),
    PayoutState.UNCLAIMED: ("wait", _("not claimed yet")),
    PayoutState.FAILED: ("bad", _("failed")),
    PayoutState.RETURNED: ("bad", _("came back")),
    PayoutState.WITHDRAWN: ("neutral", _("taken out")),
}
RAILS: Mapping[Rail, Label] = {
    Rail.SEPA: _("Bank account (SEPA)"),
    Rail.PAYPAL: "PayPal",
    Rail.MANUAL: _("by hand"),
}


def payout_badge(state: PayoutState, reason: str) -> tuple[str, Label]:
    """Tone and words for a payout."""
    return ("wait", _("held by PayPal")) if reason == HELD_THERE else PAYOUT_STATES[state]


def reason_words(code: str) -> str:
    """Why money came back, waits or was left out, in words; empty where there is no reason to give."""
    if not code:
        return ""
    if code in LEFT_OUT_WORDS:
        return translated(LEFT_OUT_WORDS[code])
    return translated(reason_of(code).why)


def what_to_do(code: str) -> str:
    """What the worker can do about money that came back."""
    return translated(reason_of(code).what_to_do) if code and code not in LEFT_OUT_WORDS else ""
