"""What happens when money comes into the house or leaves it. The only code that writes this room's tables."""

from tagwerk.domain.payments.actions.bank_reading import ImportedFile, import_bank_file
from tagwerk.domain.payments.actions.bank_settling import assign_bank_entry, settle_bank_entries
from tagwerk.domain.payments.actions.bank_watching import check_bank
from tagwerk.domain.payments.actions.billing import change_billing
from tagwerk.domain.payments.actions.bookings import (
    book_deposit,
    book_refund,
    tell_deposit,
)
from tagwerk.domain.payments.actions.by_hand import mark_paid_by_hand, say_payout_came_back, take_out_payout
from tagwerk.domain.payments.actions.cancelling import cancel_invoice
from tagwerk.domain.payments.actions.correcting import (
    approve_correction,
    confirm_correction,
    propose_correction,
    propose_opposite,
    refuse_correction,
    tell_corrected,
    tell_correction_waits,
)
from tagwerk.domain.payments.actions.credit import grant_credit, lend, repay
from tagwerk.domain.payments.actions.following import (
    end_settled_runs,
    mark_failed,
    mark_paid,
    mark_returned,
    mark_unclaimed,
)
from tagwerk.domain.payments.actions.holding import end_hold, end_holds_by_rule, hold_by_rule, hold_payouts
from tagwerk.domain.payments.actions.invoicing import (
    invoice_booking,
    invoice_month,
    issue_due_invoices,
    issue_now,
)
from tagwerk.domain.payments.actions.locks import lock_money_of
from tagwerk.domain.payments.actions.naming import answer_bank_name, tell_name_denied, tell_payee_name
from tagwerk.domain.payments.actions.papers import make_invoice_paper, make_missing_papers, tell_invoice
from tagwerk.domain.payments.actions.payer import add_vat_rate, change_payer
from tagwerk.domain.payments.actions.payout_watching import watch_payouts
from tagwerk.domain.payments.actions.paypal_balance import (
    check_paypal,
    enter_paypal_balance,
    settle_paypal_difference,
)
from tagwerk.domain.payments.actions.paypal_following import (
    follow_paypal,
    follow_paypal_event,
    take_paypal_event,
    tell_paypal_refused,
    tend_unclaimed,
)
from tagwerk.domain.payments.actions.paypal_sending import (
    give_back_paypal_batch,
    retry_paypal_batch,
    send_paypal,
)
from tagwerk.domain.payments.actions.receiving import (
    ask_payout_method,
    change_account_holder,
    confirm_payout_method,
    remove_payout_method,
    save_payout_profile,
)
from tagwerk.domain.payments.actions.releasing import confirm_run, release_run
from tagwerk.domain.payments.actions.running import (
    cancel_run,
    give_back_run,
    lock_run,
    make_run,
    make_weekly_runs,
    tend_runs,
    withdraw_payouts,
)
from tagwerk.domain.payments.actions.statements import issue_statements
from tagwerk.domain.payments.actions.telling import (
    tell_came_back,
    tell_freed,
    tell_hold,
    tell_method_asked,
    tell_method_confirmed,
    tell_names_unwritable,
    tell_paid_after_all,
    tell_released,
    tell_run_waits,
)
from tagwerk.domain.payments.actions.watching import check_book, publish_seal

__all__ = [
    "ImportedFile",
    "add_vat_rate",
    "answer_bank_name",
    "approve_correction",
    "ask_payout_method",
    "assign_bank_entry",
    "book_deposit",
    "book_refund",
    "cancel_invoice",
    "cancel_run",
    "change_account_holder",
    "change_billing",
    "change_payer",
    "check_bank",
    "check_book",
    "check_paypal",
    "confirm_correction",
    "confirm_payout_method",
    "confirm_run",
    "end_hold",
    "end_holds_by_rule",
    "end_settled_runs",
    "enter_paypal_balance",
    "follow_paypal",
    "follow_paypal_event",
    "give_back_paypal_batch",
    "give_back_run",
    "grant_credit",
    "hold_by_rule",
    "hold_payouts",
    "import_bank_file",
    "invoice_booking",
    "invoice_month",
    "issue_due_invoices",
    "issue_now",
    "issue_statements",
    "lend",
    "lock_money_of",
    "lock_run",
    "make_invoice_paper",
    "make_missing_papers",
    "make_run",
    "make_weekly_runs",
    "mark_failed",
    "mark_paid",
    "mark_paid_by_hand",
    "mark_returned",
    "mark_unclaimed",
    "propose_correction",
    "propose_opposite",
    "publish_seal",
    "refuse_correction",
    "release_run",
    "remove_payout_method",
    "repay",
    "retry_paypal_batch",
    "save_payout_profile",
    "say_payout_came_back",
    "send_paypal",
    "settle_bank_entries",
    "settle_paypal_difference",
    "take_out_payout",
    "take_paypal_event",
    "tell_came_back",
    "tell_corrected",
    "tell_correction_waits",
    "tell_deposit",
    "tell_freed",
    "tell_hold",
    "tell_invoice",
    "tell_method_asked",
    "tell_method_confirmed",
    "tell_name_denied",
    "tell_names_unwritable",
    "tell_paid_after_all",
    "tell_payee_name",
    "tell_paypal_refused",
    "tell_released",
    "tell_run_waits",
    "tend_runs",
    "tend_unclaimed",
    "watch_payouts",
    "withdraw_payouts",
]
