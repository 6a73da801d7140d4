"""Qualifications that projects name."""

from django.db import transaction

from tagwerk.base.errors import Conflict
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy import queries as academy_queries
from tagwerk.domain.accounts.rules import Actor, Permission, require
from tagwerk.domain.projects import queries


@transaction.atomic
def create_qualification(
    *, actor: Actor, organisation_id: int | None, slug: str, title: str, description: str = ""
) -> int:
    """Make a qualification, unless it would take the place of one of the instance in a project that is launched: who may
    work there, and what they are paid more, was said."""
    if organisation_id is not None:
        require(actor, organisation_id, Permission.QUALIFICATION_MANAGE)
        own = academy_queries.own_qualifications(organisation_id)
        titles = [] if slug in own else queries.titles_with_qualification(organisation_id, slug)
        if titles:
            raise Conflict(
                "slug_in_use",
                "Launched projects ask for a qualification “{slug}” that is not yours: “{titles}”. Use another name.",
                path="slug", slug=slug, titles="”, “".join(titles[:5]),
            )  # fmt: skip
    return academy.create_qualification(
        actor=actor, organisation_id=organisation_id, slug=slug, title=title, description=description
    )
