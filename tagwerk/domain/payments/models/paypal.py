"""What was handed to PayPal, and what PayPal says of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tagwerk.domain.payments.models.payouts import Payout, PayoutRun
from tagwerk.domain.payments.rules.paypal import BatchState


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
