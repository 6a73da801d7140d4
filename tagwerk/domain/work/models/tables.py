"""Tasks, who holds them, what was answered. Every key begins with the project.

Rows of the hot tables name each other by number, without foreign keys: each would cost a look-up and a lock per
answer. They are written only by the functions of `migrations/0001_functions.sql` and by this room's actions, and nothing
in them is ever deleted while something names it. Numbers (`id`) come from sequences that the migration adds.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tagwerk.domain.projects.models import Project
from tagwerk.domain.work.rules.states import ImportState, State


class Batch(models.Model):
    """Tasks that were brought in together; `opened_to` is the last of them that is open for work."""

    pk = models.CompositePrimaryKey("project_id", "id")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    id = models.BigIntegerField()
    source_name = models.TextField(default="")
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    tasks = models.BigIntegerField(default=0)
    gold_tasks = models.BigIntegerField(default=0)
    first_id = models.BigIntegerField(null=True)
    last_id = models.BigIntegerField(null=True)
    opened_to = models.BigIntegerField(db_default=0)

    class Meta:
        db_table = "batch"
        indexes = [
            models.Index(
                fields=["project_id", "id"], condition=Q(opened_to__lt=F("last_id")), name="batch_unopened"
            )
        ]


class Import(models.Model):
    """A file of rows that is being brought in, or was: how far it is, and what became of the rows."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    source_name = models.TextField()
    kind = models.CharField(max_length=10)
    skip_bad = models.BooleanField(default=False)
    replace = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=ImportState.WAITING)
    rows_read = models.BigIntegerField(default=0)
    imported = models.BigIntegerField(default=0)
    gold = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    replaced = models.BigIntegerField(default=0)
    bad_rows = models.BigIntegerField(default=0)
    reason = models.JSONField(null=True)  # the refusal because of which it failed
    stored_as = models.CharField(max_length=200, default="", blank=True)  # the file, until it is read
    bad_stored_as = models.CharField(max_length=200, default="", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "import"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(ImportState)), name="import_state_known")
        ]


class Task(models.Model):
    """One unit of work: the data of one row, exactly as it came. Never changed once somebody had it."""

    pk = models.CompositePrimaryKey("project_id", "id")
    project_id = models.BigIntegerField()
    id = models.BigIntegerField()
    batch_id = models.BigIntegerField()
    added_at = models.DateTimeField(db_default=Now())
    deadline = models.DateTimeField(null=True)
    priority = models.SmallIntegerField(db_default=0)
    is_gold = models.BooleanField(db_default=False)
    units = models.BigIntegerField(db_default=1_000_000)  # it pays: millionths of the pay plan's unit
    is_urgent = models.BooleanField(db_default=False)  # when it was opened: its units count that
    amount_micros = models.BigIntegerField(null=True)  # what a deliverable says itself that it is worth
    digest = models.UUIDField(null=True)  # of the content, where the requester gave an id
    external_id = models.TextField(null=True)
    data = models.JSONField()  # json in the database: it keeps the order of keys
    prediction = models.JSONField(null=True)

    class Meta:
        db_table = "task"
        constraints = [
            models.UniqueConstraint(
                fields=["project_id", "external_id"],
                condition=Q(external_id__isnull=False),
                name="task_external_id_once",
            ),
            models.CheckConstraint(
                condition=Q(priority__gte=0, priority__lte=100), name="task_priority_range"
            ),
            models.CheckConstraint(condition=Q(units__gt=0), name="task_units_positive"),
        ]


class Gold(models.Model):
    """The right answers of a task. Nothing that a worker can reach reads this table."""

    pk = models.CompositePrimaryKey("project_id", "pos")
    project_id = models.BigIntegerField()
    pos = models.BigIntegerField()
    task_id = models.BigIntegerField()
    answers = models.JSONField()
    explanation = models.TextField(db_default="")  # why they are right: for training, and for members
    retired_at = models.DateTimeField(null=True)  # since then it is served no more

    class Meta:
        db_table = "gold"
        constraints = [models.UniqueConstraint(fields=["project_id", "task_id"], name="gold_once")]
        indexes = [
            models.Index(
                fields=["project_id", "pos"], condition=Q(retired_at__isnull=True), name="gold_served"
            )
        ]


class OpenedTask(models.Model):
    """How many answers a task may get, for which money is committed. Only jobs write here."""

    pk = models.CompositePrimaryKey("project_id", "task_id")
    project_id = models.BigIntegerField()
    task_id = models.BigIntegerField()
    wanted = models.SmallIntegerField()  # asked for up to now
    most = models.SmallIntegerField()  # paid for at most
    closed = models.BooleanField(db_default=False)
    price_micros = models.BigIntegerField(db_default=0)  # an answer costs at most, with the fee; fixed here

    class Meta:
        db_table = "opened_task"
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted__gte=0, wanted__lte=F("most")), name="opened_task_within_most"
            )
        ]


