"""What gold says of workers, and what their answers say of gold."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tagwerk.domain.quality.rules.words import GoldState


class WorkerRecord(models.Model):
    """How a worker did on the gold of one question of one project."""

    project_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    question = models.CharField(max_length=80)
    gold_seen = models.IntegerField(default=0)
    gold_correct = models.IntegerField(default=0)
    by_chance = models.FloatField(db_default=0)  # so many would be right by chance

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


class GoldAnswer(models.Model):
    """One question of a worker's first answer to gold, scored. `counted`: it is in the worker's record."""

    pk = models.CompositePrimaryKey("project_id", "assignment_id", "question")
    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    task_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    seq = models.BigIntegerField()  # its place in the answer feed
    by_chance = models.FloatField()
    active_ms = models.IntegerField()
    right = models.BooleanField()
    counted = models.BooleanField(db_default=True)
    question = models.CharField(max_length=80)

    class Meta:
        db_table = "gold_answer"
        indexes = [
            models.Index(fields=["project_id", "task_id", "seq"], name="gold_answer_of_task"),
            models.Index(fields=["project_id", "worker_id"], name="gold_answer_of_worker"),
        ]


class GoldStanding(models.Model):
    """How one gold task does, and what was found about it."""

    pk = models.CompositePrimaryKey("project_id", "task_id")
    project_id = models.BigIntegerField()
    task_id = models.BigIntegerField()
    seen = models.IntegerField(default=0)  # first answers to it
    correct = models.IntegerField(default=0)  # … that were right in every question
    looked_at = models.IntegerField(default=0)  # of so many answers
    looks = models.IntegerField(default=0)
    state = models.CharField(max_length=10, choices=[(s, s) for s in GoldState], default=GoldState.SERVING)
    why = models.CharField(max_length=20, default="", blank=True)
    evidence = models.JSONField(null=True)  # the figures behind `why`
    counts_before = models.BigIntegerField(null=True)  # answers from this place in the feed on do not count
    decided_by_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "gold_standing"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(GoldState)), name="gold_standing_state_known"),
            models.CheckConstraint(
                condition=Q(correct__gte=0, correct__lte=F("seen")), name="gold_standing_correct_within_seen"
            ),
        ]
        indexes = [
            models.Index(
                fields=["project_id", "state", "task_id"],
                condition=~Q(state=GoldState.SERVING), name="gold_standing_of_state",
            )
        ]  # fmt: skip
