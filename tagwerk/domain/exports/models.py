"""Exports that were asked for, and where their files are."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tagwerk.domain.exports.rules.formats import FORMATS
from tagwerk.domain.exports.rules.states import ExportState
from tagwerk.domain.projects.models import Project


class Export(models.Model):
    """A file of a project's records: asked for, being written, ready for a while."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    format = models.CharField(max_length=20, choices=[(name, name) for name in FORMATS])
    options = models.JSONField(default=dict)
    accept = models.BooleanField(default=False)  # approve first what is still in review
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in ExportState], default=ExportState.WAITING
    )
    tries = models.SmallIntegerField(db_default=0)  # how often it was begun to be written
    tasks_total = models.IntegerField(default=0)
    tasks_written = models.IntegerField(default=0)
    rows = models.IntegerField(null=True)  # training files leave tasks out
    stored_as = models.CharField(max_length=200, default="", blank=True)
    size_bytes = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    error = models.CharField(max_length=300, default="", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "export"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(ExportState)), name="export_state_known"),
            models.CheckConstraint(condition=Q(format__in=list(FORMATS)), name="export_format_known"),
            models.CheckConstraint(
                condition=~Q(state=ExportState.READY)
                | Q(stored_as__gt="", sha256__gt="", size_bytes__isnull=False, rows__isnull=False),
                name="export_ready_has_a_file",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-id"], name="export_of_project"),
            models.Index(fields=["expires_at"], condition=Q(state=ExportState.READY), name="export_expiring"),
        ]


class AnnounceCursor(models.Model):
    """How far a project's answers are announced to webhooks."""

    project_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)

    class Meta:
        db_table = "announce_cursor"


class UndeliveredResult(models.Model):
    """A result that webhooks are to get once all answers behind it are approved."""

    project_id = models.BigIntegerField()
    task_id = models.BigIntegerField()

    class Meta:
        db_table = "undelivered_result"
        constraints = [
            models.UniqueConstraint(fields=["project_id", "task_id"], name="undelivered_result_once")
        ]
