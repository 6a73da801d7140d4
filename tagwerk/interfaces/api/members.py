"""Who belongs to the organisation."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.queries import MemberView
from tagwerk.domain.accounts.rules import Permission
from tagwerk.interfaces.api.asking import Key, asking, organisation_asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of

router = Router(tags=["members"])


class MemberOut(BaseModel):
    """A member."""

    id: str
    name: str
    email: str
    role: str
    joined_at: datetime


@router.get(
    "/members",
    auth=Key(Permission.PROJECT_VIEW),
    response=Page[MemberOut],
    operation_id="list_members",
    summary="List members",
)
def list_members(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The organisation's members, the longest there first."""
    found = queries.members_page(
        asking(request),
        organisation_asking(request),
        after=place_of(request, paging.cursor) or 0,
        limit=paging.limit,
    )
    places = [one.id for one in found]
    return {"items": [member_out(one) for one in found], "next": next_cursor(request, places, paging.limit)}


def member_out(view: MemberView) -> MemberOut:
    """A member as the API tells."""
    return MemberOut(
        id=public_id("mbr", view.id),
        name=view.name,
        email=view.email,
        role=view.role.value,
        joined_at=view.joined_at,
    )
