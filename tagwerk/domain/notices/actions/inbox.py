"""The inbox: somebody is told, and has read it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.models import Letter, Notice
from tagwerk.domain.notices.rules import catalogue


def is_mailed_to(reader: accounts.PersonView, kind: str) -> bool:
    """Whether a notice of this kind also goes to this person by mail."""
    reached = catalogue.reaches(kind, has_mailbox=reader.has_mailbox, is_active=reader.is_active)
    return reached and catalogue.is_mailed(kind, reader.mail_level)


@transaction.atomic
def tell(
    *, person_id: int, kind: str, params: Mapping[str, Any], link: str = "", key: str = "", mail: bool = True
) -> int:
    """Tell a person something, in the inbox and by mail if they want it; under the same key it is told once."""
    catalogue.check_params(kind, params)
    catalogue.check_link(link)
    facts = {"kind": kind, "params": dict(params), "link": link}
    if key:
        notice, is_new = Notice.objects.get_or_create(person_id=person_id, key=key, defaults=facts)
    else:
        notice, is_new = Notice.objects.create(person_id=person_id, **facts), True
    if is_new and mail:
        reader = accounts.person(person_id)
        if is_mailed_to(reader, kind):
            Letter.objects.create(notice=notice, key=f"notice:{notice.id}")
    return notice.id


@transaction.atomic
def tell_members(
    *,
    organisation_id: int,
    permission: Permission,
    kind: str,
    params: Mapping[str, Any],
    link: str = "",
    key: str = "",
    unless_unread: str = "",
) -> int:
    """Tell all members of an organisation who have a permission; says how many.

    Who has an unread notice with a key that begins with `unless_unread` knows enough and is told nothing.
    """
    members = accounts.members_with(organisation_id, permission)
    if unless_unread:
        unread = Notice.objects.filter(person_id__in=members, read_at=None, key__startswith=unless_unread)
        members = sorted(set(members) - set(unread.values_list("person_id", flat=True)))
    for person_id in members:
        tell(person_id=person_id, kind=kind, params=params, link=link, key=key)
    return len(members)


@transaction.atomic
def mark_read(*, actor: Actor, notice_id: int) -> None:
    """The person has read one notice."""
    notice = queries.notice_for(actor, notice_id)
    Notice.objects.filter(id=notice.id, read_at=None).update(read_at=Now())


@transaction.atomic
def mark_all_read(*, actor: Actor, newest_id: int) -> int:
    """The person has read all up to the newest that they saw; says how many those were."""
    if actor.person_id is None:
        return 0
    seen = Notice.objects.filter(person_id=actor.person_id, read_at=None, id__lte=newest_id)
    return seen.update(read_at=Now())
