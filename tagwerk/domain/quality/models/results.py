"""Results, where each task stands, and how far the answers are judged."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Coalesce, Left, Now

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
    entropy = models.FloatField(null=True)  # of the answers over the labels, in bits
    answers = models.IntegerField()
    tied = models.BooleanField(default=False)  # several values were equally likely, the draw chose this one
    source = models.CharField(max_length=10, choices=[(s, s) for s in Source], default=Source.VOTE)
    reason = models.CharField(max_length=40, default="", blank=True)
    judged_at = models.DateTimeField(db_default=Now())
    judged_by_id = models.BigIntegerField(null=True)  # the member who overruled
    method = models.CharField(max_length=10, db_default="")  # how it was found
    model = models.IntegerField(db_default=0)  # the version of the model that decided; 0: none

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
            models.Index(
                F("project_id"), F("question"), F("entropy").desc(), F("task_id"), condition=Q(entropy__gt=0),
                name="result_by_entropy",
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
    in_review = models.BooleanField(
        db_default=False
    )  # an answer to it waits for a reviewer, or has just been decided
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
            models.Index(
                F("project_id"), Coalesce("confidence", -1.0), F("task_id"), condition=Q(in_review=True),
                name="judgement_in_review",
            ),
        ]  # fmt: skip


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
    """How many tasks stand where, and how many answers they have, and how many are expected to be
    right. Kept by a trigger on `judgement`."""

    pk = models.CompositePrimaryKey("project_id", "state")
    project_id = models.BigIntegerField()
    state = models.CharField(max_length=10)
    tasks = models.BigIntegerField()
    answers = models.BigIntegerField()
    sure = models.FloatField(db_default=0.0)  # the sum of their confidence

    class Meta:
        db_table = "judgement_tally"


class ResultChange(models.Model):
    """What a result was before it changed: a row for each earlier state."""

    project_id = models.BigIntegerField()
    task_id = models.BigIntegerField()
    question = models.CharField(max_length=80)
    value = models.JSONField()
    confidence = models.FloatField(null=True)
    answers = models.IntegerField()
    source = models.CharField(max_length=10)
    method = models.CharField(max_length=10)
    model = models.IntegerField()
    judged_at = models.DateTimeField()
    judged_by_id = models.BigIntegerField(null=True)
    until = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "result_change"
        indexes = [models.Index(fields=["project_id", "task_id", "id"], name="result_change_of_task")]


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
    fitted_answers = models.BigIntegerField(db_default=0)  # that models were last fitted to
    refit_cause = models.CharField(
        max_length=10, db_default=""
    )  # why they are to be fitted again; "": they are not
    gold_unscored = models.BooleanField(
        db_default=False
    )  # answers to gold are older than the table of their scores

    class Meta:
        db_table = "judge_cursor"
        indexes = [
            models.Index(fields=["project_id"], condition=Q(refit_cause__gt=""), name="judge_cursor_refit")
        ]
