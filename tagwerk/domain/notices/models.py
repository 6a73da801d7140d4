"""Notices, letters that leave by mail, and webhooks with their deliveries."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tagwerk.domain.notices.rules.webhooks import EVENTS, TEST_EVENT


class Notice(models.Model):
    """Something a person must know, in their inbox."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    params = models.JSONField()
    link = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=120, blank=True)  # the same fact is told once; empty: each time
    told_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "notice"
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], condition=~Q(key=""), name="notice_key_once"),
            models.CheckConstraint(condition=Q(kind__regex=r"^[a-z_]+$"), name="notice_kind_shape"),
            models.CheckConstraint(condition=Q(link__regex=r"^(/([^/\\].*)?)?$"), name="notice_link_is_path"),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_of_person"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
        ]


class Letter(models.Model):
    """An e-mail to be sent: of a notice, or of an invitation. It is written when it is sent, so no table has its text."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        DROPPED = "dropped"  # nobody to send it to any more
        FAILED = "failed"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, null=True, related_name="+")
    invitation = models.ForeignKey(
        "accounts.Invitation", on_delete=models.CASCADE, null=True, related_name="+"
    )
    key = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    claimed_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "letter"
        constraints = [
            models.UniqueConstraint(fields=["key"], name="letter_key_once"),
            models.CheckConstraint(
                condition=Q(notice=None, invitation__isnull=False) | Q(notice__isnull=False, invitation=None),
                name="letter_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent", "dropped", "failed"]), name="letter_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at=None),
                name="letter_sent_has_time",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(state="waiting"), name="letter_due")]


class WebhookEndpoint(models.Model):
    """An address that an organisation wants called when something happens."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=120, blank=True)
    events = ArrayField(models.CharField(max_length=40))
    # Delivered means paid: with it, results go out at once and are accepted by that; else once they are approved.
    accept = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    secret = models.TextField()  # encrypted with the field key, as is the one before
    previous_secret = models.TextField(blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    failures_in_a_row = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    rest_until = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)  # switched off by us
    created_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "webhook_endpoint"
        constraints = [
            models.CheckConstraint(
                condition=Q(events__len__gt=0, events__contained_by=list(EVENTS)),
                name="webhook_endpoint_events_known",
            ),
            models.CheckConstraint(condition=Q(url__regex=r"^https?://"), name="webhook_endpoint_url_shape"),
            models.CheckConstraint(
                condition=Q(previous_secret="", previous_until=None)
                | ~Q(previous_secret="") & Q(previous_until__isnull=False),
                name="webhook_endpoint_previous_secret_ends",
            ),
            models.CheckConstraint(
                condition=Q(failures_in_a_row=0, failing_since=None)
                | Q(failures_in_a_row__gt=0, failing_since__isnull=False),
                name="webhook_endpoint_failing_since_first",
            ),
            models.CheckConstraint(
                condition=Q(disabled_at=None) | Q(active=False), name="webhook_endpoint_disabled_is_off"
            ),
        ]
        indexes = [models.Index(fields=["organisation"], name="webhook_endpoint_of_org")]


class Delivery(models.Model):
    """One message to one endpoint, until it is received or given up; its log of tries."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="+", db_index=False)
    event = models.CharField(max_length=40)
    project_id = models.BigIntegerField(null=True)
    body = models.TextField()
    key = models.CharField(max_length=120, blank=True)  # the same fact is queued once; empty: each time
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.SmallIntegerField(default=0)  # since it was queued or last replayed
    next_at = models.DateTimeField(db_default=Now())
    claimed_until = models.DateTimeField(null=True)
    claim = models.IntegerField(default=0)  # counts claims: a late result of an older one changes nothing
    queued_at = models.DateTimeField(db_default=Now(), editable=False)
    delivered_at = models.DateTimeField(null=True)
    response_status = models.SmallIntegerField(null=True)  # of the last try; null: no reply
    duration_ms = models.IntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    log = models.JSONField(default=list)  # the last tries: at, status, duration_ms, error, reply

    class Meta:
        db_table = "delivery"
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "key"], condition=~Q(key=""), name="delivery_key_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "delivered", "failed"]), name="delivery_state_known"
            ),
            models.CheckConstraint(condition=Q(event__in=[*EVENTS, TEST_EVENT]), name="delivery_event_known"),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_at__isnull=False), name="delivery_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "next_at"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["endpoint", "-id"], name="delivery_of_endpoint"),
            models.Index(fields=["queued_at"], condition=~Q(state="waiting"), name="delivery_by_age"),
        ]
