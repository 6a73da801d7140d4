"""What happens in judging: answers become results, members decide, results go on to the next stage."""

from tagwerk.domain.quality.actions.appealing import (
    decide_appeal,
    lapse_appeals,
    make_appeal,
    withdraw_appeal,
)
from tagwerk.domain.quality.actions.judging import judge_answers, recheck_answers, recheck_tasks
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
from tagwerk.domain.quality.actions.stages import pass_on_results
from tagwerk.domain.quality.actions.telling import (
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
from tagwerk.domain.quality.actions.workers import pause_worker, resume_worker

__all__ = [
    "Found",
    "RejectedNow",
    "approve_answers",
    "ask_for_answers",
    "commit_review",
    "decide_appeal",
    "decide_rejections",
    "exclude_answer",
    "follow_rework",
    "include_answer",
    "judge_answers",
    "lapse_appeals",
    "lapse_proposals",
    "make_appeal",
    "mark_unanswerable",
    "open_review",
    "overrule_result",
    "pass_on_results",
    "pause_worker",
    "recheck_answers",
    "recheck_tasks",
    "reject_answer",
    "reject_answers",
    "resume_worker",
    "tell_appeal",
    "tell_appeal_ended",
    "tell_pause",
    "tell_proposal",
    "tell_rejection",
    "tell_resumption",
    "tell_rework",
    "tell_unanswerable",
    "tell_withdrawal",
    "withdraw_appeal",
]
