"""Papers to workers: a statement for each payout, as it was issued."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class WorkerStatement(models.Model):
    """What a worker was told about a payout. Nothing of it changes; who they are stands in `sealed`, encrypted, so the
    PDF is made from it whenever it is asked for and lies nowhere."""

    payout = models.OneToOneField("payments.Payout", models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    label = models.CharField(max_length=24)
    issued_at = models.DateTimeField(db_default=Now())
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=10)
    paid_micros = models.BigIntegerField()
    billed_micros = models.BigIntegerField()
    vat_micros = models.BigIntegerField()
    vat_treatment = models.CharField(max_length=20)
    sealed = models.TextField()  # all that the paper says, as JSON

    class Meta:
        db_table = "worker_statement"
        constraints = [models.UniqueConstraint(fields=["label"], name="worker_statement_label_once")]
        indexes = [models.Index(fields=["person", "-id"], name="worker_statement_of_person")]
