"""What happens when work is done: bringing tasks in, taking, handing in, approving, and what keeps the queue going."""

from tagwerk.domain.work.actions.bonuses import give_bonuses, give_without_gate, tell_bonuses
from tagwerk.domain.work.actions.booking import accept_all, approve, approve_due, pay_late, set_reward
from tagwerk.domain.work.actions.budget import watch_budget
from tagwerk.domain.work.actions.correcting import Corrected, ask_ahead, correct_time, decide_time, tend_times
from tagwerk.domain.work.actions.deferring import defer, end_deferrals
from tagwerk.domain.work.actions.discarding import discard_tasks
from tagwerk.domain.work.actions.enrolling import (
    ask_consent_again,
    consent,
    enrol,
    pause_worker,
    refresh_enrolments,
    resume_worker,
)
from tagwerk.domain.work.actions.feeding import feed_answers
from tagwerk.domain.work.actions.giving_up import renew, return_assignment, save_draft, skip, stop
from tagwerk.domain.work.actions.gold import (
    correct_gold,
    explain_gold,
    make_gold,
    reinstate_gold,
    retire_gold,
    set_gold,
)
from tagwerk.domain.work.actions.guaranteeing import find_top_ups, guarantee_hours, pay_top_ups
from tagwerk.domain.work.actions.importing import BadRows, ImportReport, add_tasks, import_tasks
from tagwerk.domain.work.actions.imports import (
    forget_old_imports,
    import_file,
    import_without_bad_rows,
    run_import,
    start_import,
)
from tagwerk.domain.work.actions.launching import launch
from tagwerk.domain.work.actions.measuring import measure_wage, measure_wages
from tagwerk.domain.work.actions.opening import (
    locked_opening,
    open_covered_tasks,
    promote_urgent,
    top_up_gold,
)
from tagwerk.domain.work.actions.paid_tests import finish_attempt, free_held_test_pay, start_attempt
from tagwerk.domain.work.actions.pricing import agree_price, measure_tasks, revise
from tagwerk.domain.work.actions.rejecting import (
    contest,
    end_contest,
    reject,
    reject_one,
    rejectable,
    reopen_rejected,
    waive_appeal,
)
from tagwerk.domain.work.actions.reworking import (
    ask_rework,
    give_back,
    hand_in_rework,
    lapse_deferrals,
    leave_as_is,
)
from tagwerk.domain.work.actions.settling import settle_finished
from tagwerk.domain.work.actions.sweeping import sweep_expired, tend_all, tend_project
from tagwerk.domain.work.actions.taking import Submitted, change_answer, claim, submit
from tagwerk.domain.work.actions.telling import (
    tell_late_paid,
    tell_project_paused,
    tell_time_asked,
    tell_time_decided,
)
from tagwerk.domain.work.actions.timing import (
    Started,
    count_offline,
    end_lost_timers,
    keep_timer,
    pause_timer,
    start_timer,
)
from tagwerk.domain.work.actions.unanswerable import settle_unanswerable
from tagwerk.domain.work.actions.undoing import hold_back
from tagwerk.domain.work.actions.wanting import (
    allow_more_answers,
    close_tasks,
    return_to_queue,
    want_more_answers,
)

__all__ = [
    "BadRows",
    "Corrected",
    "ImportReport",
    "Started",
    "Submitted",
    "accept_all",
    "add_tasks",
    "agree_price",
    "allow_more_answers",
    "approve",
    "approve_due",
    "ask_ahead",
    "ask_consent_again",
    "ask_rework",
    "change_answer",
    "claim",
    "close_tasks",
    "consent",
    "contest",
    "correct_gold",
    "correct_time",
    "count_offline",
    "decide_time",
    "defer",
    "discard_tasks",
    "end_contest",
    "end_deferrals",
    "end_lost_timers",
    "enrol",
    "explain_gold",
    "feed_answers",
    "find_top_ups",
    "finish_attempt",
    "forget_old_imports",
    "free_held_test_pay",
    "give_back",
    "give_bonuses",
    "give_without_gate",
    "guarantee_hours",
    "hand_in_rework",
    "hold_back",
    "import_file",
    "import_tasks",
    "import_without_bad_rows",
    "keep_timer",
    "lapse_deferrals",
    "launch",
    "leave_as_is",
    "locked_opening",
    "make_gold",
    "measure_tasks",
    "measure_wage",
    "measure_wages",
    "open_covered_tasks",
    "pause_timer",
    "pause_worker",
    "pay_late",
    "pay_top_ups",
    "promote_urgent",
    "refresh_enrolments",
    "reinstate_gold",
    "reject",
    "reject_one",
    "rejectable",
    "renew",
    "reopen_rejected",
    "resume_worker",
    "retire_gold",
    "return_assignment",
    "return_to_queue",
    "revise",
    "run_import",
    "save_draft",
    "set_gold",
    "set_reward",
    "settle_finished",
    "settle_unanswerable",
    "skip",
    "start_attempt",
    "start_import",
    "start_timer",
    "stop",
    "submit",
    "sweep_expired",
    "tell_bonuses",
    "tell_late_paid",
    "tell_project_paused",
    "tell_time_asked",
    "tell_time_decided",
    "tend_all",
    "tend_project",
    "tend_times",
    "top_up_gold",
    "waive_appeal",
    "want_more_answers",
    "watch_budget",
]