class Queue(models.Model):
    """The open slots of tasks in the order in which they are given out; `open` people may still take one."""

    pk = models.CompositePrimaryKey("project_id", "pos")
    project_id = models.BigIntegerField()
    pos = models.BigIntegerField()
    task_id = models.BigIntegerField()
    rank = models.BigIntegerField(null=True)  # of tasks with a priority or a deadline: the lower the sooner
    open = models.SmallIntegerField()

    class Meta:
        db_table = "queue"
        constraints = [
            models.UniqueConstraint(fields=["project_id", "task_id"], name="queue_once"),
            models.CheckConstraint(condition=Q(open__gt=0), name="queue_open_positive"),
        ]
        indexes = [
            models.Index(fields=["project_id", "rank"], condition=Q(rank__isnull=False), name="queue_urgent")
        ]


class ShortQueue(models.Model):
    """The few most urgent tasks, looked at first by every claim; kept short by the job that fills it."""

    pk = models.CompositePrimaryKey("project_id", "rank", "task_id")
    project_id = models.BigIntegerField()
    rank = models.BigIntegerField()
    task_id = models.BigIntegerField()
    open = models.SmallIntegerField()

    class Meta:
        db_table = "short_queue"
        constraints = [
            models.UniqueConstraint(fields=["project_id", "task_id"], name="short_queue_once"),
            models.CheckConstraint(condition=Q(open__gt=0), name="short_queue_open_positive"),
        ]


class Enrolment(models.Model):
    """A worker in a project, with all that a claim must know. Facts rewrite it, so a claim reads one row."""

    pk = models.CompositePrimaryKey("project_id", "worker_id")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    seed = models.BigIntegerField()  # what is random for this worker here follows from it
    cursor = models.BigIntegerField(db_default=0)  # all positions up to here were looked at
    lap_cursor = models.BigIntegerField(db_default=0)  # … and up to here a second time
    gold_cursor = models.BigIntegerField(db_default=0)
    gold_taken = models.IntegerField(db_default=0)
    gold_due = models.IntegerField(db_default=0)  # so many other tasks before the next gold
    gold_micros = models.BigIntegerField(db_default=0)  # set aside for the next gold of this worker
    level_bp = models.IntegerField(db_default=10_000)  # so much more they are paid for what they can …
    floor_bp = models.IntegerField(db_default=10_000)  # … and at least so much because of where they live
    submitted = models.IntegerField(db_default=0)
    day_ends_at = models.DateTimeField(null=True)  # of the day in which they handed something in last
    day_submitted = models.IntegerField(db_default=0)  # on that day
    eligible = models.BooleanField(db_default=False)
    held = ArrayField(models.BigIntegerField(), default=list)  # assignments, the oldest first
    reasons = ArrayField(models.TextField(), default=list)  # why not eligible
    pseudonym = models.TextField()
    pause_reason = models.TextField(
        null=True
    )  # a code of rules.pausing or a member's words; null: not paused
    paused_at = models.DateTimeField(null=True)
    stops = models.SmallIntegerField(db_default=0)
    consented_at = models.DateTimeField(null=True)
    consented_level = models.SmallIntegerField(null=True)  # the project's sensitivity at that time
    enrolled_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "enrolment"
        constraints = [
            models.UniqueConstraint(fields=["project_id", "pseudonym"], name="enrolment_pseudonym_once")
        ]
        indexes = [models.Index(fields=["worker_id", "project_id"], name="enrolment_of_worker")]


