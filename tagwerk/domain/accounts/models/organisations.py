"""Organisations, who is in them, and who is shut out."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from tagwerk.domain.accounts.models.people import Person
from tagwerk.domain.accounts.rules import (
    LONGEST_FEE_NOTE,
    LONGEST_TEAM_NAME,
    MOST_FEE_BP,
    TEAMS,
    Role,
    SuspensionReason,
)

_ROLES = [role.value for role in Role]


class Organisation(models.Model):
    """Who orders work. Nothing can be launched before an operator has approved it."""

    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, default="", blank=True)
    currency = models.CharField(max_length=3)  # ISO 4217
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    suspended_at = models.DateTimeField(
        null=True, blank=True
    )  # while it stands, nothing is launched or resumed

    class Meta:
        db_table = "organisation"
        constraints = [
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="organisation_currency_shape"
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^([A-Z]{2})?$"), name="organisation_country_shape"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(approved_at__isnull=False),
                name="organisation_approver_has_date",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(approved_at=None), name="organisation_pending"),
        ]


class Membership(models.Model):
    """A person acts for an organisation in a role, and agreed that it sees their name."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10)
    agreed_to_name_at = models.DateTimeField(db_default=Now())
    joined_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "membership"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=_ROLES), name="membership_role_known"),
        ]


class Team(models.Model):
    """Some members of an organisation under a name. Projects name it by its slug, so the slug stays."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="teams")
    slug = models.CharField(max_length=60)
    name = models.CharField(max_length=LONGEST_TEAM_NAME)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "team"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="team_slug_once"),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="team_slug_shape"
            ),
            models.CheckConstraint(condition=~Q(slug__in=list(TEAMS)), name="team_not_built_in"),
        ]


class TeamMember(models.Model):
    """A member of the organisation in a team; who leaves the organisation leaves its teams."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="teams")

    class Meta:
        db_table = "team_member"
        constraints = [
            models.UniqueConstraint(fields=["team", "membership"], name="team_member_once"),
        ]


class Invitation(models.Model):
    """An invitation by e-mail: into an organisation with a role, or (without one) to sign up as a worker."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, default="", blank=True)
    seed = models.UUIDField(
        default=uuid.uuid4, editable=False
    )  # with the secret key it makes the token again
    token_digest = models.BinaryField(max_length=32)  # SHA-256 of the token in the link
    invited_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # None: from the command line
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "invitation"
        constraints = [
            models.UniqueConstraint(fields=["token_digest"], name="invitation_token_once"),
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="invitation_open_once",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower_case"),
            models.CheckConstraint(
                condition=Q(organisation=None, role="") | Q(organisation__isnull=False, role__in=_ROLES),
                name="invitation_role_fits",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at=None),
                name="invitation_one_end",
            ),
        ]
        indexes = [models.Index(fields=["email"], name="invitation_by_email")]


class OrganisationFee(models.Model):
    """What an operator agreed with an organisation about the fee, from then on; the newest row counts, none is changed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="fees")
    fee_bp = models.IntegerField(null=True)  # None: the instance's again
    note = models.CharField(max_length=LONGEST_FEE_NOTE)
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "organisation_fee"
        constraints = [
            models.CheckConstraint(
                condition=Q(fee_bp__gte=0, fee_bp__lte=MOST_FEE_BP), name="organisation_fee_range"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="organisation_fee_has_note"),
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="organisation_fee_newest")]


class Suspension(models.Model):
    """An operator shut a person or an organisation out for a while, and said why. One at a time of each is open."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="suspensions")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="suspensions"
    )
    reason = models.CharField(max_length=10)
    note = models.TextField(blank=True)  # they read it
    begun_at = models.DateTimeField(db_default=Now(), editable=False)
    begun_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )  # None: console
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "suspension"
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, organisation__isnull=False)
                | Q(person__isnull=False, organisation=None),
                name="suspension_of_one",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=[reason.value for reason in SuspensionReason]),
                name="suspension_reason_known",
            ),
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="suspension_open_once",
            ),
        ]
