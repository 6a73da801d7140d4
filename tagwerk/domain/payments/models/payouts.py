"""A run pays every worker of one currency what they had at its cut-off."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tagwerk.domain.payments.rules.payouts import OPEN_RUNS, PayoutState, RunState
from tagwerk.domain.payments.rules.rails import Rail


class PayoutRun(models.Model):
    """What is paid out together: made by one operator, released by another."""

    currency = models.CharField(max_length=3)
    cutoff_at = models.DateTimeField()  # what was booked before it is paid
    through_seq = models.BigIntegerField()  # the same in the book: transfers up to this number
    minimum_micros = models.BigIntegerField()
    state = models.CharField(max_length=10, default=RunState.MAKING.value)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # None: by the schedule until somebody looked at it, or at the console
    locked_at = models.DateTimeField(null=True)
    payouts = models.IntegerField(null=True)  # how many were locked …
    sum_micros = models.BigIntegerField(null=True)  # … and for how much
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    payer = models.JSONField(
        null=True
    )  # the company as files for the bank name it, as it was when it was released
    file_accepted_at = models.DateTimeField(null=True)  # the bank has said that it takes the file
    released_alone = models.BooleanField(null=True)  # by who made it, since there was no second operator
    ended_at = models.DateTimeField(null=True)  # done or cancelled

    class Meta:
        db_table = "payout_run"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in RunState]), name="payout_run_state_known"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="payout_run_currency_shape"
            ),
            models.UniqueConstraint(
                fields=["currency", "cutoff_at"],
                condition=~Q(state=RunState.CANCELLED.value),
                name="payout_run_once",
            ),
            models.UniqueConstraint(
                fields=["currency"],
                condition=Q(state__in=[each.value for each in OPEN_RUNS]),
                name="payout_run_one_open",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_alone__isnull=True)
                | Q(released_at__isnull=False, released_alone__isnull=False),
                name="payout_run_release_marked",
            ),
            # Two pairs of eyes: who made a run releases it alone only where that is marked.
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | Q(released_alone=True)
                | Q(made_by__isnull=False, released_by__isnull=False) & ~Q(released_by=F("made_by")),
                name="payout_run_two_people",
            ),
        ]


class Payout(models.Model):
    """One worker in one run: what they are paid and what became of it, or why they are not in it."""

    run = models.ForeignKey(PayoutRun, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    method = models.ForeignKey("payments.PayoutMethod", models.PROTECT, null=True, related_name="+")
    rail = models.CharField(max_length=10, db_default="")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # its hex is the end-to-end id
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=40, db_default="")  # why it was left out, failed or came back
    amount_micros = models.BigIntegerField()  # a whole number of the rail's smallest unit
    carried_micros = models.BigIntegerField(db_default=0)  # what stays in the balance
    from_seq = models.BigIntegerField(db_default=0)  # its statement begins after this transfer
    rail_ref = models.CharField(max_length=80, db_default="")  # what the rail calls it
    fee_micros = models.BigIntegerField(db_default=0)  # of the rail, borne by the operator
    submitted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # paid, failed or back

    class Meta:
        db_table = "payout"
        constraints = [
            models.UniqueConstraint(fields=["run", "person"], name="payout_once_in_a_run"),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in PayoutState]), name="payout_state_known"
            ),
            models.CheckConstraint(
                condition=Q(rail="") | Q(rail__in=[each.value for each in Rail]), name="payout_rail_known"
            ),
            models.CheckConstraint(condition=Q(amount_micros__gte=0), name="payout_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(state=PayoutState.LEFT_OUT.value, reason__gt="")
                | ~Q(state=PayoutState.LEFT_OUT.value),
                name="payout_left_out_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state=PayoutState.LEFT_OUT.value)
                | Q(method__isnull=False, amount_micros__gt=0, rail__gt=""),
                name="payout_has_a_method",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="payout_of_person"),
            models.Index(fields=["run", "state", "id"], name="payout_of_run"),
        ]
