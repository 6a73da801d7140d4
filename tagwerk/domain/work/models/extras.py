"""What people are paid beside the price of answers: bonuses, and what a guaranteed hour was short of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tagwerk.domain.academy.models import EntryTestAttempt
from tagwerk.domain.projects.models import Project
from tagwerk.domain.work.rules.extras import BonusSource


class Bonus(models.Model):
    """Money that somebody was given for their work in a project, with the reason that they read. Given once per key."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    assignment_id = models.BigIntegerField(null=True)  # for this answer
    reward_micros = models.BigIntegerField()
    fee_micros = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    source = models.CharField(max_length=10, choices=[(one, one) for one in BonusSource])
    key = models.CharField(max_length=200)
    given_by_id = models.BigIntegerField(null=True)  # of a key: the person who made it; None: a rule
    given_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "bonus"
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="bonus_once"),
            models.CheckConstraint(
                condition=Q(reward_micros__gt=0, fee_micros__gte=0), name="bonus_positive"
            ),
            models.CheckConstraint(condition=Q(source__in=list(BonusSource)), name="bonus_source_known"),
        ]
        indexes = [
            models.Index(fields=["project", "-id"], name="bonus_of_project"),
            models.Index(fields=["worker", "-id"], name="bonus_of_worker"),
        ]


class TestPay(models.Model):
    """What an attempt at an entry test pays: held in the book while it is under way, then paid or given back."""

    __test__ = False  # pytest: this is no test of ours

    attempt = models.OneToOneField(EntryTestAttempt, models.PROTECT, related_name="+")
    test_id = models.BigIntegerField()
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    organisation_id = models.BigIntegerField(null=True)  # None: a test of the instance, paid by the operator
    currency = models.CharField(max_length=3)
    reward_micros = models.BigIntegerField()
    fee_micros = models.BigIntegerField()
    held_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    paid = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "test_pay"
        constraints = [
            models.CheckConstraint(
                condition=Q(reward_micros__gt=0, fee_micros__gte=0), name="test_pay_positive"
            ),
            models.CheckConstraint(
                condition=Q(paid=False) | Q(ended_at__isnull=False), name="test_pay_paid_has_end"
            ),
        ]
        indexes = [
            models.Index(fields=["held_at"], condition=Q(ended_at=None), name="test_pay_held"),
            models.Index(fields=["test_id"], name="test_pay_of_test"),
            models.Index(fields=["worker", "-id"], name="test_pay_of_worker"),
        ]


class TopUp(models.Model):
    """What a worker's hours in a project and week were short of the minimum wage. Found once, paid as soon as money is there."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    week = models.DateField()  # its Monday, where the operator is
    answers = models.IntegerField()
    credited_ms = models.BigIntegerField()
    earned_micros = models.BigIntegerField()
    floor_micros = models.BigIntegerField()  # for an hour
    reward_micros = models.BigIntegerField()
    fee_micros = models.BigIntegerField()
    found_at = models.DateTimeField(db_default=Now())
    paid_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "top_up"
        constraints = [
            models.UniqueConstraint(fields=["project", "worker", "week"], name="top_up_once"),
            models.CheckConstraint(
                condition=Q(reward_micros__gt=0, fee_micros__gte=0), name="top_up_positive"
            ),
            models.CheckConstraint(condition=Q(week__iso_week_day=1), name="top_up_begins_on_monday"),
        ]
        indexes = [
            models.Index(fields=["project"], condition=Q(paid_at__isnull=True), name="top_up_unpaid"),
            models.Index(fields=["worker", "-id"], name="top_up_of_worker"),
        ]
