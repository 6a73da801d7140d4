"""Qualifications, who holds them, and the entry tests that grant them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tagwerk.domain.academy.rules import LONGEST_MINUTES, UNPAID_MINUTES, Source
from tagwerk.domain.accounts.models import Organisation, Person
from tagwerk.domain.designs.models import Design

_SOURCES = [source.value for source in Source]


class Qualification(models.Model):
    """Something that workers can hold. Projects name it by its slug, so the slug stays and no row is deleted."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )  # None: of the whole instance
    slug = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    description = models.TextField(max_length=2000, default="", blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)  # new projects cannot require it any more

    class Meta:
        db_table = "qualification"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "slug"], nulls_distinct=False, name="qualification_slug_once"
            ),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="qualification_slug_shape"
            ),
        ]


class Holding(models.Model):
    """A person holds a qualification with a score. A new grant ends the one before; rows stay as history."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="holdings")
    score = models.SmallIntegerField()
    source = models.CharField(max_length=10)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    revoked = models.BooleanField(default=False)  # ended by somebody's decision, not by a newer grant
    revoked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        db_table = "holding"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "qualification"], condition=Q(ended_at=None), name="holding_current_once"
            ),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="holding_score_in_range"),
            models.CheckConstraint(condition=Q(source__in=_SOURCES), name="holding_source_known"),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("granted_at")), name="holding_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(revoked=False) | Q(ended_at__isnull=False), name="holding_revoked_has_end"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(ended_at=None, expires_at__isnull=False),
                name="holding_expiring",
            ),
            models.Index(fields=["qualification", "-id"], name="holding_of_qualification"),
        ]


class EntryTest(models.Model):
    """A test of gold tasks that grants a qualification. Its definition is never changed, only replaced."""

    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="tests")
    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="+")
    draw = models.SmallIntegerField()  # tasks in one attempt
    pass_mark = models.SmallIntegerField()  # 0–100
    tolerance_bp = models.IntegerField(default=0)  # the distance to gold that still counts as right
    retry_after_seconds = models.IntegerField()
    holding_seconds = models.IntegerField(null=True, blank=True)  # None: what is granted does not expire
    minutes = models.SmallIntegerField(null=True, blank=True)  # that an attempt takes; None: nobody has said
    pay_micros = models.BigIntegerField(default=0, db_default=0)  # for an attempt; 0: it is not paid
    currency = models.CharField(max_length=3, default="", db_default="", blank=True)  # of the pay
    paid_from = models.SmallIntegerField(default=0, db_default=0)  # the score from which an attempt is paid
    paid_attempts = models.IntegerField(default=0, db_default=0)  # no more are paid
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "entry_test"
        constraints = [
            models.UniqueConstraint(
                fields=["qualification"], condition=Q(closed_at=None), name="entry_test_open_once"
            ),
            models.CheckConstraint(
                condition=Q(draw__gte=1, pass_mark__gte=1, pass_mark__lte=100)
                & Q(tolerance_bp__gte=0, tolerance_bp__lt=10_000, retry_after_seconds__gte=0)
                & (Q(holding_seconds=None) | Q(holding_seconds__gt=0)),
                name="entry_test_numbers_in_range",
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=LONGEST_MINUTES),
                name="entry_test_minutes_in_range",
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__lte=UNPAID_MINUTES) | Q(pay_micros__gt=0),
                name="entry_test_long_is_paid",
            ),
            models.CheckConstraint(
                condition=Q(pay_micros=0, paid_attempts=0, paid_from=0, currency="")
                | Q(pay_micros__gt=0, paid_attempts__gt=0, paid_from__gte=0, paid_from__lte=100)
                & Q(currency__regex=r"^[A-Z]{3}$"),
                name="entry_test_pay_complete",
            ),
        ]


class EntryTestTask(models.Model):
    """A task of a test with its right answers. They are read for scoring only and never leave this room."""

    test = models.ForeignKey(EntryTest, on_delete=models.CASCADE, related_name="tasks")
    data = models.JSONField()
    gold = models.JSONField()  # question → right answer
    category = models.CharField(
        max_length=60, default="", db_default="", blank=True
    )  # what kind of task it is, by which scores are told apart

    class Meta:
        db_table = "entry_test_task"


class EntryTestAttempt(models.Model):
    """A person takes a test: the tasks drawn, what was answered, what came out."""

    test = models.ForeignKey(EntryTest, on_delete=models.PROTECT, related_name="attempts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    task_ids = ArrayField(models.BigIntegerField())  # in the order shown
    answers = models.JSONField(default=dict)  # task id as text → question → answer
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    score = models.SmallIntegerField(null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)
    categories = models.JSONField(default=list, db_default=[])  # [name, right, tasks] of each

    class Meta:
        db_table = "entry_test_attempt"
        constraints = [
            models.UniqueConstraint(
                fields=["test", "person"], condition=Q(finished_at=None), name="entry_test_attempt_open_once"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None, score=None, passed=None)
                | Q(finished_at__isnull=False, score__gte=0, score__lte=100, passed__isnull=False),
                name="entry_test_attempt_finish_complete",
            ),
        ]
        indexes = [models.Index(fields=["person", "test", "-id"], name="entry_test_attempt_latest")]
