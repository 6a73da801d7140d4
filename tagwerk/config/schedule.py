"""A time → an action. One of the three tables that start something (urls, reactions, schedule)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tagwerk.base import replies
from tagwerk.config.reactions import (
    ANNOUNCE_ANSWERS,
    FEED_ANSWERS,
    JUDGE_ANSWERS,
    REFIT_MODELS,
    RETURN_TASKS,
    WATCH_WORKERS,
    Reaction,
)
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.community import queries as community
from tagwerk.domain.exports import actions as exports
from tagwerk.domain.exports import queries as exports_queries
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as projects_queries
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries as quality_queries
from tagwerk.domain.quality.rules.openness import Fact
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True)
class Entry:
    """A line of the schedule."""

    name: str
    every_seconds: int
    action: Callable[[datetime], Any]


def _count_public_figures(now: datetime) -> int:
    """Two rooms beside each other know parts of it: what people asked, and all the rest."""
    asked = community.asked_since(now - timedelta(days=365))
    parts = {"answered": asked.answered, "median_seconds": asked.median_seconds}
    return quality.count_public_figures(now=now, questions=Fact(asked.people, asked.questions, parts))


# Each second: a coalesced reaction, and which projects need it now.
PULSE: tuple[tuple[Reaction, Callable[[datetime], list[int]]], ...] = (
    (FEED_ANSWERS, lambda now: work_queries.projects_with_inbox()),
    (RETURN_TASKS, lambda now: work_queries.projects_with_returns()),
    (JUDGE_ANSWERS, lambda now: quality_queries.projects_to_judge()),
    (REFIT_MODELS, lambda now: quality_queries.projects_to_refit()),
    (WATCH_WORKERS, lambda now: quality_queries.projects_to_watch(now)),
    (ANNOUNCE_ANSWERS, lambda now: exports_queries.projects_to_announce()),
)

SCHEDULE: tuple[Entry, ...] = (
    Entry("deliver_due", 1, lambda now: notices.deliver_due(now=now)),
    Entry("send_due_mail", 10, lambda now: notices.send_due_mail(now=now)),
    Entry("sweep_expired", 10, lambda now: work.sweep_expired(now=now)),
    Entry("end_lost_timers", 30, lambda now: work.end_lost_timers(now=now)),
    Entry("tend_projects", MINUTE, lambda now: work.tend_all(now=now)),
    Entry("guarantee_hours", HOUR, lambda now: work.guarantee_hours(now=now)),
    Entry("measure_wages", 10 * MINUTE, lambda now: work.measure_wages(now=now)),
    Entry("lapse_appeals", MINUTE, lambda now: quality.lapse_appeals(now=now)),
    Entry("lapse_proposals", MINUTE, lambda now: quality.lapse_proposals(now=now)),
    Entry("seal_book", MINUTE, lambda now: ledger.seal()),
    Entry("check_book", DAY, lambda now: payments.check_book(now=now)),
    Entry("check_bank", DAY, lambda now: payments.check_bank(now=now)),
    Entry("watch_payouts", HOUR, lambda now: payments.watch_payouts(now=now)),
    Entry("check_paypal", DAY, lambda now: payments.check_paypal(now=now)),
    Entry("send_paypal", MINUTE, lambda now: payments.send_paypal(now=now)),
    Entry("follow_paypal", MINUTE, lambda now: payments.follow_paypal(now=now)),
    Entry("tend_unclaimed", HOUR, lambda now: payments.tend_unclaimed(now=now)),
    Entry(
        "issue_due_invoices",
        DAY,
        lambda now: payments.issue_due_invoices(now=now, titles=projects_queries.titles_of),
    ),
    Entry(
        "issue_statements",
        HOUR,
        lambda now: payments.issue_statements(now=now, titles=projects_queries.titles_of),
    ),
    Entry("make_missing_papers", HOUR, lambda now: payments.make_missing_papers()),
    Entry("make_weekly_runs", HOUR, lambda now: payments.make_weekly_runs(now=now)),
    Entry("tend_runs", MINUTE, lambda now: payments.tend_runs(now=now)),
    Entry("end_settled_runs", MINUTE, lambda now: payments.end_settled_runs(now=now)),
    Entry("settle_bank_entries", MINUTE, lambda now: payments.settle_bank_entries(now=now)),
    Entry("publish_seal", DAY, lambda now: payments.publish_seal(now=now)),
    Entry("free_held_test_pay", HOUR, lambda now: work.free_held_test_pay(now=now)),
    Entry("tell_shut_tests", DAY, lambda now: academy.tell_shut_tests()),
    Entry("end_expired_holdings", 10, lambda now: academy.end_expired_holdings(now=now)),
    Entry("ask_nightly_refits", DAY, lambda now: quality.ask_nightly_refits()),
    Entry("count_public_figures", DAY, _count_public_figures),
    Entry("watch_gold", HOUR, lambda now: quality.watch_gold(now=now)),
    Entry("lapse_objections", MINUTE, lambda now: quality.lapse_objections(now=now)),
    Entry("remove_expired_exports", HOUR, lambda now: exports.remove_expired_exports(now=now)),
    Entry("forget_old_imports", DAY, lambda now: work.forget_old_imports(now=now)),
    Entry("forget_old_pieces", DAY, lambda now: projects.forget_old_pieces(now=now)),
    Entry("forget_old_deliveries", DAY, lambda now: notices.forget_old_deliveries(now=now)),
    Entry("forget_old_replies", DAY, lambda now: replies.forget_old_replies()),
)
