"""What the instance says about itself, and minimum wages."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tagwerk.domain.accounts.models.people import Person
from tagwerk.domain.accounts.rules import (
    LONGEST_INSTANCE_NAME,
    MOST_FEE_BP,
)


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
