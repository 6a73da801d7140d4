"""Money that came in from organisations and went back to them."""

from django.db import models
from django.db.models import Q
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
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="booking_currency_shape"),
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="booking_of_organisation")]
