"""What the bank's files say, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tagwerk.domain.payments.rules.bank_entries import Doubt, Meaning, Remark

Words = str | Promise

MEANINGS: Mapping[Meaning, Words] = {
    Meaning.NEW: _("Being matched"),
    Meaning.RUN: _("Payout run"),
    Meaning.PAYOUT: _("Payout"),
    Meaning.RETURNED: _("Payout that came back"),
    Meaning.DEPOSIT: _("Deposit"),
    Meaning.BOOKING: _("Booked by hand before"),
    Meaning.BY_HAND: _("Payouts paid by hand"),
    Meaning.FEE: _("Fee of the bank"),
    Meaning.OWN: _("Our own money"),
    Meaning.PAYPAL: _("To or from PayPal"),
    Meaning.UNKNOWN: _("Not known yet"),
    Meaning.SPLIT: _("In parts"),
}
DOUBTS: Mapping[Doubt, Words] = {
    Doubt.SUM_DIFFERS: _("It names the file of a run, but the sum is another one."),
    Doubt.AMOUNT_DIFFERS: _("It names a payout, but the amount is another one."),
    Doubt.TWICE: _("There was such an entry before: the bank may have booked it twice."),
    Doubt.GIVEN_BACK: _("It is about payouts that had failed, and whose money the workers have again."),
    Doubt.SEVERAL_REFERENCES: _("It names several organisations."),
    Doubt.LIKE_A_BOOKING: _("A booking by hand has the same amount: is it this one?"),
}
REMARKS: Mapping[Remark, Words] = {
    Remark.OTHER_ACCOUNT: _("It has reports of another account ({about}), which were left out."),
    Remark.DOES_NOT_ADD_UP: _(
        "The entries of statement {about} do not lead from its opening to its closing balance."
    ),
    Remark.LINES_ALIKE: _(
        "Lines without a number of the bank are like lines that are there already ({about}) and were left out, since the balances do not say whether they are second payments. If your account shows them twice, book the second ones by hand."
    ),
    Remark.MESSAGE_UNKNOWN: _("It is about a file that is not ours ({about})."),
    Remark.FILE_REJECTED: _(
        "The bank took nothing of a file of ours ({about}): what of it was not paid in another way is in the balances again."
    ),
    Remark.FILE_DUPLICATE: _(
        "The bank has a file of ours already and did not take it again ({about}). Nothing was given back: the first one counts."
    ),
    Remark.FILE_REJECTED_LATER: _(
        "The bank rejects a file of ours that it had accepted ({about}). Nothing was given back, because it may be carried out all the same: ask the bank, and take the payouts out of the run if it was not."
    ),
    Remark.PAYMENTS_DUPLICATE: _(
        "The bank has payments of ours already and did not take them again ({about}). Nothing was given back: the first ones count."
    ),
    Remark.REJECTED_AFTER_PAID: _(
        "The bank rejects payouts that you had marked as paid ({about}). Their money is in the balances again: if you paid one in another way, hold that worker’s payouts before the next run."
    ),
    Remark.REJECTED_THOUGH_PAID: _(
        "The bank rejects payouts that count as paid by an entry of the bank ({about}). Nothing was given back: ask the bank, and wait for the entry by which they come back."
    ),
    Remark.PAYMENT_UNKNOWN: _("It is about a payment that is not ours ({about})."),
}


def remark_words(remark: list[str]) -> str:
    """What an operator has to know about a file that was brought in."""
    code, about = remark
    return str(REMARKS[Remark(code)]).format(about=about)
