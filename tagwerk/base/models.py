"""The tables below all rooms: what happened, and what failed to follow from it."""

from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Now


class StoredEvent(models.Model):
    """A fact. Rows are added and their handling is noted; what they say is never changed."""

    name = models.CharField(max_length=80)
    version = models.SmallIntegerField(default=1)
    happened_at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    project_id = models.BigIntegerField(null=True)
    facts = models.JSONField()
    handled_at = models.DateTimeField(null=True)  # its reactions are jobs now, written in one transaction

    class Meta:
        app_label = "base"
        db_table = "event"
        indexes = [
            models.Index(fields=["id"], condition=models.Q(handled_at=None), name="event_unhandled"),
            models.Index(fields=["organisation_id", "-id"], name="event_of_organisation"),
            models.Index(fields=["project_id", "-id"], name="event_of_project"),
            models.Index(fields=["actor_id", "-id"], name="event_of_actor"),
            models.Index(fields=["name", "-id"], name="event_of_kind"),
            models.Index(fields=["happened_at"], name="event_by_time"),
            models.Index(
                KT("facts__person_id"),
                models.F("id").desc(),
                condition=models.Q(facts__has_key="person_id"),
                name="event_about_person",
            ),
            models.Index(
                models.F("project_id"),
                KT("facts__task_id"),
                models.F("id"),
                condition=models.Q(facts__has_key="task_id"),
                name="event_of_task",
            ),
        ]


class JobFailure(models.Model):
    """Why a background job failed last, so that an operator can read it beside the job."""

    job_id = models.BigIntegerField(primary_key=True)
    failed_at = models.DateTimeField()
    error = models.TextField()

    class Meta:
        app_label = "base"
        db_table = "job_failure"


class StoredReply(models.Model):
    """What was answered to a request that carried an idempotency key; the same request gets it again."""

    key_id = models.BigIntegerField()  # of the API key that asked
    name = models.CharField(max_length=200)  # the idempotency key, chosen by who asks
    digest = models.BinaryField()  # SHA-256 of what was asked
    status = models.SmallIntegerField()
    content_type = models.CharField(max_length=100)
    body = models.BinaryField()  # encrypted: some replies show a secret once
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "base"
        db_table = "stored_reply"
        constraints = [models.UniqueConstraint(fields=["key_id", "name"], name="stored_reply_once")]
        indexes = [models.Index(fields=["created_at"], name="stored_reply_by_age")]
