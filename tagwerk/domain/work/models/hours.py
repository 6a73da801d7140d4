"""Pay by the hour: the runs of workers' timers, what they came to, and what workers ask for beside."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tagwerk.domain.work.rules.hours import Ended, TimeCode, TimeState


class TimeEntry(models.Model):
    """A run of a worker's timer for one task: one at a time, whatever they work on."""

    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # the page's last sign of life
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=12, db_default="", default="")

    class Meta:
        db_table = "time_entry"
        constraints = [
            models.UniqueConstraint(
                fields=["worker_id"], condition=Q(ended_at__isnull=True), name="time_entry_one_runs"
            ),
            models.CheckConstraint(
                condition=Q(seen_at__gte=F("started_at"))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at"))),
                name="time_entry_forwards",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="")
                | Q(ended_at__isnull=False, ended_by__in=list(Ended)),
                name="time_entry_ended_by",
            ),
        ]
        indexes = [models.Index(fields=["project_id", "assignment_id"], name="time_entry_of_assignment")]


class HourlyAnswer(models.Model):
    """What the time of an assignment came to when it ended. It can be corrected until `ended_at`."""

    pk = models.CompositePrimaryKey("project_id", "assignment_id")
    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    claimed_micros = models.BigIntegerField()  # what it pays for the longest paid time
    measured_seconds = models.IntegerField()  # by the timer
    active_seconds = models.IntegerField(
        null=True
    )  # the page was at work, where no timer ran: that counts then
    rework_seconds = models.IntegerField(db_default=0, default=0)  # of all that, for a better answer
    paid_seconds = models.IntegerField()  # … without asking; what was granted beyond comes on top
    stated_seconds = models.IntegerField(null=True)  # by the worker, instead of the measured
    reason = models.TextField(db_default="", default="")
    stated_at = models.DateTimeField(null=True)
    extra_reward_micros = models.BigIntegerField(db_default=0, default=0)  # paid beside, for what was granted
    extra_fee_micros = models.BigIntegerField(db_default=0, default=0)
    handed_in_at = models.DateTimeField()
    correct_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # nothing of it changes any more

    class Meta:
        db_table = "hourly_answer"
        constraints = [
            models.CheckConstraint(
                condition=Q(measured_seconds__gte=0, paid_seconds__gte=0, rework_seconds__gte=0)
                & (Q(stated_seconds__isnull=True) | Q(stated_seconds__gte=0))
                & (Q(active_seconds__isnull=True) | Q(active_seconds__gte=0)),
                name="hourly_answer_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(stated_seconds__isnull=True, stated_at__isnull=True)
                | Q(stated_seconds__isnull=False, stated_at__isnull=False) & ~Q(reason=""),
                name="hourly_answer_stated_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(extra_reward_micros__gte=0, extra_fee_micros__gte=0),
                name="hourly_answer_extra_not_negative",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project_id", "correct_until"],
                condition=Q(ended_at__isnull=True),
                name="hourly_answer_open",
            ),
            models.Index(fields=["project_id", "-assignment_id"], name="hourly_answer_of_project"),
        ]


class TimeRequest(models.Model):
    """More time is asked for than is paid: `seconds` in all. Decided by the requester; three days of silence decide too.

    Asked `ahead`, while somebody is at the task, it is agreed to at most that, and money is set aside for it.
    """

    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    seconds = models.IntegerField()
    reason = models.TextField()
    state = models.CharField(max_length=10, db_default=TimeState.ASKED.value, default=TimeState.ASKED)
    asked_at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField()
    code = models.CharField(max_length=20, db_default="", default="")  # why it was refused
    reply = models.TextField(db_default="", default="")
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reward_micros = models.BigIntegerField(db_default=0, default=0)  # paid for it
    fee_micros = models.BigIntegerField(db_default=0, default=0)
    ahead = models.BooleanField(db_default=False, default=False)
    agreed_micros = models.BigIntegerField(db_default=0, default=0)  # set aside for it, with the fee

    class Meta:
        db_table = "time_request"
        constraints = [
            models.UniqueConstraint(
                fields=["project_id", "assignment_id"],
                condition=Q(state=TimeState.ASKED),
                name="time_request_once",
            ),
            models.CheckConstraint(condition=Q(state__in=list(TimeState)), name="time_request_state_known"),
            models.CheckConstraint(
                condition=Q(state=TimeState.ASKED, decided_at__isnull=True)
                | ~Q(state=TimeState.ASKED) & Q(decided_at__isnull=False),
                name="time_request_decided_or_asked",
            ),
            models.CheckConstraint(
                condition=Q(state=TimeState.REFUSED, code__in=list(TimeCode)) & ~Q(reply="")
                | ~Q(state=TimeState.REFUSED) & Q(code=""),
                name="time_request_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(seconds__gt=0, reward_micros__gte=0, fee_micros__gte=0, agreed_micros__gte=0),
                name="time_request_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["project_id", "-id"], name="time_request_of_project"),
            models.Index(
                fields=["project_id", "until"], condition=Q(state=TimeState.ASKED), name="time_request_due"
            ),
            models.Index(fields=["project_id", "assignment_id"], name="time_request_of_answer"),
        ]
