"""Why money came back or waits, in words for the worker: what it means and what they can do.

Codes are those of ISO 20022 (ExternalStatusReason1Code and ExternalReturnReason1Code), of Verification of Payee, of
PayPal Payouts, and our own. A code that is not listed is said to have no reason that we know.
"""

from dataclasses import dataclass

from tagwerk.domain.notices.rules.kinds import N_
from tagwerk.domain.payments.rules.payouts import DUPLICATES


@dataclass(frozen=True, slots=True)
class Reason:
    """Message ids: what happened, and what to do."""

    why: str
    what_to_do: str


_CHECK = N_("Enter your account again; a digit may be wrong.")
_OTHER = N_("Enter another account.")
_ASK = N_("Ask your bank, or enter another account.")
_SLOW = N_("Your bank did not answer in time.")
_NEXT = N_("You need not do anything: it leaves again with the next run.")

HELD_THERE = "ONHOLD"  # PayPal's word for a payout that it looks at before it pays it
UNKNOWN = Reason(N_("Your bank sent it back and gave no reason."), _ASK)
REASONS: dict[str, Reason] = {
    "AC01": Reason(N_("Your bank does not know this account number."), _CHECK),
    "AC03": Reason(N_("Your bank does not know this account number."), _CHECK),
    "AC04": Reason(N_("This account is closed."), _OTHER),
    "AC06": Reason(N_("This account is blocked."), _ASK),
    "AC07": Reason(N_("This account is closed."), _OTHER),
    "AC13": Reason(N_("This kind of account does not take transfers."), _OTHER),
    "AG01": Reason(N_("This account does not take transfers."), _OTHER),
    "AG02": Reason(N_("This account does not take transfers of this kind."), _OTHER),
    "AB05": Reason(_SLOW, _NEXT),
    "AB06": Reason(_SLOW, _NEXT),
    "AB07": Reason(_SLOW, _NEXT),
    "AB08": Reason(_SLOW, _NEXT),
    "AM02": Reason(N_("It is more than your bank takes in one transfer."), _ASK),
    "AM14": Reason(N_("It is more than your bank takes in one transfer."), _ASK),
    "AM04": Reason(N_("There was not enough money in the operator’s account."), _NEXT),
    **dict.fromkeys(DUPLICATES, Reason(N_("The bank took it for one that it had paid already."), _NEXT)),
    "BE01": Reason(N_("The name does not fit the account."), N_("Write your name as your bank has it.")),
    "BE04": Reason(N_("Your bank needs your address."), N_("Complete your address.")),
    "BE05": Reason(N_("The bank does not know the operator as the sender."), _NEXT),
    "CNOR": Reason(N_("Your bank cannot be reached by such a transfer."), _OTHER),
    "FOCR": Reason(N_("The operator’s bank called it back."), _NEXT),
    "MD07": Reason(
        N_("The bank says that the holder of the account has died."), N_("Write to the operator.")
    ),
    "MS02": UNKNOWN,
    "MS03": UNKNOWN,
    "RC01": Reason(N_("The BIC is wrong."), N_("Enter your account again, without a BIC.")),
    "RR04": Reason(N_("Your bank must not take it, by law."), _ASK),
    "RVMC": Reason(N_("You said that this account is somebody else’s."), _CHECK),
    "RVNM": Reason(N_("The name does not fit the account."), N_("Write your name as your bank has it.")),
    "TM01": Reason(N_("It reached the bank too late in the day."), _NEXT),
    "INSUFFICIENT_FUNDS": Reason(N_("There was not enough money in the operator’s account."), _NEXT),
    "RECEIVER_UNREGISTERED": Reason(
        N_("Nobody has a PayPal account with this address."),
        N_("Open one with this address, or enter another way to be paid."),
    ),
    "unclaimed": Reason(
        N_("Nobody claimed it at PayPal within 30 days."),
        N_("Enter a bank account, or another PayPal address."),
    ),
    HELD_THERE: Reason(
        N_("PayPal holds it back to look at it, which takes some days."),
        N_("You need not do anything: then PayPal pays it, or it comes back to your balance."),
    ),
    "blocked": Reason(N_("PayPal stopped it."), N_("Ask PayPal, or enter a bank account.")),
    "not_handed_over": Reason(N_("It was never handed to the bank."), _NEXT),
}


def reason_of(code: str) -> Reason:
    """What a code means to the worker."""
    return REASONS.get(code, UNKNOWN)


HOLD_WORDS: dict[str, str] = {
    "identity_incomplete": N_("Something is missing in your details for payouts."),
    "tax_data_missing": N_("The law asks for your tax data before money leaves."),
    "name_mismatch": N_("Your bank knows this account under another name."),
    "sanctions_hit": N_("Your name resembles one on a sanctions list; somebody has to look at it."),
    "fraud_review": N_("Somebody looks at your account, since something about it is unusual."),
}
LEFT_OUT_WORDS: dict[str, str] = {
    "below_minimum": N_("It is less than the smallest payout; it is carried over and never lost."),
    "profile_missing": N_("Your name and address for payouts are missing."),
    "method_missing": N_("You have not said where your pay goes."),
    "name_unwritable": N_(
        "The file for the bank cannot say your name: write it in Latin letters, as your bank has it."
    ),
    "payout_method_changed": N_("You changed where your pay goes less than three days before."),
    "currency_not_carried": N_("The way you chose does not take this currency."),
    "rail_not_set_up": N_("PayPal is not set up here at the moment; enter a bank account, or wait for it."),
    "balance_changed": N_("Your balance changed while the run was made."),
    "method_replaced": N_("You changed where your pay goes."),
    "method_removed": N_("You removed where your pay goes."),
    "run_cancelled": N_("The run was called off; another one follows."),
    **HOLD_WORDS,
}
