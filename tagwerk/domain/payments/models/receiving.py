"""Where a worker is paid: who they are to the bank, by which method, and what holds a payout up."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tagwerk.domain.payments.rules.holds import HoldCode
from tagwerk.domain.payments.rules.rails import Rail


class PayoutProfile(models.Model):
    """What a paper about money has to say about a worker: the newest row counts, and a file for the bank says what was
    true when its run was released. Encrypted: nobody reads it in a copy of the database."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    sealed = models.TextField()  # `rules.profile.PayoutDetails` as JSON, encrypted
    tax_data_complete = models.BooleanField(
        db_default=False
    )  # nothing that a report about tax needs is missing
    bank_name_fits = models.BooleanField(null=True)  # a bank file can say the holder; None: not looked at yet
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "payout_profile"
        indexes = [models.Index(fields=["person", "-id"], name="payout_profile_of_person")]


class PayoutMethod(models.Model):
    """A rail and an account there. It counts once its owner has confirmed it by e-mail, and from `usable_at` on."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rail = models.CharField(max_length=10)
    sealed = models.TextField()  # `rules.profile.Target` as JSON, encrypted
    shown = models.CharField(max_length=60)  # "DE•••3000": enough to know it again
    fingerprint = models.BinaryField(max_length=32)  # keyed, so that one account of many people can be seen
    asked_at = models.DateTimeField(db_default=Now())
    confirmed_at = models.DateTimeField(null=True)
    usable_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=40, db_default="")  # "replaced", "removed", "AC04" …

    class Meta:
        db_table = "payout_method"
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at__isnull=True, confirmed_at__isnull=False),
                name="payout_method_one_in_use",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at__isnull=True, confirmed_at__isnull=True),
                name="payout_method_one_asked",
            ),
            models.CheckConstraint(
                condition=Q(rail__in=[each.value for each in Rail]), name="payout_method_rail_known"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, usable_at__isnull=True)
                | Q(confirmed_at__isnull=False, usable_at__gte=F("confirmed_at")),
                name="payout_method_usable_once_confirmed",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="payout_method_of_person"),
            models.Index(fields=["fingerprint"], name="payout_method_same_account"),
        ]


class PayoutHold(models.Model):
    """Somebody's payouts wait: for a reason that they read, until a day that they know."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    code = models.CharField(max_length=30)
    reason = models.TextField()
    begun_at = models.DateTimeField(db_default=Now())
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # None: by a rule of the program, or at the console
    by_rule = models.BooleanField(db_default=False)  # the program held them; no person had looked
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "payout_hold"
        constraints = [
            models.CheckConstraint(
                condition=Q(code__in=[each.value for each in HoldCode]), name="payout_hold_code_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="payout_hold_says_why"),
            models.CheckConstraint(condition=Q(until__gt=F("begun_at")), name="payout_hold_ends"),
            models.UniqueConstraint(
                fields=["person", "code"], condition=Q(ended_at__isnull=True), name="payout_hold_once"
            ),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="payout_hold_of_person")]
