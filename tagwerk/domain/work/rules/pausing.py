"""Why a worker gets no more tasks of a project: a code where the house decided it, else a member's own words. Pure."""

from tagwerk.base.errors import Invalid
from tagwerk.domain.notices.rules.kinds import N_

GOLD_FAILED = "gold_failed"
MANY_STOPS = "many_stops"
RULE_GOLD, RULE_AGREEMENT, RULE_DECISIONS, RULE_SIGNALS = (
    "rule_gold",
    "rule_agreement",
    "rule_decisions",
    "rule_signals",
)
# As its worker reads it; a member's own words are shown as they are.
WORDS = {
    GOLD_FAILED: N_("Most of your answers to control tasks, whose right answers are known, were wrong."),
    RULE_GOLD: N_("Too few of your answers to control tasks, whose right answers are known, were right."),
    RULE_AGREEMENT: N_("Too many of your answers are not what the tasks' results say."),
    RULE_DECISIONS: N_("Too many of your answers were rejected."),
    RULE_SIGNALS: N_(
        "Your answers are more alike, to one another or to those of somebody else, than chance explains. That can have "
        "good reasons, so a person looks at it."
    ),
    MANY_STOPS: N_(
        "You stopped several tasks, and each is paid. The requester looks at it before you get more of them."
    ),
}
UNPAID = WORDS | {
    MANY_STOPS: N_("You stopped several tasks. The requester looks at it before you get more of them.")
}
LONGEST_REASON = 500


def words_of(*, paid: bool) -> dict[str, str]:
    """The words of the codes, in a project that pays or in one that does not."""
    return WORDS if paid else UNPAID


def reason_of_member(text: str) -> str:
    """A member's reason, without space around it; refuses an empty or a long one."""
    reason = text.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(
            "reason_missing",
            "Say in up to {most} characters why the worker gets no more tasks.",
            path="reason",
            most=LONGEST_REASON,
        )
    return reason
