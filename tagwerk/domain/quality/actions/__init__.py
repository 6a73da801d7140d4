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
from tagwerk.domain.quality.actions.objections import decide_objection, lapse_objections, object_to_pause
from tagwerk.domain.quality.actions.results import (
    ask_for_answers,
    exclude_answer,
    include_answer,
    mark_unanswerable,
)
from tagwerk.domain.quality.actions.review import approve_answers, overrule_result, reject_answer
from tagwerk.domain.quality.actions.stages import pass_on_results
from tagwerk.domain.quality.actions.telling import (
    tell_objection,
    tell_objection_decided,
    tell_pause,
    tell_rejection,
    tell_resumption,
    tell_unanswerable,
    tell_withdrawal,
)
from tagwerk.domain.quality.actions.watching import watch_workers
from tagwerk.domain.quality.actions.workers import (
    decide_signal,
    end_pauses_until_test,
    pause_worker,
    resume_worker,
)

__all__ = [
    "approve_answers",
    "ask_for_answers",
    "ask_nightly_refits",
    "ask_refit",
    "decide_objection",
    "decide_signal",
    "end_pauses_until_test",
    "exclude_answer",
    "give_key",
    "include_answer",
    "judge_answers",
    "lapse_objections",
    "mark_unanswerable",
    "object_to_pause",
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
    "tell_objection",
    "tell_objection_decided",
    "tell_pause",
    "tell_rejection",
    "tell_resumption",
    "tell_unanswerable",
    "tell_withdrawal",
    "watch_gold",
    "watch_workers",
]
