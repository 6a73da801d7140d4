"""What decides about an answer beside its state: rejections, and what keeps an answer from being approved by itself."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tagwerk.domain.work.rules.rejecting import RejectionCode
from tagwerk.domain.work.rules.states import Deferred, ReworkState


class Rejection(models.Model):
    """A rejected answer, with the reason; its slot reopens when no objection is possible any more."""

    pk = models.CompositePrimaryKey("project_id", "assignment_id")
    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    code = models.CharField(max_length=30, db_default="")  # "": from before there was a closed list
    reason = models.TextField()
    rejected_by_id = models.BigIntegerField(null=True)  # of a key: the person who made it
    rejected_at = models.DateTimeField(db_default=Now())
    reopen_at = models.DateTimeField()
    contested = models.BooleanField(db_default=False)  # the worker has objected, and nobody has decided yet
    ended_at = models.DateTimeField(null=True)  # reopened, or approved after all

    class Meta:
        db_table = "rejection"
        constraints = [
            models.CheckConstraint(
                condition=Q(code__in=["", *RejectionCode]), name="rejection_code_of_the_list"
            ),
            models.CheckConstraint(
                condition=Q(contested=False) | Q(ended_at__isnull=True), name="rejection_contested_is_open"
            ),
        ]
        indexes = [
            models.Index(
                fields=["project_id", "reopen_at"],
                condition=Q(ended_at__isnull=True),
                name="rejection_pending",
            )
        ]


class Deferral(models.Model):
    """A submitted answer that is not approved by itself when its time comes, because somebody has something to do."""

    pk = models.CompositePrimaryKey("project_id", "assignment_id")
    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    why = models.CharField(max_length=20, choices=[(one, one) for one in Deferred])
    until = models.DateTimeField()  # then it goes on without them
    deferred_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "deferral"
        constraints = [models.CheckConstraint(condition=Q(why__in=list(Deferred)), name="deferral_why_known")]
        indexes = [models.Index(fields=["project_id", "until"], name="deferral_due")]


class Rework(models.Model):
    """A reviewer asked the worker for a better answer, once; what is paid for it on top is paid when it comes."""

    pk = models.CompositePrimaryKey("project_id", "assignment_id")
    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    text = models.TextField()
    state = models.CharField(
        max_length=20, choices=[(one, one) for one in ReworkState], default=ReworkState.ASKED
    )
    extra_reward_micros = models.BigIntegerField(db_default=0)
    extra_fee_micros = models.BigIntegerField(db_default=0)
    asked_by_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rework"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(ReworkState)), name="rework_state_known"),
            models.CheckConstraint(
                condition=Q(state=ReworkState.ASKED, ended_at__isnull=True)
                | ~Q(state=ReworkState.ASKED) & Q(ended_at__isnull=False),
                name="rework_ended_or_asked",
            ),
            models.CheckConstraint(
                condition=Q(extra_reward_micros__gte=0, extra_fee_micros__gte=0),
                name="rework_extra_not_negative",
            ),
        ]
