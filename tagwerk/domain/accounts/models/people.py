"""People and what they agreed to."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now, Upper

from tagwerk.domain.accounts.rules import (
    CEFR,
    Kind,
    MailLevel,
)

_KINDS = [kind.value for kind in Kind]
_LEVELS = [level.value for level in MailLevel]


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
    operator_since = models.DateTimeField(null=True)  # when another operator made them one …
    operator_until = models.DateTimeField(null=True)  # … and ended it last, whatever they are now
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
