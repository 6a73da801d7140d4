"""A person's inbox, written in their language."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.notices.rules import catalogue

MOST_COUNTED = 100  # a badge says "99+"; counting further helps nobody


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as its reader sees it."""

    id: int
    kind: str
    title: str
    body: str
    link: str
    told_at: datetime
    read_at: datetime | None


def inbox(
    actor: Actor,
    *,
    unread: bool = False,
    kinds: Collection[str] = (),
    before: int | None = None,
    limit: int = 50,
) -> list[NoticeView]:
    """The actor's notices, newest first, all or the unread ones, or those of some kinds; `before`: the last one's id."""
    if actor.person_id is None:
        return []
    found = Notice.objects.filter(person_id=actor.person_id).order_by("-id")
    if unread:
        found = found.filter(read_at=None)
    if kinds:
        found = found.filter(kind__in=kinds)
    if before is not None:
        found = found.filter(id__lt=before)
    return [_view(row, actor.language) for row in found[:limit]]


def notice_for(actor: Actor, notice_id: int) -> NoticeView:
    """One notice of the actor's own."""
    found = Notice.objects.filter(id=notice_id, person_id=actor.person_id or 0).first()
    if found is None:
        raise NotFound("notice_not_found", "There is no such notice in your inbox.")
    return _view(found, actor.language)


def unread_count(actor: Actor) -> int:
    """How many notices the actor has not read, counted up to a hundred."""
    if actor.person_id is None:
        return 0
    return Notice.objects.filter(person_id=actor.person_id, read_at=None)[:MOST_COUNTED].count()


def _view(row: Notice, language: str) -> NoticeView:
    language = (
        language or translation.get_language() or settings.LANGUAGE_CODE
    )  # that of the page, if none was chosen
    with translation.override(language):
        title, body = catalogue.render(row.kind, row.params, translate=gettext, language=language)
    return NoticeView(row.id, row.kind, title, body, row.link, row.told_at, row.read_at)
