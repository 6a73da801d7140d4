"""The one table below all rooms: what happened."""

from django.db import models
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
    attempts = models.SmallIntegerField(default=0)
    handled_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)  # it kept failing; an operator has to look
    error = models.TextField(default="", blank=True)

    class Meta:
        app_label = "base"
        db_table = "event"
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(handled_at=None, parked_at=None), name="event_unhandled"
            ),
            models.Index(fields=["id"], condition=models.Q(parked_at__isnull=False), name="event_parked"),
            models.Index(fields=["organisation_id", "-id"], name="event_of_organisation"),
            models.Index(fields=["project_id", "-id"], name="event_of_project"),
        ]
