"""Whether a file for the bank can say whose account it is: banks take Latin letters only."""

import json

from tagwerk.base.secrecy import decrypted
from tagwerk.domain.payments.models import PayoutMethod, PayoutProfile
from tagwerk.domain.payments.rules.profile import details_from
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.domain.payments.rules.sepa import is_writable


def is_paid_by_bank(person_id: int) -> bool:
    """Whether a worker's pay goes to a bank account, or is to go there once they confirm it."""
    return PayoutMethod.objects.filter(person_id=person_id, ended_at=None, rail=Rail.SEPA.value).exists()


def look_at_names() -> None:
    """Look at the names that were given before anybody looked at them."""
    fits: dict[bool, list[int]] = {True: [], False: []}
    for number, sealed in PayoutProfile.objects.filter(bank_name_fits=None).values_list("id", "sealed"):
        fits[is_writable(details_from(json.loads(decrypted(sealed))).holder)].append(number)
    for each, numbers in fits.items():
        if numbers:
            PayoutProfile.objects.filter(id__in=numbers).update(bank_name_fits=each)
