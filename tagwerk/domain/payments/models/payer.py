"""Who pays: the operator's company, as papers and the bank name it."""

from django.db import models
from django.db.models import Q

from tagwerk.domain.payments.rules.payer import LARGEST_MINIMUM_MICROS, ContractModel
from tagwerk.domain.payments.rules.vat import VatScheme


class Payer(models.Model):
    """One row: what papers and files for the bank say about the operator. None of it is secret."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=70, default="", blank=True)  # of the company; as the bank has it
    street = models.CharField(max_length=70, default="", blank=True)
    building = models.CharField(max_length=16, default="", blank=True)
    postcode = models.CharField(max_length=16, default="", blank=True)
    town = models.CharField(max_length=35, default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)
    register_number = models.CharField(max_length=80, default="", blank=True)
    tax_number = models.CharField(max_length=30, default="", blank=True)
    vat_id = models.CharField(max_length=20, default="", blank=True)
    iban = models.CharField(max_length=34, default="", blank=True)
    bic = models.CharField(max_length=11, default="", blank=True)
    time_zone = models.CharField(max_length=64, default="Europe/Berlin")  # in which weeks begin and end
    contract_model = models.CharField(max_length=10, default=ContractModel.PRINCIPAL.value)
    asks_tax_data = models.BooleanField(
        default=True
    )  # before the first payout of people in the EU, for reports under DAC7
    minimum_micros = models.BigIntegerField(default=5_000_000)  # less than this is carried over
    vat_scheme = models.CharField(max_length=20, default=VatScheme.NONE.value)
    # The operator's own rates of their country, [day, basis points] each: they count before those shipped.
    vat_rates = models.JSONField(default=list)

    class Meta:
        db_table = "payer"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="payer_only_one"),
            models.CheckConstraint(
                condition=Q(contract_model__in=[each.value for each in ContractModel]),
                name="payer_contract_model_known",
            ),
            models.CheckConstraint(
                condition=Q(minimum_micros__range=(0, LARGEST_MINIMUM_MICROS)), name="payer_minimum_range"
            ),
            models.CheckConstraint(
                condition=Q(vat_scheme__in=[each.value for each in VatScheme]), name="payer_vat_scheme_known"
            ),
        ]
