"""The tables of money in and out of the house."""

from tagwerk.domain.payments.models.bookings import Booking
from tagwerk.domain.payments.models.papers import BillingDetails, CreditLimit, Invoice, Paper, PaperNumber
from tagwerk.domain.payments.models.payer import Payer
from tagwerk.domain.payments.models.payouts import Payout, PayoutRun
from tagwerk.domain.payments.models.receiving import PayoutHold, PayoutMethod, PayoutProfile

__all__ = [
    "BillingDetails",
    "Booking",
    "CreditLimit",
    "Invoice",
    "Paper",
    "PaperNumber",
    "Payer",
    "Payout",
    "PayoutHold",
    "PayoutMethod",
    "PayoutProfile",
    "PayoutRun",
]
