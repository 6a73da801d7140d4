"""What reviewing keeps: what reviewers found, rejections that wait for a second person, objections of workers."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tagwerk.domain.quality.rules.appeals import AppealState, ProposalState
from tagwerk.domain.quality.rules.reviewing import ReviewKind, Verdict
from tagwerk.domain.work.rules.rejecting import RejectionCode


def _another_person(decider: str, first: str, *, name: str) -> models.CheckConstraint:
    """Two people, or it is marked that they are one. Somebody unknown (null) is nobody's other self."""
    return models.CheckConstraint(
        condition=Q(same_person=True, **{decider: F(first)})
        | Q(same_person=False) & (Q(**{f"{decider}__isnull": True}) | Q(**{f"{first}__isnull": True}) | ~Q(**{decider: F(first)})),
        name=name,
    )  # fmt: skip


class Review(models.Model):
    """A reviewer and an answer: opened, and once they have committed, what they found. Others' come to light only then."""

    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    task_id = models.BigIntegerField()
    round = models.SmallIntegerField()  # a better answer, or the decision on one as it is, is looked at anew
    reviewer_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=[(one, one) for one in ReviewKind])
    verdict = models.CharField(max_length=10, null=True, choices=[(one, one) for one in Verdict])
    code = models.CharField(max_length=30, default="", blank=True)
    text = models.TextField(default="", blank=True)
    answers = models.JSONField(null=True)  # as the reviewer would have answered
    right = models.BooleanField(null=True)  # of gold: whether the verdict is the right one
    wants_second = models.BooleanField(db_default=False)
    drawn = models.CharField(max_length=10, db_default="", blank=True)  # a Drawn, and of which rule or signal
    drawn_about = models.CharField(max_length=20, db_default="", blank=True)
    opened_at = models.DateTimeField(db_default=Now())
    committed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "review"
        constraints = [
            models.UniqueConstraint(
                fields=["project_id", "assignment_id", "round", "reviewer_id"], name="review_once_each"
            ),
            models.UniqueConstraint(
                fields=["project_id", "assignment_id", "round", "kind"],
                condition=Q(committed_at__isnull=False) & ~Q(kind=ReviewKind.GOLD),
                name="review_first_and_second_once",
            ),
            models.CheckConstraint(
                condition=Q(committed_at__isnull=True, verdict__isnull=True)
                | Q(committed_at__isnull=False, verdict__in=list(Verdict), answers__isnull=False),
                name="review_committed_with_verdict",
            ),
            models.CheckConstraint(condition=Q(kind__in=list(ReviewKind)), name="review_kind_known"),
        ]
        indexes = [
            models.Index(fields=["project_id", "committed_at"], name="review_newest"),
            models.Index(
                fields=["project_id", "reviewer_id"], condition=Q(committed_at__isnull=False), name="review_of_reviewer"
            ),
            models.Index(
                fields=["project_id", "assignment_id"], condition=Q(wants_second=True), name="review_wants_second"
            ),
        ]  # fmt: skip


class ProposedRejection(models.Model):
    """A rejection beyond what one person may decide alone: it waits for another one."""

    pk = models.CompositePrimaryKey("project_id", "assignment_id")
    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    code = models.CharField(max_length=30, choices=[(one, one) for one in RejectionCode])
    reason = models.TextField()
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[(one, one) for one in ProposalState], default=ProposalState.WAITING
    )
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    same_person = models.BooleanField(db_default=False)

    class Meta:
        db_table = "proposed_rejection"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(ProposalState)), name="proposed_rejection_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.WAITING, decided_at__isnull=True)
                | ~Q(state=ProposalState.WAITING) & Q(decided_at__isnull=False),
                name="proposed_rejection_decided_or_waiting",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.CONFIRMED) | Q(decided_by_id__isnull=False),
                name="proposed_rejection_confirmed_by_somebody",
            ),
            _another_person("decided_by_id", "proposed_by_id", name="proposed_rejection_two_people"),
        ]
        indexes = [
            models.Index(
                fields=["until"], condition=Q(state=ProposalState.WAITING), name="proposed_rejection_waiting"
            )
        ]


class Appeal(models.Model):
    """A worker's objection to a rejection, and what another person decided about it."""

    pk = models.CompositePrimaryKey("project_id", "assignment_id")
    project_id = models.BigIntegerField()
    assignment_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    text = models.TextField()
    made_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[(one, one) for one in AppealState], default=AppealState.OPEN
    )
    rejected_by_id = models.BigIntegerField(null=True)
    answer = models.TextField(default="", blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    same_person = models.BooleanField(db_default=False)  # who rejected decided, as there was nobody else

    class Meta:
        db_table = "appeal"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(AppealState)), name="appeal_state_known"),
            models.CheckConstraint(
                condition=Q(state=AppealState.OPEN, decided_at__isnull=True)
                | ~Q(state=AppealState.OPEN) & Q(decided_at__isnull=False),
                name="appeal_decided_or_open",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AppealState.GRANTED, AppealState.REFUSED])
                | Q(answer__gt="", decided_by_id__isnull=False),
                name="appeal_decided_with_an_answer",
            ),
            _another_person("decided_by_id", "rejected_by_id", name="appeal_two_people"),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True) | ~Q(decided_by_id=F("worker_id")),
                name="appeal_not_decided_by_its_worker",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=AppealState.OPEN), name="appeal_open"),
            models.Index(fields=["organisation_id", "made_at"], name="appeal_of_organisation"),
            models.Index(fields=["worker_id", "made_at"], name="appeal_of_worker"),
        ]
