"""What happens in judging: answers become results, members decide, results go on to the next stage."""

from tagwerk.domain.quality.actions.appealing import (
    decide_appeal,
    lapse_appeals,
    make_appeal,
    withdraw_appeal,
)
from tagwerk.domain.quality.actions.bonuses import GivenByRule, give_bonuses_by_rule
from tagwerk.domain.quality.actions.experts import give_back_results
from tagwerk.domain.quality.actions.fitting import ask_nightly_refits, ask_refit, refit_models
from tagwerk.domain.quality.actions.gold import follow_tolerance
from tagwerk.domain.quality.actions.gold_care import (
    give_key,
    promote_results,
    reinstate_gold,
    retire_gold,
)
from tagwerk.domain.quality.actions.gold_watch import watch_gold
from tagwerk.domain.quality.actions.judging import judge_answers, recheck_answers, recheck_tasks
from tagwerk.domain.quality.actions.objections import decide_objection, lapse_objections, object_to_pause
from tagwerk.domain.quality.actions.openness import count_public_figures
from tagwerk.domain.quality.actions.rejecting import (
    RejectedNow,
    decide_rejections,
    lapse_proposals,
    reject_answers,
)
from tagwerk.domain.quality.actions.results import (
    ask_for_answers,
    exclude_answer,
    include_answer,
    mark_unanswerable,
)
from tagwerk.domain.quality.actions.review import approve_answers, overrule_result, reject_answer
from tagwerk.domain.quality.actions.reviewing import Found, commit_review, open_review
from tagwerk.domain.quality.actions.stages import fill_stage, pass_on_results
from tagwerk.domain.quality.actions.telling import (
    tell_objection,
    tell_objection_decided,
    tell_pause,
    tell_rejection,
    tell_resumption,
    tell_unanswerable,
    tell_withdrawal,
)
from tagwerk.domain.quality.actions.telling_appeals import (
    follow_rework,
    tell_appeal,
    tell_appeal_ended,
    tell_proposal,
    tell_rework,
)
from tagwerk.domain.quality.actions.waiting import prune_reviews, redraw_reviews
from tagwerk.domain.quality.actions.watching import watch_workers
from tagwerk.domain.quality.actions.workers import (
    decide_signal,
    end_pauses_until_test,
    pause_worker,
    resume_worker,
)

__all__ = [
    "Found",
    "GivenByRule",
    "RejectedNow",
    "approve_answers",
    "ask_for_answers",
    "ask_nightly_refits",
    "ask_refit",
    "commit_review",
    "count_public_figures",
    "decide_appeal",
    "decide_objection",
    "decide_rejections",
    "decide_signal",
    "end_pauses_until_test",
    "exclude_answer",
    "fill_stage",
    "follow_rework",
    "follow_tolerance",
    "give_back_results",
    "give_bonuses_by_rule",
    "give_key",
    "include_answer",
    "judge_answers",
    "lapse_appeals",
    "lapse_objections",
    "lapse_proposals",
    "make_appeal",
    "mark_unanswerable",
    "object_to_pause",
    "open_review",
    "overrule_result",
    "pass_on_results",
    "pause_worker",
    "promote_results",
    "prune_reviews",
    "recheck_answers",
    "recheck_tasks",
    "redraw_reviews",
    "refit_models",
    "reinstate_gold",
    "reject_answer",
    "reject_answers",
    "resume_worker",
    "retire_gold",
    "tell_appeal",
    "tell_appeal_ended",
    "tell_objection",
    "tell_objection_decided",
    "tell_pause",
    "tell_proposal",
    "tell_rejection",
    "tell_resumption",
    "tell_rework",
    "tell_unanswerable",
    "tell_withdrawal",
    "watch_gold",
    "watch_workers",
    "withdraw_appeal",
]