class Assignment(models.Model):
    """One worker has one task; price, design and channel as they were when it was taken. No index on its state."""

    pk = models.CompositePrimaryKey("project_id", "id")
    project_id = models.BigIntegerField()
    id = models.BigIntegerField()
    task_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    reward_micros = models.BigIntegerField(db_default=0)
    fee_micros = models.BigIntegerField(db_default=0)
    spare_micros = models.BigIntegerField(db_default=0)  # committed beyond that until it ends
    factors = ArrayField(models.IntegerField(), null=True)  # of its worker: level, volume, floor
    design_id = models.BigIntegerField(null=True)
    next_id = models.BigIntegerField(null=True)  # the assignment given out with its submit
    claimed_at = models.DateTimeField(db_default=Now())
    submitted_at = models.DateTimeField(null=True)
    judged_from = models.DateTimeField(null=True)  # until then it can be changed
    decided_at = models.DateTimeField(null=True)
    digest = models.UUIDField(null=True)  # of the newest answer
    active_ms = models.IntegerField(null=True)
    most_seconds = models.IntegerField(null=True)  # of its timer are paid; null: its price is
    instructions_version = models.IntegerField(null=True)
    state = models.SmallIntegerField(db_default=State.HELD.value)
    revision = models.SmallIntegerField(db_default=0)
    channel = models.SmallIntegerField(null=True)
    is_gold = models.BooleanField(db_default=False)
    reason = models.TextField(null=True)  # why skipped

    class Meta:
        db_table = "assignment"
        constraints = [
            models.UniqueConstraint(fields=["project_id", "task_id", "worker_id"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(state__gte=State.HELD.value, state__lte=State.BARRED.value),
                name="assignment_state_known",
            ),
            models.CheckConstraint(
                condition=Q(reward_micros__gte=0, fee_micros__gte=0), name="assignment_price_not_negative"
            ),
            models.CheckConstraint(condition=Q(spare_micros__gte=0), name="assignment_spare_not_negative"),
        ]
        indexes = [models.Index(fields=["worker_id", "-id"], name="assignment_of_worker")]


class Hold(models.Model):
    """Until when an assignment may be held; the row goes with the state `held`."""

    pk = models.CompositePrimaryKey("project_id", "assignment_id")
    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "hold"
        indexes = [models.Index(fields=["project_id", "expires_at"], name="hold_expiry")]


class Answer(models.Model):
    """What was handed in. Only ever added to: a change is a revision, and the newest counts."""

    pk = models.CompositePrimaryKey("project_id", "assignment_id", "revision")
    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    task_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    design_id = models.BigIntegerField()
    submitted_at = models.DateTimeField(db_default=Now())
    instructions_version = models.IntegerField()
    active_ms = models.IntegerField()
    revision = models.SmallIntegerField()
    channel = models.SmallIntegerField()
    sides = models.TextField(null=True)  # "ab" or "ba": the order in which two answers were shown
    answers = models.JSONField()

    class Meta:
        db_table = "answer"
        indexes = [models.Index(fields=["project_id", "task_id"], name="answer_of_task")]


class Draft(models.Model):
    """What a worker has typed so far."""

    pk = models.CompositePrimaryKey("project_id", "assignment_id")
    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    saved_at = models.DateTimeField(db_default=Now())
    answers = models.JSONField()

    class Meta:
        db_table = "draft"


class Inbox(models.Model):
    """Answers that wait for the feed, until nobody can undo them."""

    pk = models.CompositePrimaryKey("project_id", "due_at", "assignment_id")
    project_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    assignment_id = models.BigIntegerField()

    class Meta:
        db_table = "inbox"


class FedAnswer(models.Model):
    """Answers in the order in which all readers see them, without gaps."""

    pk = models.CompositePrimaryKey("project_id", "seq")
    project_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    fed_at = models.DateTimeField(db_default=Now())
    revision = models.SmallIntegerField()

    class Meta:
        db_table = "answer_feed"


class ReturnedSlot(models.Model):
    """A slot that came free and waits for the job that puts it back into the queue."""

    pk = models.CompositePrimaryKey("project_id", "assignment_id")
    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()

    class Meta:
        db_table = "returned_slot"


class Opening(models.Model):
    """How far a project is opened and what that can cost. Its row is the lock of the project's jobs;
    a claim reads it and never writes it."""

    project = models.OneToOneField(Project, models.PROTECT, related_name="+", primary_key=True)
    last_pos = models.BigIntegerField(db_default=0)
    head_pos = models.BigIntegerField(db_default=0)  # no position below this is open, nor will be
    gold_pos = models.BigIntegerField(db_default=0)
    approved_seq = models.BigIntegerField(db_default=0)  # approve_due has looked at the feed up to here
    opened_tasks = models.BigIntegerField(db_default=0)
    closed_tasks = models.BigIntegerField(db_default=0)
    committed_micros = models.BigIntegerField(db_default=0)  # all that was opened has cost and can still cost
    gold_micros = models.BigIntegerField(db_default=0)  # the part of it that is for gold
    paid_micros = models.BigIntegerField(db_default=0)  # the part of it that has left the reservation
    paid_answers = models.BigIntegerField(db_default=0)  # for so many answers and stops …
    paid_reward_micros = models.BigIntegerField(db_default=0)  # … so much to workers, without the fee
    gold_money_bp = models.IntegerField(
        db_default=0
    )  # the share of the money for gold; 0: its share of the tasks
    measured_by = models.TextField(db_default="")  # the pay plan by which the tasks have their units
    most_factors = ArrayField(models.IntegerField(), null=True)  # of a worker; null: all are paid alike
    volume_after = models.IntegerField(null=True)  # from so many approved answers on, the second counts
    floors = models.JSONField(null=True)  # by country, as they were when the project was launched
    topped_micros = models.BigIntegerField(
        db_default=0
    )  # of it, what guaranteed hours cost within their part
    aside_micros = models.BigIntegerField(
        db_default=0
    )  # of it, bonuses and what guaranteed hours cost beyond that
    approved = models.BigIntegerField(db_default=0)
    rejected = models.BigIntegerField(db_default=0)
    guaranteed_until = models.DateField(null=True)  # the weeks before this Monday are looked at
    guarantee_ended_at = models.DateTimeField(null=True)  # … and so is the last one
    waits_for_money = models.BooleanField(db_default=False)
    told_low_micros = models.BigIntegerField(db_default=0)  # of which amount it was told that little is left
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "opening"
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_micros__gte=0, paid_micros__lte=F("committed_micros")),
                name="opening_paid_within_committed",
            )
        ]
