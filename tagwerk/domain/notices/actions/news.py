"""News that concern a whole organisation."""

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.notices.actions.inbox import tell_members


def tell_approval(*, organisation_id: int) -> int:
    """Tell those who may launch projects that the organisation was approved; says how many."""
    return tell_members(
        organisation_id=organisation_id,
        permission=Permission.PROJECT_MANAGE,
        kind="organisation_approved",
        params={"organisation": accounts.organisation(organisation_id).name},
        link=f"/organisation/{public_id('org', organisation_id)}/",
        key=f"approved/{organisation_id}",
    )
