"""What the bank says about the operator's account, each thing once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tagwerk.domain.payments.models.bookings import Booking
from tagwerk.domain.payments.models.payouts import Payout, PayoutRun
from tagwerk.domain.payments.rules.bank_codes import NameCheck
from tagwerk.domain.payments.rules.bank_entries import Meaning


class BankFile(models.Model):
    """A file of the bank that was brought in; the same file again is this one."""

    sha256 = models.BinaryField(max_length=32)
    name = models.CharField(max_length=200)
    kinds = models.CharField(max_length=80)  # "camt.053"
    entries = models.IntegerField(db_default=0)  # those that were new
    remarks = models.JSONField(default=list)  # [code, what about]
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField()

    class Meta:
        db_table = "bank_file"
        constraints = [models.UniqueConstraint(fields=["sha256"], name="bank_file_once")]


class BankStatement(models.Model):
    """A statement of a span of days, with the balances at its ends."""

    file = models.ForeignKey(BankFile, models.PROTECT, related_name="+")
    iban = models.CharField(max_length=34)
    currency = models.CharField(max_length=3)
    opening_micros = models.BigIntegerField()
    opening_on = models.DateField()
    closing_micros = models.BigIntegerField()
    closing_on = models.DateField()
    own_micros = models.BigIntegerField(null=True)  # of the opening balance, what the book did not have

    class Meta:
        db_table = "bank_statement"
        constraints = [
            models.UniqueConstraint(
                fields=["iban", "currency", "closing_on", "opening_on", "opening_micros", "closing_micros"],
                name="bank_statement_once",
            ),
        ]


class BankEntry(models.Model):
    """One movement of the account, whatever files it stands in. What is said before the statement is a hint."""

    file = models.ForeignKey(BankFile, models.PROTECT, related_name="+")
    iban = models.CharField(max_length=34)
    currency = models.CharField(max_length=3)
    key = models.CharField(max_length=80)
    part = models.IntegerField(db_default=0)
    amount_micros = models.BigIntegerField()  # came in: positive
    booked_on = models.DateField(null=True)
    on_statement = models.BooleanField()
    ref = models.CharField(max_length=80, db_default="")  # what the bank calls it
    batch = models.CharField(max_length=80, db_default="")
    end_to_end = models.CharField(max_length=80, db_default="")
    return_code = models.CharField(max_length=10, db_default="")
    is_return = models.BooleanField(db_default=False)
    is_charge = models.BooleanField(db_default=False)
    name = models.CharField(max_length=140, db_default="")
    text = models.CharField(max_length=500, db_default="")
    meaning = models.CharField(max_length=10, db_default=Meaning.NEW.value)
    doubt = models.CharField(max_length=20, db_default="")  # why it was not matched
    run = models.ForeignKey(PayoutRun, models.PROTECT, null=True, related_name="+")
    payout = models.ForeignKey(Payout, models.PROTECT, null=True, related_name="+")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="+")
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")  # which it was split from
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "bank_entry"
        constraints = [
            models.UniqueConstraint(fields=["iban", "currency", "key", "part"], name="bank_entry_once"),
            models.CheckConstraint(
                condition=Q(meaning__in=[each.value for each in Meaning]), name="bank_entry_meaning_known"
            ),
            models.UniqueConstraint(
                fields=["booking"], condition=Q(booking__isnull=False), name="bank_entry_booking_once"
            ),
            models.UniqueConstraint(
                fields=["run"], condition=Q(run__isnull=False), name="bank_entry_run_once"
            ),
            models.UniqueConstraint(
                fields=["payout", "meaning"], condition=Q(payout__isnull=False), name="bank_entry_payout_once"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(meaning__in=["", "unknown"]), name="bank_entry_waiting"),
        ]


class PayeeCheck(models.Model):
    """What the payee's bank said about the name of one payout, where it did not fit."""

    payout = models.OneToOneField(Payout, models.PROTECT, primary_key=True, related_name="+")
    code = models.CharField(max_length=4)
    sealed_name = models.TextField(db_default="")  # the name that the bank has, encrypted
    told_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payee_check"
        constraints = [
            models.CheckConstraint(
                condition=Q(code__in=[each.value for each in NameCheck]), name="payee_check_code_known"
            ),
        ]
