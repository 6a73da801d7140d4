"""A fact → the actions that follow. One of the three tables that start something (urls, reactions, schedule).

Reactions are repeatable. Those `once_per_project` are coalesced: they look at the project as it is when they run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from tagwerk.base.events import Event
from tagwerk.domain.academy import actions as academy_actions
from tagwerk.domain.academy import events as academy
from tagwerk.domain.accounts import events as accounts
from tagwerk.domain.community import events as community
from tagwerk.domain.exports import actions as exports
from tagwerk.domain.exports import events as exports_events
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import events as notices_events
from tagwerk.domain.payments import actions as payments_actions
from tagwerk.domain.payments import events as payments
from tagwerk.domain.projects import actions as projects_actions
from tagwerk.domain.projects import events as projects
from tagwerk.domain.projects import queries as projects_queries
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import events as quality_events
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import events as work_events


@dataclass(frozen=True)
class Reaction:
    """An action under the name by which its jobs are known."""

    name: str
    action: Callable[[Any], Any]
    per_project: bool = False


def each(name: str, action: Callable[[Any], Any]) -> Reaction:
    """Carried out for every fact; the action gets the fact."""
    return Reaction(name, action)


def once_per_project(name: str, action: Callable[[int], Any]) -> Reaction:
    """Carried out once for all waiting facts of a project; the action gets the project's number."""
    return Reaction(name, action, per_project=True)


FEED_ANSWERS = once_per_project("feed_answers", lambda id: work.feed_answers(project_id=id))
JUDGE_ANSWERS = once_per_project("judge_answers", lambda id: quality.judge_answers(project_id=id))
REFIT_MODELS = once_per_project("refit_models", lambda id: quality.refit_models(project_id=id))
WATCH_WORKERS = once_per_project("watch_workers", lambda id: quality.watch_workers(project_id=id))
ANNOUNCE_ANSWERS = once_per_project("announce_answers", lambda id: exports.announce_answers(project_id=id))
OPEN_TASKS = once_per_project("open_covered_tasks", lambda id: work.open_covered_tasks(project_id=id))
RETURN_TASKS = once_per_project("return_to_queue", lambda id: work.return_to_queue(project_id=id))
FILL_STAGE = once_per_project("fill_stage", lambda id: quality.fill_stage(project_id=id))
SETTLE = once_per_project("settle_finished", lambda id: work.settle_finished(project_id=id))
DELIVER_APPROVED = once_per_project("deliver_approved", lambda id: exports.deliver_approved(project_id=id))
PRUNE_REVIEWS = once_per_project("prune_reviews", lambda id: quality.prune_reviews(project_id=id))
REDRAW_REVIEWS = once_per_project("redraw_reviews", lambda id: quality.redraw_reviews(project_id=id))
RECHECK_AUDIENCE = once_per_project("recheck_audience", lambda id: work.refresh_enrolments(project_id=id))
ASK_CONSENT = once_per_project("ask_consent_again", lambda id: work.ask_consent_again(project_id=id))
RECHECK_PERSON = each("recheck_person", lambda fact: work.refresh_enrolments(person_id=fact.person_id))
INVOICE_BOOKING = each(
    "invoice_booking",
    lambda fact: payments_actions.invoice_booking(booking_id=fact.booking_id, now=timezone.now()),
)
TELL_SUSPENSION = each(
    "tell_suspension", lambda fact: notices.tell_suspension(suspension_id=fact.suspension_id)
)

