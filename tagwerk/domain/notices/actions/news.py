"""News from the operators: approvals and suspensions."""

from typing import Any

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.events import OperatorChanged
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.notices.actions.inbox import tell, tell_members
from tagwerk.domain.notices.rules.catalogue import message
from tagwerk.domain.notices.rules.kinds import N_
from tagwerk.domain.notices.rules.suspensions import REASONS


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


def tell_suspension(*, suspension_id: int) -> int:
    """Tell who is shut out, or the members of an organisation that is; says how many."""
    found = accounts.suspension(suspension_id)
    if found is None or found.ended_at is not None:
        return 0
    params = {
        "reason": message(REASONS[found.reason]),
        "note": found.note or "–",
        "contact": accounts.instance().contact_email or message(N_("the operators of this instance")),
    }
    if found.person_id is not None:
        params |= {"instance": accounts.instance().name}
        return _tell_one(found.person_id, "account_suspended", params, f"suspended/{suspension_id}")
    assert found.organisation_id is not None, "it is of a person or of an organisation"
    return _tell_all(found.organisation_id, "organisation_suspended", params, f"suspended/{suspension_id}")


def tell_suspension_lifted(
    *, suspension_id: int, person_id: int | None = None, organisation_id: int | None = None
) -> int:
    """Tell who is let in again; says how many."""
    key = f"lifted/{suspension_id}" if suspension_id else ""
    if person_id is not None:
        return _tell_one(person_id, "account_open_again", {"instance": accounts.instance().name}, key)
    assert organisation_id is not None, "it is of a person or of an organisation"
    return _tell_all(organisation_id, "organisation_open_again", {}, key)


def _tell_one(person_id: int, kind: str, params: dict[str, Any], key: str) -> int:
    tell(person_id=person_id, kind=kind, params=params, link="/profile/", key=key)
    return 1


def _tell_all(organisation_id: int, kind: str, params: dict[str, Any], key: str) -> int:
    return tell_members(
        organisation_id=organisation_id,
        permission=Permission.PROJECT_VIEW,
        kind=kind,
        params=params | {"organisation": accounts.organisation(organisation_id).name},
        link=f"/organisation/{public_id('org', organisation_id)}/",
        key=key,
    )


def tell_operators_changed(*, fact: OperatorChanged) -> int:
    """Every operator, and who is none any more, reads who operates the instance now; says how many were told."""
    who = accounts.person(fact.person_id)
    params = {"name": who.display_name or who.email, "instance": accounts.instance().name}
    everybody = {*accounts.operator_ids(), fact.person_id} - {fact.actor_id}
    for person_id in sorted(everybody):
        tell(
            person_id=person_id, kind="operator_made" if fact.is_operator else "operator_ended", params=params,
            link="/operator/people/" if person_id != fact.person_id or fact.is_operator else "/inbox/",
            key=f"operator/{fact.person_id}/{fact.changed_at}",
        )  # fmt: skip
    return len(everybody)


def tell_viewing(*, viewing_id: int) -> int:
    """Tell a person that an operator looks at the pages as they see them, and why; says how many were told."""
    found = accounts.viewing(viewing_id)
    if found is None:
        return 0
    params = {
        "operator": found.operator,
        "instance": accounts.instance().name,
        "minutes": round((found.until - found.begun_at).total_seconds() / 60) or 1,
        "reason": found.reason,
    }
    tell(
        person_id=found.person_id,
        kind="account_viewed",
        params=params,
        link="/profile/looked/",
        key=f"viewed/{viewing_id}",
    )
    return 1
