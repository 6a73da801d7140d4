"""The book's tables as Django sees them; the migration makes them in SQL, with triggers and privileges."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Account(models.Model):
    """An account with its cached balances, which only the trigger `ledger_apply` writes."""

    code = models.CharField(max_length=120, db_collation="C")
    kind = models.CharField(max_length=10)
    currency = models.CharField(max_length=3)
    guard = models.CharField(max_length=20, default="none")
    debits_posted_micros = models.BigIntegerField(db_default=0)
    credits_posted_micros = models.BigIntegerField(db_default=0)
    debits_pending_micros = models.BigIntegerField(db_default=0)
    credits_pending_micros = models.BigIntegerField(db_default=0)
    opened_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "ledger_account"
        constraints = [
            models.UniqueConstraint(fields=["code"], name="ledger_account_code_once"),
            models.UniqueConstraint(fields=["id", "currency"], name="ledger_account_of_one_currency"),
            models.CheckConstraint(
                condition=Q(kind__in=["asset", "liability", "income", "expense"]),
                name="ledger_account_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="ledger_account_currency_iso"
            ),
            models.CheckConstraint(
                condition=Q(guard__in=["none", "debits_le_credits", "credits_le_debits"]),
                name="ledger_account_guard_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    debits_posted_micros__gte=0,
                    credits_posted_micros__gte=0,
                    debits_pending_micros__gte=0,
                    credits_pending_micros__gte=0,
                ),
                name="ledger_account_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(guard="debits_le_credits")
                | Q(credits_posted_micros__gte=F("debits_posted_micros") + F("debits_pending_micros")),
                name="ledger_account_no_overdraft",
            ),
            models.CheckConstraint(
                condition=~Q(guard="credits_le_debits")
                | Q(debits_posted_micros__gte=F("credits_posted_micros") + F("credits_pending_micros")),
                name="ledger_account_no_overcredit",
            ),
        ]


class Transfer(models.Model):
    """One debit, one credit, one amount. Added, never changed. Two composite foreign keys bind the currency."""

    id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    booked_at = models.DateTimeField(db_default=Now())
    event = models.UUIDField()
    kind = models.CharField(max_length=7)
    debit = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    credit = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    currency = models.CharField(max_length=3)
    amount_micros = models.BigIntegerField()
    pending = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    code = models.CharField(max_length=40)
    ref_type = models.CharField(max_length=40, db_default="")
    ref_id = models.CharField(max_length=80, db_default="")
    memo = models.CharField(max_length=200, db_default="")

    class Meta:
        db_table = "ledger_transfer"
        constraints = [
            models.UniqueConstraint(fields=["seq"], name="ledger_transfer_seq_once"),
            models.UniqueConstraint(
                fields=["pending"], condition=Q(pending__isnull=False), name="ledger_transfer_resolved_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["single", "pending", "post", "void"]), name="ledger_transfer_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(amount_micros__range=(1, 10**15)), name="ledger_transfer_amount_range"
            ),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_transfer_two_accounts"),
            models.CheckConstraint(
                condition=Q(kind__in=["post", "void"], pending__isnull=False)
                | Q(kind__in=["single", "pending"], pending__isnull=True),
                name="ledger_transfer_names_pending",
            ),
        ]
        indexes = [
            models.Index(fields=["debit", "-seq"], name="ledger_transfer_debits"),
            models.Index(fields=["credit", "-seq"], name="ledger_transfer_credits"),
            models.Index(fields=["event"], name="ledger_transfer_of_event"),
        ]


class Seal(models.Model):
    """A closed range of transfers, the accounts opened meanwhile, and the hash over them and over the seal before."""

    sealed_at = models.DateTimeField(db_default=Now())
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    transfers = models.BigIntegerField()
    previous = models.BinaryField(null=True)
    hash = models.BinaryField()
    digests = models.BinaryField(null=True)  # of each row, so that a wrong one can be named
    version = models.SmallIntegerField(db_default=1)  # those of 1 cover transfers only
    last_account = models.BigIntegerField(db_default=0)  # accounts up to this number are sealed
    accounts = models.TextField(db_default="")  # what they were, one a line

    class Meta:
        db_table = "ledger_seal"
        constraints = [
            models.UniqueConstraint(fields=["first_seq"], name="ledger_seal_range_once"),
            models.CheckConstraint(
                condition=Q(first_seq__lte=F("last_seq")), name="ledger_seal_range_forward"
            ),
        ]


class NewestSeal(models.Model):
    """The newest seal once more, in its only row, so that one is missed that was taken away at the end of the chain."""

    id = models.SmallIntegerField(primary_key=True, db_default=1)
    seal_id = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_newest_seal"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="ledger_newest_seal_is_one")]
