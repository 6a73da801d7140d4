"""Who this key is."""

from typing import Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.rules import Channel
from tagwerk.interfaces.api.asking import ANY_KEY, asking

router = Router(tags=["me"])

_KIND: dict[Channel, Literal["person", "model", "simulation"]] = {
    Channel.API: "person",
    Channel.MODEL: "model",
    Channel.SIMULATION: "simulation",
}


class OrganisationOut(BaseModel):
    """An organisation that orders work."""

    id: str
    name: str
    currency: str
    approved: bool = Field(description="Whether the operator has approved it, which launching needs")


class Me(BaseModel):
    """Who a key stands for, and what it may."""

    kind: Literal["organisation", "person", "model", "simulation"]
    name: str
    scopes: list[str]
    organisation: OrganisationOut | None = Field(description="Of an organisation's key")


@router.get("/me", auth=ANY_KEY, response=Me, operation_id="me", summary="Who this key is")
def me(request: HttpRequest) -> Me:
    """The organisation or the worker behind the key, and its scopes."""
    actor = asking(request)
    mine = queries.organisations_of(actor)
    return Me(
        kind="organisation" if mine else _KIND[actor.channel],
        name=actor.name,
        scopes=sorted(actor.scopes or ()),
        organisation=_organisation(mine[0]) if mine else None,
    )


def _organisation(view: queries.OrganisationView) -> OrganisationOut:
    return OrganisationOut(
        id=public_id("org", view.id),
        name=view.name,
        currency=view.currency,
        approved=view.approved_at is not None,
    )
