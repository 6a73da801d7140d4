"""People and organisations found by a part of their name: what each may see, and no more."""

from dataclasses import dataclass

from django.db.models import Q

from tagwerk.domain.accounts.models import Membership, Organisation
from tagwerk.domain.accounts.rules import Actor, require_operator


@dataclass(frozen=True)
class FoundMember:
    """A member of one of the actor's organisations."""

    name: str
    email: str
    organisation_id: int
    organisation: str


def members_found(actor: Actor, text: str, *, limit: int = 5) -> list[FoundMember]:
    """The gate of a search: members of one's own organisations by a part of name or address."""
    if not actor.roles or not text:
        return []
    found = Membership.objects.filter(
        Q(person__display_name__icontains=text) | Q(person__email__contains=text.lower()),
        organisation_id__in=list(actor.roles),
    ).select_related("person", "organisation")
    return [
        FoundMember(row.person.display_name, row.person.email, row.organisation_id, row.organisation.name)
        for row in found.order_by("person__display_name", "id")[:limit]
    ]


def organisations_found(actor: Actor, text: str, *, limit: int = 5) -> dict[int, str]:
    """For operators: the names of organisations by a part of them, the newest first."""
    require_operator(actor)
    found = Organisation.objects.filter(name__icontains=text).order_by("-id")
    return dict(found.values_list("id", "name")[:limit])
