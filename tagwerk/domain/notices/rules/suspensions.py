"""What the reasons of a suspension are called, for who reads of it."""

from collections.abc import Mapping

from tagwerk.domain.accounts.rules import SuspensionReason as Reason
from tagwerk.domain.notices.rules.kinds import N_

REASONS: Mapping[Reason, str] = {
    Reason.FRAUD: N_("Answers without work, or several accounts"),
    Reason.ABUSE: N_("How others were treated"),
    Reason.TERMS: N_("A rule of the terms was broken"),
    Reason.IDENTITY: N_("It has to be made clear who you are"),
    Reason.PAYMENT: N_("A payment is open"),
    Reason.REQUEST: N_("You asked for it"),
    Reason.OTHER: N_("Another reason"),
}
