"""What happens in judging: answers become results, members decide, results go on to the next stage."""

from tagwerk.domain.quality.actions.fitting import ask_nightly_refits, ask_refit, refit_models
from tagwerk.domain.quality.actions.gold_care import (
    give_key,
    promote_results,
    reinstate_gold,
    retire_gold,
)
from tagwerk.domain.quality.actions.gold_watch import watch_gold
from tagwerk.domain.quality.actions.judging import judge_answers, recheck_answers, recheck_tasks
from tagwerk.domain.quality.actions.results import (
    ask_for_answers,
    exclude_answer,
    include_answer,
    mark_unanswerable,
)
from tagwerk.domain.quality.actions.review import approve_answers, overrule_result, reject_answer
from tagwerk.domain.quality.actions.stages import pass_on_results
from tagwerk.domain.quality.actions.telling import (
    tell_pause,
    tell_rejection,
    tell_resumption,
    tell_unanswerable,
    tell_withdrawal,
)
from tagwerk.domain.quality.actions.workers import pause_worker, resume_worker

__all__ = [
    "approve_answers",
    "ask_for_answers",
    "ask_nightly_refits",
    "ask_refit",
    "exclude_answer",
    "give_key",
    "include_answer",
    "judge_answers",
    "mark_unanswerable",
    "overrule_result",
    "pass_on_results",
    "pause_worker",
    "promote_results",
    "recheck_answers",
    "recheck_tasks",
    "refit_models",
    "reinstate_gold",
    "reject_answer",
    "resume_worker",
    "retire_gold",
    "tell_pause",
    "tell_rejection",
    "tell_resumption",
    "tell_unanswerable",
    "tell_withdrawal",
    "watch_gold",
]
