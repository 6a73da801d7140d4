"""What happens to qualifications and entry tests. The only code that writes this room's tables."""

from tagwerk.domain.academy.actions.by_rules import ask_test_again, grant_by_rule, revoke_by_rule
from tagwerk.domain.academy.actions.entry_tests import (
    Finished,
    answer_attempt,
    close_entry_test,
    define_entry_test,
    finish_attempt,
    start_attempt,
)
from tagwerk.domain.academy.actions.qualifications import (
    BadGrant,
    GrantReport,
    create_qualification,
    end_expired_holdings,
    grant_list,
    grant_qualification,
    retire_qualification,
    revoke_holding,
    revoke_qualification,
    update_qualification,
)
from tagwerk.domain.academy.actions.telling import tell_grant, tell_shut_tests

__all__ = [
    "BadGrant",
    "Finished",
    "GrantReport",
    "answer_attempt",
    "ask_test_again",
    "close_entry_test",
    "create_qualification",
    "define_entry_test",
    "end_expired_holdings",
    "finish_attempt",
    "grant_by_rule",
    "grant_list",
    "grant_qualification",
    "retire_qualification",
    "revoke_by_rule",
    "revoke_holding",
    "revoke_qualification",
    "start_attempt",
    "tell_grant",
    "tell_shut_tests",
    "update_qualification",
]
