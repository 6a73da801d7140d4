"""What judging keeps: results, where each task stands, what gold says of each worker, and how far we have read.

Rows name project, task and worker by number without foreign keys: they are written by the hundred thousand, and
what they name is never deleted while they stand.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Left, Now

from tagwerk.domain.quality.rules.words import Recheck, Source, TaskState

VALUE_CHARS = 100  # of a result's JSON: so much of it tells it from others


class Result(models.Model):
    """What the answers to one question of one task add up to. Only a value or a reason why there is none."""

    project_id = models.BigIntegerField()
    task_id = models.BigIntegerField()
    question = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    confidence = models.FloatField(null=True)
    agreement = models.FloatField(null=True)
    answers = models.IntegerField()
    tied = models.BooleanField(default=False)  # several values were equally likely, the draw chose this one
    source = models.CharField(max_length=10, choices=[(s, s) for s in Source], default=Source.VOTE)
    reason = models.CharField(max_length=40, default="", blank=True)
    judged_at = models.DateTimeField(db_default=Now())
    judged_by_id = models.BigIntegerField(null=True)  # the member who overruled

    class Meta:
        db_table = "result"
        constraints = [
            models.UniqueConstraint(fields=["project_id", "task_id", "question"], name="result_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True, reason__gt="") | Q(value__isnull=False, reason=""),
                name="result_value_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__gte=0, confidence__lte=1),
                name="result_confidence_is_a_probability",
            ),
            models.CheckConstraint(condition=Q(source__in=list(Source)), name="result_source_known"),
        ]
        indexes = [  # which tasks have a result: of those only that come from a list of values
            models.Index(
                F("project_id"), F("question"), Left(Cast("value", models.TextField()), VALUE_CHARS), F("task_id"),
                condition=Q(confidence__isnull=False), name="result_of_value",
            ),
            models.Index(
                fields=["project_id", "question", "confidence", "task_id"],
                condition=Q(confidence__isnull=False), name="result_by_certainty",
            ),
            models.Index(
                fields=["project_id", "question", "agreement", "task_id"],
                condition=Q(agreement__isnull=False), name="result_by_agreement",
            ),
            models.Index(
                fields=["project_id", "task_id"], condition=Q(source=Source.OVERRULED), name="result_by_hand"
            ),
        ]  # fmt: skip


class Judgement(models.Model):
    """Where one task stands: whether its answers are enough, and how many were ever asked for."""

    project_id = models.BigIntegerField()
    task_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in TaskState], default=TaskState.OPEN)
    answers = models.IntegerField()
    wanted = models.IntegerField()
    confidence = models.FloatField(null=True)  # the least certain of the questions that decide
    recheck = models.SmallIntegerField(default=Recheck.NO)
    least = models.SmallIntegerField(
        db_default=0
    )  # so many answers at least, because a member asked for them
    judged_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "judgement"
        constraints = [
            models.UniqueConstraint(fields=["project_id", "task_id"], name="judgement_once"),
            models.CheckConstraint(condition=Q(state__in=list(TaskState)), name="judgement_state_known"),
            models.CheckConstraint(
                condition=Q(answers__gte=0, wanted__gte=1), name="judgement_counts_not_negative"
            ),
        ]
        indexes = [
            models.Index(
                fields=["project_id", "task_id"], condition=Q(recheck__gt=0), name="judgement_recheck"
            ),
            models.Index(
                fields=["project_id", "state", "confidence", "task_id"], name="judgement_unsure_first"
            ),
            models.Index(fields=["project_id", "state", "task_id"], name="judgement_of_state"),
        ]


class ResultTally(models.Model):
    """How many tasks have this result to a question that is voted on. Kept by a trigger on `result`, so that no page has
    to count results; the value is the beginning of its JSON."""

    pk = models.CompositePrimaryKey("project_id", "question", "value")
    project_id = models.BigIntegerField()
    question = models.CharField(max_length=80)
    value = models.CharField(max_length=200)
    tasks = models.BigIntegerField()

    class Meta:
        db_table = "result_tally"


class JudgementTally(models.Model):
    """How many tasks stand where, and how many answers they have. Kept by a trigger on `judgement`."""

    pk = models.CompositePrimaryKey("project_id", "state")
    project_id = models.BigIntegerField()
    state = models.CharField(max_length=10)
    tasks = models.BigIntegerField()
    answers = models.BigIntegerField()

    class Meta:
        db_table = "judgement_tally"


class WorkerRecord(models.Model):
    """How a worker did on the gold of one question of one project."""

    project_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    question = models.CharField(max_length=80)
    gold_seen = models.IntegerField(default=0)
    gold_correct = models.IntegerField(default=0)

    class Meta:
        db_table = "worker_record"
        constraints = [
            models.UniqueConstraint(
                fields=["project_id", "worker_id", "question"], name="worker_record_once"
            ),
            models.CheckConstraint(
                condition=Q(gold_correct__gte=0, gold_correct__lte=F("gold_seen")),
                name="worker_record_correct_within_seen",
            ),
        ]


class ExcludedAnswer(models.Model):
    """An answer that a member took out of the result. It is approved and paid like any other."""

    pk = models.CompositePrimaryKey("project_id", "assignment_id")
    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    task_id = models.BigIntegerField()
    reason = models.CharField(max_length=2000)
    excluded_by_id = models.BigIntegerField(null=True)
    excluded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "excluded_answer"
        indexes = [models.Index(fields=["project_id", "task_id"], name="excluded_of_task")]


class JudgeCursor(models.Model):
    """How far a project's answer feed is judged."""

    project_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)

    class Meta:
        db_table = "judge_cursor"


from tagwerk.domain.quality.models.reviewing import Appeal as Appeal  # noqa: E402
from tagwerk.domain.quality.models.reviewing import ProposedRejection as ProposedRejection  # noqa: E402
from tagwerk.domain.quality.models.reviewing import Review as Review  # noqa: E402