REACTIONS: dict[type[Event], list[Reaction]] = {
    # accounts
    accounts.PersonSignedUp: [],
    accounts.ProfileChanged: [RECHECK_PERSON],
    accounts.PersonSuspended: [RECHECK_PERSON, TELL_SUSPENSION],
    accounts.PersonSuspensionLifted: [
        RECHECK_PERSON,
        each("tell_person_open", lambda fact: notices.tell_suspension_lifted(suspension_id=fact.suspension_id, person_id=fact.person_id)),
    ],
    accounts.OperatorChanged: [each("tell_operators_changed", lambda fact: notices.tell_operators_changed(fact=fact))],
    accounts.PasswordSet: [],
    accounts.ConsentGiven: [],
    accounts.OrganisationFounded: [],
    accounts.OrganisationApproved: [
        each("tell_approval", lambda fact: notices.tell_approval(organisation_id=fact.organisation_id))
    ],
    accounts.PersonViewed: [each("tell_viewing", lambda fact: notices.tell_viewing(viewing_id=fact.viewing_id))],
    accounts.OrganisationSuspended: [
        each("pause_all", lambda fact: projects_actions.pause_all(organisation_id=fact.organisation_id)),
        TELL_SUSPENSION,
    ],
    accounts.OrganisationSuspensionLifted: [
        each("tell_organisation_open", lambda fact: notices.tell_suspension_lifted(suspension_id=fact.suspension_id, organisation_id=fact.organisation_id)),
    ],
    accounts.MemberInvited: [
        each("mail_invitation", lambda fact: notices.mail_invitation(invitation_id=fact.invitation_id))
    ],
    accounts.InvitationWithdrawn: [],
    accounts.MemberJoined: [RECHECK_PERSON],
    accounts.MemberRoleChanged: [RECHECK_PERSON],
    accounts.MemberRemoved: [RECHECK_PERSON],
    accounts.TeamCreated: [],
    accounts.TeamRenamed: [],
    accounts.TeamMembersChanged: [
        each("recheck_team", lambda fact: [work.refresh_enrolments(person_id=one) for one in (*fact.added, *fact.removed)])
    ],
    accounts.TeamDeleted: [],
    accounts.ApiKeyCreated: [],
    accounts.ApiKeyRevoked: [],
    accounts.InstanceChanged: [],
    accounts.MinimumWagesChanged: [],
    accounts.OrganisationFeeChanged: [],
    # academy
    academy.QualificationCreated: [],
    academy.QualificationRetired: [],
    academy.QualificationGranted: [
        RECHECK_PERSON,
        each("end_pauses_until_test", lambda fact: quality.end_pauses_until_test(person_id=fact.person_id, qualification_id=fact.qualification_id)),
        each("tell_grant", lambda fact: academy_actions.tell_grant(fact=fact)),
    ],
    academy.QualificationRevoked: [RECHECK_PERSON],
    academy.QualificationExpired: [RECHECK_PERSON],
    academy.EntryTestDefined: [],
    academy.EntryTestFinished: [],
    # payments, notices
    payments.MoneyDeposited: [
        each("tell_deposit", lambda fact: payments_actions.tell_deposit(booking_id=fact.booking_id)),
        INVOICE_BOOKING,
    ],
    payments.MoneyRefunded: [INVOICE_BOOKING],
    payments.PayerChanged: [],
    payments.BillingChanged: [],
    payments.CreditGranted: [],
    payments.InvoiceIssued: [
        each("make_invoice_paper", lambda fact: payments_actions.make_invoice_paper(invoice_id=fact.invoice_id)),
        each("tell_invoice", lambda fact: payments_actions.tell_invoice(invoice_id=fact.invoice_id)),
    ],
    payments.PayoutProfileChanged: [],
    payments.PayoutMethodAsked: [
        each("tell_method_asked", lambda fact: payments_actions.tell_method_asked(method_id=fact.method_id))
    ],
    payments.PayoutMethodConfirmed: [
        each("tell_method_confirmed", lambda fact: payments_actions.tell_method_confirmed(method_id=fact.method_id))
    ],
    payments.PayoutMethodRemoved: [],
    payments.PayoutsHeld: [each("tell_hold", lambda fact: payments_actions.tell_hold(hold_id=fact.hold_id))],
    payments.PayoutsFreed: [each("tell_freed", lambda fact: payments_actions.tell_freed(hold_id=fact.hold_id))],
    payments.PayoutRunMade: [
        each("lock_run", lambda fact: payments_actions.lock_run(run_id=fact.run_id, now=timezone.now())),
        each("tell_names_unwritable", lambda fact: payments_actions.tell_names_unwritable(run_id=fact.run_id)),
    ],
    payments.PayoutRunLocked: [
        each("tell_run_waits", lambda fact: payments_actions.tell_run_waits(run_id=fact.run_id))
    ],
    payments.PayoutRunConfirmed: [],
    payments.PayoutRunReleased: [
        each("tell_released", lambda fact: payments_actions.tell_released(run_id=fact.run_id)),
        each("issue_statements", lambda fact: payments_actions.issue_statements(run_id=fact.run_id, now=timezone.now(), titles=projects_queries.titles_of)),
    ],
    payments.PayoutRunCancelled: [
        each("give_back_run", lambda fact: payments_actions.give_back_run(run_id=fact.run_id, now=timezone.now()))
    ],
    payments.PayoutRunEnded: [],
    payments.PayoutWithdrawn: [],
    payments.PaypalBatchRefused: [
        each("tell_paypal_refused", lambda fact: payments_actions.tell_paypal_refused(batch_id=fact.batch_id))
    ],
    payments.PaypalBatchRetried: [],
    payments.PaypalBatchGivenBack: [],
    payments.PaypalBalanceEntered: [],
    payments.PaypalDifferenceSettled: [],
    payments.PaypalEventReceived: [
        each("follow_paypal_event", lambda fact: payments_actions.follow_paypal_event(event_row_id=fact.event_row_id, now=timezone.now()))
    ],
    payments.BankFileImported: [],
    payments.BankEntryAssigned: [],
    payments.PayeeNameDiffers: [
        each("tell_payee_name", lambda fact: payments_actions.tell_payee_name(payout_id=fact.payout_id))
    ],
    payments.PayeeNameDenied: [
        each("tell_name_denied", lambda fact: payments_actions.tell_name_denied(payout_id=fact.payout_id))
    ],
    payments.PayoutsMarkedPaid: [],
    payments.PayoutTakenOut: [],
    payments.PayoutSaidBack: [],
    payments.PayoutPaidAfterAll: [
        each("tell_paid_after_all", lambda fact: payments_actions.tell_paid_after_all(payout_id=fact.payout_id))
    ],
    payments.PayoutCameBack: [
        each("tell_came_back", lambda fact: payments_actions.tell_came_back(payout_id=fact.payout_id))
    ],
    payments.CorrectionProposed: [
        each("tell_correction_waits", lambda fact: payments_actions.tell_correction_waits(correction_id=fact.correction_id))
    ],
    payments.CorrectionConfirmed: [],
    payments.CorrectionApproved: [
        each("tell_corrected", lambda fact: payments_actions.tell_corrected(correction_id=fact.correction_id))
    ],
    payments.CorrectionRefused: [],
    notices_events.WebhookCreated: [],
    notices_events.WebhookChanged: [],
    notices_events.WebhookRemoved: [],
    notices_events.WebhookDisabled: [],
    # projects
    projects.ProjectCreated: [FILL_STAGE],
    projects.ProjectRevised: [
        FILL_STAGE,
        ASK_CONSENT,
        RECHECK_AUDIENCE,
        REDRAW_REVIEWS,
        each("follow_tolerance", lambda fact: quality.follow_tolerance(project_id=fact.project_id, version=fact.number)),
    ],
    projects.PriceAgreed: [],
    projects.ProjectLaunched: [FILL_STAGE, OPEN_TASKS],
    projects.ProjectPaused: [
        once_per_project("tell_project_paused", lambda id: work.tell_project_paused(project_id=id))
    ],
    projects.ProjectResumed: [OPEN_TASKS],
    projects.BudgetRaised: [OPEN_TASKS],
    projects.ProjectFinished: [SETTLE],
    projects.ProjectArchived: [],
    # work
    work_events.ImportRequested: [
        each("run_import", lambda fact: work.run_import(import_id=fact.import_id))
    ],
    work_events.TasksAdded: [OPEN_TASKS],
    work_events.TasksDiscarded: [],
    work_events.GoldSet: [],
    work_events.BudgetLow: [
        each("announce_budget_low", lambda fact: exports.announce_budget_low(fact=fact))
    ],
    work_events.AnswersApproved: [DELIVER_APPROVED, SETTLE, PRUNE_REVIEWS],
    work_events.AnswerRejected: [
        each("tell_rejection", lambda fact: quality.tell_rejection(fact=fact)),
    ],
    work_events.RejectionWithdrawn: [
        each("tell_withdrawal", lambda fact: quality.tell_withdrawal(fact=fact))
    ],
    work_events.ReworkAsked: [each("tell_rework", lambda fact: quality.tell_rework(fact=fact))],
    work_events.ReworkEnded: [
        each("follow_rework", lambda fact: quality.follow_rework(fact=fact)),
        FEED_ANSWERS,
        RETURN_TASKS,
        SETTLE,
    ],
    work_events.AnswersMissing: [
        each("recheck_tasks", lambda fact: quality.recheck_tasks(project_id=fact.project_id, task_ids=fact.task_ids))
    ],
    work_events.TaskUnanswerable: [
        RETURN_TASKS,
        each("settle_unanswerable", lambda fact: work.settle_unanswerable(project_id=fact.project_id, task_id=fact.task_id)),
        each("tell_unanswerable", lambda fact: quality.tell_unanswerable(fact=fact)),
    ],
    work_events.TaskSettledUnanswerable: [
        each("mark_unanswerable", lambda fact: quality.mark_unanswerable(project_id=fact.project_id, task_id=fact.task_id)),
    ],
    work_events.TaskStopped: [RETURN_TASKS],
    work_events.WorkerPaused: [each("tell_pause", lambda fact: quality.tell_pause(fact=fact))],
    work_events.WorkerResumed: [each("tell_resumption", lambda fact: quality.tell_resumption(fact=fact))],
    work_events.TimeAsked: [each("tell_time_asked", lambda fact: work.tell_time_asked(fact=fact))],
    work_events.LateAnswerPaid: [each("tell_late_paid", lambda fact: work.tell_late_paid(fact=fact))],
    work_events.TimeDecided: [each("tell_time_decided", lambda fact: work.tell_time_decided(fact=fact)), SETTLE],
    work_events.BonusesGiven: [
        each("tell_bonuses", lambda fact: work.tell_bonuses(project_id=fact.project_id, bonus_ids=fact.bonus_ids))
    ],
    work_events.ProjectSettled: [
        once_per_project("announce_finished", lambda id: exports.announce_finished(project_id=id))
    ],
    # quality, community, exports
    quality_events.ResultsReady: [
        each("give_back_results", lambda fact: quality.give_back_results(project_id=fact.project_id, task_ids=fact.task_ids)),
        each("pass_on_results", lambda fact: quality.pass_on_results(project_id=fact.project_id, task_ids=fact.task_ids)),
        each("deliver_results", lambda fact: exports.deliver_results(project_id=fact.project_id, task_ids=fact.task_ids)),
        OPEN_TASKS,
    ],
    quality_events.GoldFailed: [],
    quality_events.GoldPromoted: [once_per_project("top_up_gold", lambda id: work.top_up_gold(project_id=id))],
    quality_events.GoldRetired: [],
    quality_events.GoldSuspected: [],
    quality_events.GoldReinstated: [],
    quality_events.GoldCorrected: [],
    quality_events.GoldExplained: [],
    quality_events.RuleFired: [],
    quality_events.SignalDecided: [],
    quality_events.PauseObjected: [each("tell_objection", lambda fact: quality.tell_objection(fact=fact))],
    quality_events.PauseObjectionDecided: [
        each("tell_objection_decided", lambda fact: quality.tell_objection_decided(fact=fact))
    ],
    quality_events.ResultOverruled: [],
    quality_events.AnswerExcluded: [],
    quality_events.AnswerIncluded: [],
    quality_events.MoreAnswersAsked: [],
    quality_events.ResultsNotPassedOn: [],
    quality_events.RejectionsProposed: [
        each("tell_proposal", lambda fact: quality.tell_proposal(fact=fact))
    ],
    quality_events.RejectionsDecided: [],
    quality_events.AppealMade: [each("tell_appeal", lambda fact: quality.tell_appeal(fact=fact))],
    quality_events.AppealEnded: [
        each("tell_appeal_ended", lambda fact: quality.tell_appeal_ended(fact=fact)),
        SETTLE,
    ],
    quality_events.AnswerReviewed: [PRUNE_REVIEWS],
    community.MessageWritten: [],
    community.NoteWritten: [],
    exports_events.ExportRequested: [
        each("run_export", lambda fact: exports.run_export(export_id=fact.export_id))
    ],
    exports_events.ExportReady: [],
}  # fmt: skip

BY_NAME = {
    reaction.name: reaction
    for reaction in (
        *(reaction for reactions in REACTIONS.values() for reaction in reactions),
        FEED_ANSWERS,
        JUDGE_ANSWERS,
        REFIT_MODELS,
        WATCH_WORKERS,
        ANNOUNCE_ANSWERS,
        RETURN_TASKS,
        SETTLE,
    )
}
