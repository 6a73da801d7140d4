"""The tables of money in and out of the house."""

from tagwerk.domain.payments.models.bank import BankEntry, BankFile, BankStatement, PayeeCheck
from tagwerk.domain.payments.models.bookings import Booking
from tagwerk.domain.payments.models.corrections import Correction
from tagwerk.domain.payments.models.papers import BillingDetails, CreditLimit, Invoice, Paper, PaperNumber
from tagwerk.domain.payments.models.payer import Payer
from tagwerk.domain.payments.models.payouts import Payout, PayoutRun
from tagwerk.domain.payments.models.paypal import PaypalBalance, PaypalBatch, PaypalEvent, PaypalItem
from tagwerk.domain.payments.models.receiving import PayoutHold, PayoutMethod, PayoutProfile
from tagwerk.domain.payments.models.statements import WorkerStatement

__all__ = [
    "BankEntry",
    "BankFile",
    "BankStatement",
    "BillingDetails",
    "Booking",
    "Correction",
    "CreditLimit",
    "Invoice",
    "Paper",
    "PaperNumber",
    "PayeeCheck",
    "Payer",
    "Payout",
    "PayoutHold",
    "PayoutMethod",
    "PayoutProfile",
    "PayoutRun",
    "PaypalBalance",
    "PaypalBatch",
    "PaypalEvent",
    "PaypalItem",
    "WorkerStatement",
]
