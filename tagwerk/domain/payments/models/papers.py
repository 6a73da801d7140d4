"""Papers: who they go to, their numbers, what they say. Once issued, none of it changes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tagwerk.domain.payments.rules.invoices import InvoiceKind
from tagwerk.domain.payments.rules.vat import VatCase


class BillingDetails(models.Model):
    """To whom an organisation's invoices go. Facts of a company, so not encrypted."""

    organisation = models.OneToOneField(
        "accounts.Organisation", models.PROTECT, primary_key=True, related_name="+"
    )
    name = models.CharField(max_length=100)
    street = models.CharField(max_length=70, default="", blank=True)
    building = models.CharField(max_length=16, default="", blank=True)
    postcode = models.CharField(max_length=16, default="", blank=True)
    town = models.CharField(max_length=35, default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)
    vat_id = models.CharField(max_length=20, default="", blank=True)
    reference = models.CharField(max_length=70, default="", blank=True)  # the buyer's own, such as an order
    email = models.CharField(max_length=254, default="", blank=True)
    language = models.CharField(max_length=10)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "billing_details"


class CreditLimit(models.Model):
    """Up to which sum an organisation may be lent money of a currency."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    limit_micros = models.BigIntegerField(default=0)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "credit_limit"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "currency"], name="credit_limit_once"),
            models.CheckConstraint(condition=Q(limit_micros__range=(0, 10**15)), name="credit_limit_range"),
        ]


class PaperNumber(models.Model):
    """The last number given out in a series and a year. Its lock makes numbers follow without gaps."""

    series = models.CharField(max_length=4)
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        db_table = "paper_number"
        constraints = [
            models.UniqueConstraint(fields=["series", "year"], name="paper_number_once"),
            models.CheckConstraint(condition=Q(last__gte=0), name="paper_number_not_negative"),
        ]


class Invoice(models.Model):
    """A paper to an organisation, as it was issued: the database refuses to change or delete one."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    label = models.CharField(max_length=24)
    key = models.CharField(max_length=80)  # what it is about: issued once
    language = models.CharField(max_length=10)
    currency = models.CharField(max_length=3)
    issued_on = models.DateField()  # in the operator's time zone
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # None: by the schedule, or at the console
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    from_seq = models.BigIntegerField(db_default=0)  # of work: the transfers after this one …
    through_seq = models.BigIntegerField(db_default=0)  # … up to this one
    vat_case = models.CharField(max_length=20)
    vat_rate_bp = models.IntegerField(db_default=0)
    net_micros = models.BigIntegerField()
    vat_micros = models.BigIntegerField()
    gross_micros = models.BigIntegerField()
    due_net_micros = models.BigIntegerField(db_default=0)  # not paid in advance
    due_vat_micros = models.BigIntegerField(db_default=0)
    carry_micros = models.BigIntegerField(db_default=0)  # parts of a cent for the next one
    cancels = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    booking = models.ForeignKey("payments.Booking", models.PROTECT, null=True, related_name="+")
    facts = models.JSONField()  # seller, buyer, lines, advances: all that the paper says

    class Meta:
        db_table = "invoice"
        constraints = [
            models.UniqueConstraint(fields=["label"], name="invoice_label_once"),
            models.UniqueConstraint(fields=["key"], name="invoice_key_once"),
            models.UniqueConstraint(
                fields=["cancels"], condition=Q(cancels__isnull=False), name="invoice_cancelled_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in InvoiceKind]), name="invoice_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=InvoiceKind.CANCELLATION.value, cancels__isnull=False)
                | ~Q(kind=InvoiceKind.CANCELLATION.value) & Q(cancels__isnull=True),
                name="invoice_cancellation_names_one",
            ),
            models.CheckConstraint(
                condition=Q(vat_case__in=[each.value for each in VatCase]), name="invoice_vat_case_known"
            ),
            models.CheckConstraint(
                condition=Q(gross_micros=F("net_micros") + F("vat_micros")), name="invoice_adds_up"
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="invoice_currency_shape"),
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="invoice_of_organisation")]


class Paper(models.Model):
    """A PDF in storage with its hash. It can be made again from what it is about, and is then the same."""

    key = models.CharField(max_length=80)  # "invoice/12", "statement/7" …
    stored_as = models.CharField(max_length=200)
    bytes = models.IntegerField()
    sha256 = models.BinaryField(max_length=32)
    is_whole = models.BooleanField()  # the fonts had all of its signs
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "paper"
        constraints = [models.UniqueConstraint(fields=["key"], name="paper_once")]
