"""Threads: what a worker and an organisation write to each other about one task. Notes: what members write to one another."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Now
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from tagwerk.domain.community.rules import LONGEST_CHARS, Author
from tagwerk.domain.projects.models import Project


class Thread(models.Model):
    """The one conversation between a worker and the organisation about a task."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    task_id = models.BigIntegerField()
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    last_message_at = models.DateTimeField(db_default=Now())
    last_author = models.CharField(max_length=12, choices=[(a, a) for a in Author])
    worker_read_at = models.DateTimeField(null=True)
    organisation_read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "thread"
        constraints = [
            models.UniqueConstraint(fields=["project", "task_id", "worker"], name="thread_once"),
            models.CheckConstraint(condition=Q(last_author__in=list(Author)), name="thread_author_known"),
        ]
        indexes = [
            models.Index(fields=["project", "-last_message_at", "-id"], name="thread_of_project"),
            models.Index(fields=["worker", "-last_message_at", "-id"], name="thread_of_worker"),
        ]


class Message(models.Model):
    """One message; it is never changed."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="messages")
    author = models.CharField(max_length=12, choices=[(a, a) for a in Author])
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "message"
        constraints = [
            models.CheckConstraint(condition=Q(author__in=list(Author)), name="message_author_known"),
            models.CheckConstraint(
                condition=Q(GreaterThanOrEqual(Length("text"), 1))
                & Q(LessThanOrEqual(Length("text"), LONGEST_CHARS)),
                name="message_length",
            ),
        ]
        indexes = [models.Index(fields=["thread", "id"], name="message_of_thread")]


class Note(models.Model):
    """What a member wrote about a task for the other members; it is never changed."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    task_id = models.BigIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "note"
        constraints = [
            models.CheckConstraint(
                condition=Q(GreaterThanOrEqual(Length("text"), 1))
                & Q(LessThanOrEqual(Length("text"), LONGEST_CHARS)),
                name="note_length",
            ),
        ]
        indexes = [models.Index(fields=["project", "task_id", "id"], name="note_of_task")]
