"""The notices about money: of the book, of organisations' balances, and of people's payouts."""

from collections.abc import Mapping

from tagwerk.domain.notices.rules.kinds import N_, NoticeKind

KINDS_OF_MONEY: Mapping[str, NoticeKind] = {
    "book_wrong": NoticeKind(
        N_("The book of this instance is wrong"),
        N_(
            "Something was changed past tagwerk, or is broken: seals that do not fit: {seals}, accounts that differ from their transfers, their seals or the chart: {accounts}, currencies in which debits and credits differ: {currencies}. Pay nobody out, keep a backup, and run “tagwerk ledger verify”, which names what is wrong."
        ),
        always=True,
        button=N_("Go to the operator's page"),
    ),
    "book_unsealed": NoticeKind(
        N_("The book is not sealed any more"),
        N_(
            "Transfers that no seal covers: {transfers}, the oldest of {since}. Until they are sealed, nobody would notice if they were changed past tagwerk. See under Jobs whether a job process is at work and whether “seal_book” fails; “tagwerk ledger seal” seals at once."
        ),
        always=True,
        button=N_("Go to the operator's page"),
    ),
    "corrections_wrong": NoticeKind(
        N_("Corrections are not what the book has"),
        N_(
            "These were changed past tagwerk, or their transfers were: {corrections}. The book is what counts: compare them with “tagwerk ledger movements”, and find out who could change the database."
        ),
        always=True,
        button=N_("Go to the operator's page"),
    ),
    "bank_differs": NoticeKind(
        N_("Book and bank differ by {difference}"),
        N_(
            "The book says {book}, the bank {bank}; statements that are missing between others: {gaps}. Bring in what is missing and look at the entries that nobody knows, before the next run is released."
        ),
        always=True,
        button=N_("Go to the bank page"),
    ),
    "bank_entries_wait": NoticeKind(
        N_("Entries of the bank wait for a word from you: {entries}"),
        N_(
            "{doubts} of them name payouts or organisations of ours and do not fit; look at these first. Until you say what an entry is for, its money is in nobody's balance."
        ),
        button=N_("Go to the bank page"),
    ),
    "bank_silent": NoticeKind(
        N_("No statement of the bank for a week, and payouts that none has: {payouts}"),
        N_(
            "Their file left days ago, and nothing says whether the bank has paid them. Bring in the newest statements; then book and bank are compared again."
        ),
        button=N_("Go to the bank page"),
    ),
    "bank_rejects_paid": NoticeKind(
        N_("The bank rejects payouts that counted as paid: {payouts}"),
        N_(
            "In the workers' balances again, because nobody but an operator had said that they were paid: {back}. If one of these was paid in another way, hold that worker's payouts before the next run. The rest stay paid, since an entry of the bank shows them: ask your bank."
        ),
        always=True,
        button=N_("See the run"),
    ),
    "payee_name_near": NoticeKind(
        N_("Your bank writes your name another way"),
        N_(
            "For the payout of {amount}, your bank says that the name of the account is nearly, but not quite, what you gave. Look at the name that it has and say whether that is you: then the next payouts fit."
        ),
        button=N_("See the name"),
    ),
    "payout_account_denied": NoticeKind(
        N_("Your pay does not go to {target} any more"),
        N_(
            "You said that the bank has this account under a name that is not yours, so it is out of use. Look whether a digit is wrong and enter your account again; until then your money stays in your balance."
        ),
        button=N_("Enter your account"),
    ),
    "payout_to_a_stranger": NoticeKind(
        N_("A payout may go to a stranger: {amount}"),
        N_(
            "The worker says that the bank has the account under a name that is not theirs. If the bank has not carried the file out yet, take this payout out of the run and give the bank the new file."
        ),
        button=N_("See the run"),
    ),
    "payout_unclaimed": NoticeKind(
        N_("{amount} wait for you at PayPal"),
        N_(
            "PayPal has no account for the address that you gave, and has written to it. Open one with that address within {days} days, and the money is yours; else it comes back to your balance, and you can give a bank account."
        ),
        button=N_("See how you are paid"),
    ),
    "paypal_refused": NoticeKind(
        N_("PayPal did not take payouts: {reason}"),
        N_(
            "{people} payouts wait, {amount} in all. Nothing was paid. Look at PayPal's reason, see that your balance there covers the sum and PayPal's fee, and try again on the page about PayPal."
        ),
        always=True,
        button=N_("Go to the PayPal page"),
    ),
    "paypal_differs": NoticeKind(
        N_("Book and PayPal differ by {difference}"),
        N_(
            "The book says {book}, PayPal {there}, and what is on its way does not explain it. Look for a movement between bank and PayPal that nobody has said the meaning of, and for movements at PayPal that are not payouts, before the next run is released."
        ),
        always=True,
        button=N_("Go to the PayPal page"),
    ),
    "paypal_state_unknown": NoticeKind(
        N_("PayPal says of a payout what tagwerk does not know: {state}"),
        N_(
            "A payout of {amount} is in this state, and perhaps others of the same batch. It stays as it was until PayPal says more; all other payouts go on. Look at PayPal what became of it."
        ),
        always=True,
        button=N_("Go to the PayPal page"),
    ),
    "book_sealed": NoticeKind(
        N_("The newest seal of the book is number {number}"),
        N_(
            "Keep this mail: with it you can prove later that no transfer up to {last} was changed. The seal is:\n\n{hash}\n\n“tagwerk ledger verify” compares."
        ),
        button=N_("Go to the operator's page"),
    ),
    "invoice_issued": NoticeKind(
        N_("{invoice}: a new invoice for {organisation}"),
        N_("It is over {amount}. You can read and download it on the organisation's page of invoices."),
        important=False,
        button=N_("See the invoices"),
    ),
    "deposit_booked": NoticeKind(
        N_("{amount} arrived for {organisation}"),
        N_("The money can be spent on projects now."),
        important=False,
        button=N_("See the balance"),
    ),
    "budget_low": NoticeKind(
        N_("The budget of {project} is nearly used up"),
        N_(
            "{left} of {budget} are left. What is open now is covered by it; tasks that are added may need a larger budget."
        ),
        important=False,
        button=N_("See the project"),
    ),
    "tasks_wait_for_money": NoticeKind(
        N_("Tasks of {project} wait for money"),
        N_(
            "The {budget} that were set aside cover no more tasks ({tasks} wait), and no others are open. Raise the budget to go on."
        ),
        button=N_("See the project"),
    ),
    "payout_method_asked": NoticeKind(
        N_("Confirm how you want to be paid"),
        N_(
            "From now on your pay is to go to {target}. Confirm it with the button below; until then nothing changes.\n\nIf this was not you, do nothing here, and change your password at once."
        ),
        always=True,
        button=N_("Confirm it"),
        proves=True,
    ),
    "payout_method_confirmed": NoticeKind(
        N_("How you are paid was changed"),
        N_(
            "Your pay goes to {target} from {usable} on. Until then no payout leaves, so that nobody but you can divert it.\n\nIf this was not you, remove it at once and change your password."
        ),
        always=True,
        button=N_("See how you are paid"),
    ),
    "payout_name_unwritable": NoticeKind(
        N_("Write your name in Latin letters to be paid"),
        N_(
            "Your pay waits, because the files that banks take know Latin letters only and cannot say your name. Write it as it stands on your bank's statement or card; then the next run pays you. Until then your money stays in your balance."
        ),
        button=N_("Write your name"),
    ),
    "payouts_held": NoticeKind(
        N_("Your payouts wait"),
        N_(
            "{why}\n\n{reason}\n\nAn operator decided this. It ends on {until} at the latest. Your money stays in your balance."
        ),
        button=N_("See what to do"),
    ),
    "payouts_held_by_rule": NoticeKind(
        N_("Your payouts wait"),
        N_(
            "{why}\n\n{reason}\n\nThe program did this by itself; no person has looked yet. It ends on {until} at the latest. Your money stays in your balance."
        ),
        button=N_("See what to do"),
    ),
    "payouts_freed": NoticeKind(
        N_("Your payouts go on"),
        N_("What held them up is over. The next payout comes with the next run."),
        button=N_("See your earnings"),
    ),
    "payout_on_its_way": NoticeKind(
        N_("{amount} is on its way to you"),
        N_("It goes to {target}. Banks take a day or two."),
        important=False,
        button=N_("See your earnings"),
    ),
    "payout_came_back": NoticeKind(
        N_("A payout came back: {amount}"),
        N_("{why}\n\nThe money is in your balance again. {what_to_do}"),
        button=N_("See how you are paid"),
    ),
    "payout_paid_after_all": NoticeKind(
        N_("A payout that had been given back was paid after all: {amount}"),
        N_(
            "The bank or PayPal says that it paid it, and it is in the worker's balance again as well. Hold their payouts and settle it with them before the next run."
        ),
        always=True,
        button=N_("See their payouts"),
    ),
    "pay_stands_still": NoticeKind(
        N_("Pay of workers does not move"),
        N_(
            "Runs that nobody has released for a day: {runs}. Payouts that have been on their way for five days: {payouts}. Batches that PayPal has not taken for an hour: {batches}. Release what waits, bring in the statements of the bank, and look at the PayPal page."
        ),
        always=True,
        button=N_("Go to the payout runs"),
    ),
    "payout_run_waits": NoticeKind(
        N_("A payout run waits to be released: {amount}"),
        N_("It pays {people} people. Look at whom it pays and whom it leaves out, then release it."),
        always=True,
        button=N_("See the run"),
    ),
    "correction_waits": NoticeKind(
        N_("A correction of the book waits for your look"),
        N_("Its reason is: {reason}\n\nLook at what it moves, then approve or refuse it."),
        always=True,
        button=N_("See the correction"),
    ),
    "balance_corrected": NoticeKind(
        N_("Your balance was corrected: {amount}"),
        N_(
            "Something in the book was wrong, and was put right. The reason is: {reason}\n\nIf you do not agree, write to those who run this instance; their address is in the imprint."
        ),
        always=True,
        button=N_("See your earnings"),
    ),
    "organisation_corrected": NoticeKind(
        N_("The balance of {organisation} was corrected: {amount}"),
        N_(
            "Something in the book was wrong, and was put right. The reason is: {reason}\n\nIf you do not agree, write to those who run this instance; their address is in the imprint."
        ),
        always=True,
        button=N_("See the balance"),
    ),
}
