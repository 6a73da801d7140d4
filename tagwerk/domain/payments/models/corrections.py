"""Corrections of the book, which two people make."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tagwerk.domain.payments.rules.corrections import LONGEST_REASON, LONGEST_WORDS, CorrectionState


class Correction(models.Model):
    """What puts a wrong booking right: proposed by one operator, approved or refused by another."""

    currency = models.CharField(max_length=3)
    lines = models.JSONField()  # [debit, credit, micros, the transfer that it undoes or ""]
    reason = models.CharField(max_length=LONGEST_REASON)
    key = models.CharField(max_length=80)  # the same one again is the same proposal
    state = models.CharField(max_length=10, default=CorrectionState.PROPOSED.value)
    proposed_at = models.DateTimeField(db_default=Now())
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # None: at the console, until an operator stands for it
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_alone = models.BooleanField(null=True)  # approved by who proposed it, since there was nobody else
    words = models.CharField(max_length=LONGEST_WORDS, db_default="")  # why it was refused

    class Meta:
        db_table = "correction"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in CorrectionState]), name="correction_state_known"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="correction_currency_shape"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_says_why"),
            models.CheckConstraint(condition=~Q(key=""), name="correction_key_given"),
            models.UniqueConstraint(fields=["key"], name="correction_key_once"),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.PROPOSED.value, decided_at__isnull=True)
                | ~Q(state=CorrectionState.PROPOSED.value) & Q(decided_at__isnull=False),
                name="correction_decision_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.REFUSED.value) | ~Q(words=""),
                name="correction_refusal_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.APPROVED.value, decided_alone__isnull=False)
                | ~Q(state=CorrectionState.APPROVED.value) & Q(decided_alone__isnull=True),
                name="correction_approval_marked",
            ),
            # Two pairs of eyes: who proposed it approves it alone only where that is marked.
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.APPROVED.value)
                | Q(decided_alone=True)
                | Q(proposed_by__isnull=False, decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="correction_two_people",
            ),
        ]
