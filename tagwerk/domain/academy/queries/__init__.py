"""What is asked about qualifications and entry tests. Gates take the actor and refuse."""

from tagwerk.domain.academy.queries.entry_tests import (
    AttemptTask,
    AttemptView,
    OfferedTest,
    PlanOfTest,
    attempt_for,
    offered_tests,
    plan_of_test,
)
from tagwerk.domain.academy.queries.granting import LookedAt, look_at_grants
from tagwerk.domain.academy.queries.qualifications import (
    HoldingView,
    OwnHolding,
    QualificationView,
    holders_of,
    holders_page,
    own_holdings,
    qualification_for,
    qualifications_for,
    qualifications_offered,
    scores_in,
    scores_of,
    titles_of,
    unknown_qualifications,
)

__all__ = [
    "AttemptTask",
    "AttemptView",
    "HoldingView",
    "LookedAt",
    "OfferedTest",
    "OwnHolding",
    "PlanOfTest",
    "QualificationView",
    "attempt_for",
    "holders_of",
    "holders_page",
    "look_at_grants",
    "offered_tests",
    "own_holdings",
    "plan_of_test",
    "qualification_for",
    "qualifications_for",
    "qualifications_offered",
    "scores_in",
    "scores_of",
    "titles_of",
    "unknown_qualifications",
]
