"""What is noticed in workers' answers, what follows from it, and their objections."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tagwerk.domain.quality.rules.words import ObjectionState, SignalKind, SignalState, Step


class WorkerAnswer(models.Model):
    """Which tasks a worker answered, in order: so that their newest answers are read by one index. Written after feeding."""

    pk = models.CompositePrimaryKey("project_id", "worker_id", "assignment_id")
    project_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    task_id = models.BigIntegerField()
    is_gold = models.BooleanField()

    class Meta:
        db_table = "worker_answer"
        indexes = [
            models.Index(fields=["project_id", "task_id", "assignment_id"], name="worker_answer_of_task")
        ]


class WorkerWatch(models.Model):
    """Up to which answer a worker was looked at in a project, by rules and for signals, and how many came since."""

    pk = models.CompositePrimaryKey("project_id", "worker_id")
    project_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    new_answers = models.IntegerField(default=0)
    looked_up_to = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "worker_watch"
        constraints = [
            models.CheckConstraint(
                condition=Q(new_answers__gte=0), name="worker_watch_new_answers_not_negative"
            )
        ]
        indexes = [
            models.Index(fields=["project_id"], condition=Q(new_answers__gt=0), name="worker_watch_due")
        ]


class WatchCursor(models.Model):
    """How far a project's answer feed is noted among the workers' answers, and when that was last done."""

    project_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "watch_cursor"


class Signal(models.Model):
    """What was noticed in a worker's answers, with figures and the answers that show it. `about`: a question, or who else."""

    project_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=100, default="", blank=True)
    figures = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)  # pairs of assignments: the worker's, and another's or 0
    up_to = models.BigIntegerField()  # the newest answer that it looked at
    state = models.CharField(max_length=10, default=SignalState.OPEN)
    found_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "signal"
        constraints = [
            models.UniqueConstraint(fields=["project_id", "worker_id", "kind", "about"], name="signal_once"),
            models.CheckConstraint(condition=Q(kind__in=list(SignalKind)), name="signal_kind_known"),
            models.CheckConstraint(condition=Q(state__in=list(SignalState)), name="signal_state_known"),
        ]
        indexes = [models.Index(fields=["project_id", "state", "-id"], name="signal_of_project")]


class Intervention(models.Model):
    """What happened to a worker in a project: because a control rule held, with its figures, or because a member said so."""

    project_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    step = models.CharField(max_length=20)
    rule = models.JSONField(null=True)  # as it was then; null: a member's own decision
    rule_key = models.CharField(max_length=16, default="", blank=True)
    figures = models.JSONField(default=dict)
    up_to = models.BigIntegerField(default=0)  # the rule counts only what comes after this answer
    made_at = models.DateTimeField(db_default=Now())
    made_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)  # of a pause
    ended_by_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "intervention"
        constraints = [
            models.CheckConstraint(condition=Q(step__in=list(Step)), name="intervention_step_known"),
            models.UniqueConstraint(
                fields=["project_id", "worker_id"], condition=Q(step=Step.PAUSE, ended_at=None),
                name="intervention_one_pause",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["project_id", "worker_id", "-id"], name="intervention_of_worker"),
            models.Index(fields=["worker_id"], condition=Q(step=Step.PAUSE, ended_at=None), name="intervention_running"),
        ]  # fmt: skip


class PauseObjection(models.Model):
    """A worker's objection to a pause, and what another member decided."""

    project_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    intervention = models.ForeignKey(Intervention, models.PROTECT, null=True, related_name="+")
    paused_at = models.DateTimeField()
    pause_reason = models.TextField()
    text = models.CharField(max_length=2000)
    state = models.CharField(max_length=10, default=ObjectionState.OPEN)
    answer = models.CharField(
        max_length=2000, default="", blank=True
    )  # of who decided, as the worker reads it
    made_at = models.DateTimeField(db_default=Now())
    decide_by = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    same_person = models.BooleanField(default=False)  # who paused also decided: there was nobody else

    class Meta:
        db_table = "pause_objection"
        constraints = [
            models.UniqueConstraint(
                fields=["project_id", "worker_id", "paused_at"], name="pause_objection_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(ObjectionState)), name="pause_objection_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN, decided_at=None)
                | ~Q(state=ObjectionState.OPEN) & Q(decided_at__isnull=False),
                name="pause_objection_decided_or_open",
            ),
        ]
        indexes = [
            models.Index(fields=["decide_by"], condition=Q(state=ObjectionState.OPEN), name="pause_objection_due"),
            models.Index(fields=["project_id", "-id"], name="pause_objection_of_project"),
        ]  # fmt: skip
