"""Projects, the versions of their files, and the media that their tasks show."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tagwerk.domain.accounts.models import Organisation
from tagwerk.domain.designs.models import Design
from tagwerk.domain.projects.rules import FEE_PLACES, MOST_FEE_BP, State


class Project(models.Model):
    """A design + instructions + audience + pay plan + quality plan + budget, ordered by an organisation.

    The columns are the project file's settings that other tables and the claim need; `file` is the whole file.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.SlugField(max_length=80)  # what `from: {project: …}` of another file calls it
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=[(s, s) for s in State], default=State.DRAFT)
    design = models.ForeignKey(Design, models.PROTECT, related_name="+")
    version = models.IntegerField(default=1)
    instructions_version = models.IntegerField(default=1)
    file = models.JSONField()
    paid = models.BooleanField()
    currency = models.CharField(max_length=3)
    reward_micros = models.BigIntegerField()  # for one unit of the pay plan
    task_micros = models.BigIntegerField(
        null=True
    )  # what a task pays on average; null: one unit, all of them
    fee_bp = models.DecimalField(
        max_digits=36, decimal_places=FEE_PLACES
    )  # a whole number, unless a price was agreed
    client_micros = models.BigIntegerField(null=True)  # the agreed price of what `amount` in the file pays
    budget_micros = models.BigIntegerField(null=True)
    hour_guarantee = models.BooleanField(db_default=False, default=False)
    hour_micros = models.BigIntegerField(db_default=0, default=0)  # of the worker's timer; 0: not by the hour
    most_seconds = models.IntegerField(
        db_default=0, default=0
    )  # so much of a task is paid by it without asking
    answers_min = models.SmallIntegerField()
    answers_max = models.SmallIntegerField()
    confidence = models.FloatField()
    gold_share_bp = models.IntegerField()
    gold_start_bp = models.IntegerField(db_default=0)  # of who is new: falls to the share …
    gold_start_tasks = models.IntegerField(db_default=0)  # … within so many tasks
    hold_tasks = models.SmallIntegerField()
    hold_seconds = models.IntegerField()
    estimate_seconds = models.IntegerField()
    approve_after_seconds = models.IntegerField()
    sensitivity = models.SmallIntegerField()
    api_work = models.BooleanField(default=False)
    audience = models.JSONField(default=dict)
    source_project = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    source_when = models.JSONField(null=True)
    source_each = models.CharField(max_length=10, default="result")
    answers_a_day = models.IntegerField(null=True)  # the most that one worker may hand in on a day
    open_limit = models.IntegerField(null=True)  # a pilot opens only so many tasks
    prepared = models.JSONField(
        default=list
    )  # the steps of setting it up that somebody has looked at and kept
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    launched_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "project"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="project_name_once"),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="project_state_known"),
            models.CheckConstraint(
                condition=Q(answers_min__gte=1, answers_max__gte=F("answers_min")),
                name="project_answers_in_order",
            ),
            models.CheckConstraint(
                condition=Q(paid=True, reward_micros__gt=0) | Q(paid=False, reward_micros=0),
                name="project_paid_or_not",
            ),
            models.CheckConstraint(
                condition=Q(fee_bp__gte=0, fee_bp__lte=MOST_FEE_BP), name="project_fee_range"
            ),
            models.CheckConstraint(
                condition=Q(client_micros=None) | Q(client_micros__gt=0, paid=True),
                name="project_price_agreed_for_pay",
            ),
            models.CheckConstraint(condition=~Q(source_project=F("id")), name="project_not_its_own_source"),
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="project_of_organisation")]


class ProjectVersion(models.Model):
    """Each version of a project's file, as it was given in."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="+")
    number = models.IntegerField()
    design = models.ForeignKey(Design, models.PROTECT, related_name="+")
    file = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "project_version"
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="project_version_once")]


class MediaFile(models.Model):
    """An uploaded picture, sound or film; tasks name it as `media:<name>`."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    duration_ms = models.BigIntegerField(null=True)  # read when somebody is paid by it
    stored_as = models.CharField(max_length=200)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "media_file"
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="media_name_once")]
