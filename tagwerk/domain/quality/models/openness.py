"""What everybody may know, counted once a day."""

from django.db import models

INSTANCE = 0  # no organisation has this number


class PublicFigures(models.Model):
    """The newest public figures of an organisation, or of the whole instance; nothing in them is about fewer than ten people."""

    organisation_id = models.BigIntegerField(primary_key=True)
    counted_at = models.DateTimeField()
    figures = models.JSONField()

    class Meta:
        db_table = "public_figures"
