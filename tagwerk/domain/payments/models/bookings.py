"""Money that came in from organisations and went back to them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tagwerk.domain.payments.rules import Direction


class Booking(models.Model):
    """An operator booked what the bank statement says. The ledger has the transfer under the id made of the key."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=10)
    amount_micros = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=140, blank=True)
    key = models.CharField(max_length=80)
    owed_micros = models.BigIntegerField(db_default=0)  # of it: paid what invoices asked for
    vat_case = models.CharField(max_length=20, db_default="none")
    vat_rate_bp = models.IntegerField(db_default=0)
    vat_micros = models.BigIntegerField(db_default=0)  # of it: VAT on what was paid in advance
    # Of a refund: which deposits it gives back, [booking, net, VAT, rate] each.
    parts = models.JSONField(default=list, db_default=[])
    booked_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )  # None: at the console
    booked_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "booking"
        constraints = [
            models.UniqueConstraint(fields=["key"], name="booking_key_once"),
            models.CheckConstraint(condition=~Q(key=""), name="booking_key_given"),
            models.CheckConstraint(
                condition=Q(direction__in=[each.value for each in Direction]), name="booking_direction_known"
            ),
            models.CheckConstraint(
                condition=Q(amount_micros__range=(1, 10**15)), name="booking_amount_range"
            ),
            models.CheckConstraint(
                condition=Q(owed_micros__gte=0, vat_micros__gte=0)
                & Q(amount_micros__gte=F("owed_micros") + F("vat_micros")),
                name="booking_parts_within",
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="booking_currency_shape"),
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="booking_of_organisation")]
