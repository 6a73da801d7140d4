"""An organisation says where its invoices go."""

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import (
    Actor,
    Permission,
    country_code,
    email_address,
    interface_language,
    require,
)
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.events import BillingChanged
from tagwerk.domain.payments.models import BillingDetails
from tagwerk.domain.payments.queries.billing import FIELDS
from tagwerk.domain.payments.rules.numbers import vat_id
from tagwerk.domain.payments.rules.payer import line

_LONGEST = {"name": 100, "street": 70, "building": 16, "postcode": 16, "town": 35, "reference": 70}


@transaction.atomic
def change_billing(*, actor: Actor, organisation_id: int, **given: str) -> None:
    """Whoever manages an organisation's money changes what is given of where its invoices go."""
    require(actor, organisation_id, Permission.MONEY_MANAGE)
    before = queries.billing_of(organisation_id)
    new = {name: _checked(name, value) for name, value in given.items() if value is not None}
    row, _new = BillingDetails.objects.select_for_update().get_or_create(
        organisation_id=organisation_id, defaults={name: getattr(before, name) for name in FIELDS}
    )
    changed = [name for name, value in new.items() if getattr(row, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(row, name, new[name])
    row.changed_at = Now()
    row.save(update_fields=[*changed, "changed_at"])
    record(BillingChanged(actor_id=actor.person_id, organisation_id=organisation_id, changed=sorted(changed)))


def _checked(name: str, value: str) -> str:
    if name in _LONGEST:
        return line(value, _LONGEST[name], name)
    if name == "country":
        return country_code(value) if value else ""
    if name == "vat_id":
        return vat_id(value)
    if name == "language":
        return interface_language(value, dict(settings.LANGUAGES))
    assert name == "email", f"no billing details have {name}"
    return email_address(value) if value.strip() else ""
