"""People, organisations, who belongs where, keys, consent."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now, Upper

from tagwerk.domain.accounts.rules import (
    CEFR,
    LONGEST_FEE_NOTE,
    LONGEST_INSTANCE_NAME,
    LONGEST_TEAM_NAME,
    MOST_FEE_BP,
    ORGANISATION_SCOPES,
    TEAMS,
    WORK,
    Kind,
    MailLevel,
    Role,
    SuspensionReason,
)

_KINDS = [kind.value for kind in Kind]
_LEVELS = [level.value for level in MailLevel]
_ROLES = [role.value for role in Role]


class People(BaseUserManager["Person"]):
    """How sign-in finds a person: by e-mail, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").lower())


class Person(AbstractBaseUser):
    """Somebody, or a model, that can act here. Models and simulated people have addresses that get no mail."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254)
    display_name = models.CharField(max_length=80, default="", blank=True)
    kind = models.CharField(max_length=10, default=Kind.PERSON.value)
    country = models.CharField(
        max_length=2, default="", blank=True
    )  # ISO 3166-1 alpha-2; empty: not told yet
    time_zone = models.CharField(max_length=64, default="UTC")  # IANA
    ui_language = models.CharField(max_length=10, default="en")
    mail_level = models.CharField(max_length=10, default=MailLevel.ALL.value)
    preferences = models.JSONField(
        default=dict, blank=True
    )  # of rules.Preferences; only what was changed once
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)  # before that it gets no notices
    adult_confirmed_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "person"
        constraints = [
            models.UniqueConstraint(fields=["uuid"], name="person_uuid_once"),
            models.UniqueConstraint(fields=["email"], name="person_email_once"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="person_email_lower_case"),
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="person_kind_known"),
            models.CheckConstraint(condition=Q(country__regex=r"^([A-Z]{2})?$"), name="person_country_shape"),
            models.CheckConstraint(condition=Q(mail_level__in=_LEVELS), name="person_mail_level_known"),
            models.CheckConstraint(
                condition=Q(is_operator=False) | Q(kind=Kind.PERSON.value), name="person_operator_is_human"
            ),
        ]
        indexes = [models.Index(Upper("email"), name="person_email_upper")]  # allauth asks with iexact

    def __str__(self) -> str:
        return self.display_name or self.email


class PersonLanguage(models.Model):
    """A language somebody speaks, and how well (CEFR)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="languages")
    tag = models.CharField(max_length=35)  # BCP 47
    level = models.CharField(max_length=6)

    class Meta:
        db_table = "person_language"
        constraints = [
            models.UniqueConstraint(fields=["person", "tag"], name="person_language_once"),
            models.CheckConstraint(condition=Q(level__in=CEFR), name="person_language_level_known"),
            models.CheckConstraint(
                condition=Q(tag__regex=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"),
                name="person_language_tag_shape",
            ),
        ]


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


class Consent(models.Model):
    """A person agreed to one version of a document, at a time. Rows are only added."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    document = models.CharField(max_length=80)  # "terms", "project:7:sensitive" …
    version = models.CharField(max_length=40)
    given_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "consent"
        constraints = [
            models.UniqueConstraint(fields=["person", "document", "version"], name="consent_once"),
        ]


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


class Viewing(models.Model):
    """An operator sees the pages as a person sees them, for a while, and changes nothing. The person can read of it."""

    operator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="viewings")
    reason = models.TextField()
    begun_at = models.DateTimeField(db_default=Now(), editable=False)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "viewing"
        constraints = [
            models.CheckConstraint(condition=~Q(operator=F("person")), name="viewing_of_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="viewing_has_reason"),
        ]


class Instance(models.Model):
    """What the operators say about this instance: one row. What is not said has the setting's default."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=LONGEST_INSTANCE_NAME, default="", blank=True)
    language = models.CharField(max_length=10, default="", blank=True)  # of who tells us none
    currency = models.CharField(max_length=3, default="", blank=True)  # ISO 4217, of new organisations
    fee_bp = models.IntegerField(null=True, blank=True)  # of new projects
    contact_email = models.EmailField(max_length=254, default="", blank=True)
    imprint = models.JSONField(default=dict, blank=True)  # language → Markdown
    privacy = models.JSONField(default=dict, blank=True)
    fairwork = models.JSONField(default=dict, blank=True)  # threshold → language → Markdown
    set_up_at = models.DateTimeField(null=True, blank=True)  # the first-run set-up was ended

    class Meta:
        db_table = "instance"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="instance_one_row"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^([A-Z]{3})?$"), name="instance_currency_shape"
            ),
            models.CheckConstraint(
                condition=Q(fee_bp__gte=0, fee_bp__lte=MOST_FEE_BP), name="instance_fee_range"
            ),
        ]


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


class ApiKey(models.Model):
    """A key of an organisation or of a worker. Its text is shown once; the table knows a digest."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="keys"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)  # the part that stays visible
    digest = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=20))
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)  # None: never
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the minute

    class Meta:
        db_table = "api_key"
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="api_key_digest_once"),
            models.CheckConstraint(
                condition=Q(organisation=None, person__isnull=False)
                | Q(organisation__isnull=False, person=None),
                name="api_key_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0)
                & (
                    Q(person__isnull=False, scopes__contained_by=[WORK])
                    | Q(organisation__isnull=False, scopes__contained_by=list(ORGANISATION_SCOPES))
                ),
                name="api_key_scopes_fit_owner",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")), name="api_key_expires_later"
            ),
        ]


class MinimumWage(models.Model):
    """What an hour has to be paid at least; an operator's line over those of `rules/minimum_wages.csv`."""

    country = models.CharField(max_length=2)
    valid_from = models.DateField()
    per_hour_micros = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    source = models.CharField(max_length=300)
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "minimum_wage"
        constraints = [
            models.UniqueConstraint(fields=["country", "valid_from"], name="minimum_wage_once"),
            models.CheckConstraint(
                condition=Q(country__regex="^[A-Z]{2}$"), name="minimum_wage_country_shape"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="minimum_wage_currency_shape"
            ),
            models.CheckConstraint(condition=Q(per_hour_micros__gt=0), name="minimum_wage_positive"),
        ]
