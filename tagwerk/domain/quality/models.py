"""What judging keeps: results, where each task stands, what gold says of each worker, and how far we have read.

Rows name project, task and worker by number without foreign keys: they are written by the hundred thousand, and
what they name is never deleted while they stand.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Left, Now

from tagwerk.domain.quality.rules.words import (
    Cause,
    GoldState,
    Method,
    ObjectionState,
    Reason,
    Recheck,
    SignalKind,
    SignalState,
    Source,
    Step,
    TaskState,
)

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
