"""What was handed to PayPal, and what PayPal says of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tagwerk.domain.payments.models.payouts import Payout, PayoutRun
from tagwerk.domain.payments.rules.paypal import BatchState, Settled


class PaypalBatch(models.Model):
    """Payouts of a run that go to PayPal together. Its id there is given once and for ever."""

    run = models.ForeignKey(PayoutRun, models.PROTECT, related_name="+")
    number = models.IntegerField()
    sender_batch_id = models.CharField(max_length=80)
    batch_id = models.CharField(max_length=40, db_default="")  # PayPal's number of it
    state = models.CharField(max_length=10, default=BatchState.NEW.value)
    error = models.CharField(max_length=60, db_default="")
    tries = models.IntegerField(db_default=0)
    unsure = models.BooleanField(db_default=False)  # a try had no answer: PayPal may have taken it
    first_tried_at = models.DateTimeField(null=True)
    try_after = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    look_after = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "paypal_batch"
        constraints = [
            models.UniqueConstraint(fields=["sender_batch_id"], name="paypal_batch_id_once"),
            models.UniqueConstraint(fields=["run", "number"], name="paypal_batch_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in BatchState]), name="paypal_batch_state_known"
            ),
        ]


class PaypalItem(models.Model):
    """A payout in a batch: in one batch only, whatever happens."""

    payout = models.OneToOneField(Payout, models.PROTECT, primary_key=True, related_name="+")
    batch = models.ForeignKey(PaypalBatch, models.PROTECT, related_name="+")
    item_id = models.CharField(max_length=40, db_default="")  # PayPal's number of it
    state = models.CharField(max_length=10, db_default="")  # what PayPal said last
    state_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "paypal_item"
        constraints = [
            models.UniqueConstraint(fields=["item_id"], condition=~Q(item_id=""), name="paypal_item_id_once")
        ]
        indexes = [
            models.Index(fields=["state_at"], condition=Q(state="UNCLAIMED"), name="paypal_item_unclaimed")
        ]


class PaypalEvent(models.Model):
    """A webhook that PayPal sent: a hint to look at a payout, kept as it came (encrypted: it names people)."""

    event_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=40, db_default="")  # PayPal's number of a payout or of a batch
    sealed_body = models.TextField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "paypal_event"
        constraints = [models.UniqueConstraint(fields=["event_id"], name="paypal_event_once")]


class PaypalBalance(models.Model):
    """What was in the operator's account at PayPal at a moment, beside what the book said then."""

    currency = models.CharField(max_length=3)
    amount_micros = models.BigIntegerField()
    at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # None: PayPal said it itself
    book_micros = models.BigIntegerField()
    less_micros = models.BigIntegerField(db_default=0)  # what PayPal may have taken off before the book …
    more_micros = models.BigIntegerField(db_default=0)  # … and the book before PayPal
    difference_micros = models.BigIntegerField()
    settled_as = models.CharField(max_length=10, db_default=Settled.OPEN.value)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "paypal_balance"
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_as__in=[each.value for each in Settled]),
                name="paypal_balance_settled_known",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="paypal_balance_currency_shape"
            ),
        ]
        indexes = [models.Index(fields=["currency", "-id"], name="paypal_balance_newest")]
