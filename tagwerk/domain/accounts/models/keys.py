"""Keys of programs."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tagwerk.domain.accounts.models.organisations import Organisation
from tagwerk.domain.accounts.models.people import Person
from tagwerk.domain.accounts.rules import (
    ORGANISATION_SCOPES,
    WORK,
)


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
