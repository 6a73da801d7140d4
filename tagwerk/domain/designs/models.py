"""What tasks show and ask, in versions that never change."""

from django.db import models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact

from tagwerk.domain.accounts.models import Organisation


class Design(models.Model):
    """One version of what a task shows and asks; immutable, the same one is kept once per organisation."""

    id = models.BigIntegerField(primary_key=True)  # made from organisation and digest: rules.design.design_id
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    spec = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "design"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="design_once_per_organisation"),
            models.CheckConstraint(condition=Exact(Length("digest"), 64), name="design_digest_is_sha256"),
        ]
