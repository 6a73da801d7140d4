"""The models that judge, and what agreement is counted from."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tagwerk.domain.quality.rules.words import Cause, Method, Reason


class JudgeModel(models.Model):
    """One version of the models that judge a question: which method, why, and what it rests on. Never changed."""

    project_id = models.BigIntegerField()
    question = models.CharField(max_length=80)
    version = models.IntegerField()
    method = models.CharField(max_length=10, choices=[(m, m) for m in Method])
    reason = models.CharField(max_length=20, choices=[(r, r) for r in Reason])
    cause = models.CharField(max_length=10, choices=[(c, c) for c in Cause])
    calibration = models.JSONField(
        default=list
    )  # on gold that it did not know: how sure, how often right, of how many
    figures = models.JSONField()  # answers, tasks, workers …: what the choice rests on
    classes = models.JSONField()  # the labels that it tells apart, in the order of its tables
    log_priors = models.JSONField()  # part → model → class; no part: a vote decides
    somebody = models.BinaryField()  # the tables of a worker whom it does not know
    crowd = models.JSONField()  # the most active workers: they stand for those who answer next
    others = models.BigIntegerField()  # the answers of all others
    fitted_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "judge_model"
        constraints = [
            models.UniqueConstraint(fields=["project_id", "question", "version"], name="judge_model_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="judge_model_version_counts_from_one"),
        ]


class WorkerTable(models.Model):
    """How a worker errs, by one version of a question's models. Of old versions these are not kept."""

    project_id = models.BigIntegerField()
    question = models.CharField(max_length=80)
    version = models.IntegerField()
    worker_id = models.BigIntegerField()
    answers = models.IntegerField()
    accuracy = models.FloatField()  # how likely they are right, by the model that decides
    tables = models.BinaryField()  # float32: part, what a label adds and how likely it is, model, said, true

    class Meta:
        db_table = "worker_table"
        constraints = [
            models.UniqueConstraint(
                fields=["project_id", "question", "version", "worker_id"], name="worker_table_once"
            ),
            models.CheckConstraint(
                condition=Q(accuracy__gte=0, accuracy__lte=1), name="worker_table_accuracy_is_a_probability"
            ),
        ]


class AgreementDay(models.Model):
    """What agreement on the tasks settled on one day (UTC) is counted from; the places are those of a design's labels."""

    pk = models.CompositePrimaryKey("project_id", "question", "day", "design_id")
    project_id = models.BigIntegerField()
    question = models.CharField(max_length=80)
    day = models.DateField()
    design_id = models.BigIntegerField()
    tasks = models.IntegerField()  # with two answers or more
    named = ArrayField(models.BigIntegerField())  # how often each label was named for them
    unlike = models.FloatField()  # their observed disagreement

    class Meta:
        db_table = "agreement_day"
