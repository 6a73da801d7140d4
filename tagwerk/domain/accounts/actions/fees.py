"""What operators agree with an organisation about the fee."""

from django.db import transaction

from tagwerk.base.events import record
from tagwerk.domain.accounts import queries, rules
from tagwerk.domain.accounts.events import OrganisationFeeChanged
from tagwerk.domain.accounts.models import Organisation, OrganisationFee
from tagwerk.domain.accounts.rules import Actor


@transaction.atomic
def set_organisation_fee(*, actor: Actor, organisation_id: int, fee_bp: int | None, note: str) -> None:
    """An operator gives an organisation a fee of its own for new projects (None: the instance's again), and says why."""
    rules.require_operator(actor)
    said = rules.fee_note(note)
    new = None if fee_bp is None else rules.fee_in_range(fee_bp)
    queries.organisation(organisation_id)  # refuses one that is not there
    Organisation.objects.select_for_update().get(
        id=organisation_id
    )  # two at once make two lines, one after the other
    agreed = queries.fee_of(organisation_id)
    if (agreed.fee_bp if agreed.is_own else None) == new:
        return
    OrganisationFee.objects.create(
        organisation_id=organisation_id, fee_bp=new, note=said, set_by_id=actor.person_id
    )
    record(
        OrganisationFeeChanged(
            actor_id=actor.person_id, organisation_id=organisation_id, changes={"fee_bp": [agreed.fee_bp if agreed.is_own else None, new]},
        )
    )  # fmt: skip
