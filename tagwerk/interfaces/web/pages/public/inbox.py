"""The inbox: what a person must know, by day, newest first; all of it, or what is unread or about one thing."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.queries import NoticeView
from tagwerk.domain.notices.rules.catalogue import KINDS
from tagwerk.interfaces.web.formats import day_text
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.paging import BEFORE, cut, place
from tagwerk.interfaces.web.posting import see_other

PAGE = 30
OF_WORK = {
    "answer_rejected", "answer_approved_after_objection", "enrolment_paused", "enrolment_resumed", "project_paused",
    "qualification_granted", "worker_invitation", "answer_not_paid", "appeal_granted", "appeal_refused", "appeal_lapsed",
    "rework_asked", "rework_asked_paid",
}  # fmt: skip
OF_MESSAGES = {"thread_message"}
TOPICS: dict[str, tuple[Any, set[str]]] = {
    "": (gettext_lazy("All"), set()),
    "work": (gettext_lazy("Your work"), OF_WORK),
    "messages": (gettext_lazy("Messages"), OF_MESSAGES),
    "orders": (gettext_lazy("Your organisation"), set(KINDS) - OF_WORK - OF_MESSAGES),
}


@require_safe
@signed_in
def inbox(request: ActorRequest) -> HttpResponseBase:
    """The notices of one topic or all, those that are not read or all."""
    unread = request.GET.get("show") == "unread"
    topic = request.GET.get("topic", "")
    topic = topic if topic in TOPICS else ""
    found = queries.inbox(
        request.actor, unread=unread, kinds=TOPICS[topic][1], before=place(request, "ntc"), limit=PAGE + 1
    )
    page = cut(request, found, PAGE, lambda notice: public_id("ntc", notice.id))
    values = {
        "page": page,
        "days": _days(page.lines),
        "newest": page.lines[0].id if page.lines else 0,
        "filtered": bool(unread or topic),
        "only_unread": unread,
        "unread": queries.unread_count(request.actor),
        "tabs": [
            {"label": words, "href": _address(request, topic=name), "current": name == topic}
            for name, (words, _kinds) in TOPICS.items()
            if name != "orders" or request.actor.roles or topic == name
        ],
        "turned": _address(request, show="" if unread else "unread"),
    }
    return render(request, "pages/public/inbox.html", values)


@require_safe
@signed_in
def notice(request: ActorRequest, notice: str) -> HttpResponseBase:
    """Opening a notice is reading it: it is marked as read and leads to what it is about."""
    found = queries.notice_for(request.actor, row_number("ntc", notice))
    notices.mark_read(actor=request.actor, notice_id=found.id)
    return see_other(found.link or "inbox")


@require_POST
@signed_in
def read_one(request: ActorRequest, notice: str) -> HttpResponseBase:
    """A notice is read without opening what it is about."""
    found = queries.notice_for(request.actor, row_number("ntc", notice))
    notices.mark_read(actor=request.actor, notice_id=found.id)
    return see_other("inbox")


@require_POST
@signed_in
def read_all(request: ActorRequest) -> HttpResponseBase:
    """Everything that was on the page when the button was pressed has been read."""
    newest = row_number("ntc", request.POST.get("newest", ""))
    count = notices.mark_all_read(actor=request.actor, newest_id=newest)
    said = ngettext("{count} notice is marked as read.", "{count} notices are marked as read.", count)
    return see_other(
        "inbox", said=said.format(count=count) if count else _("Nothing was unread."), request=request
    )


def _days(lines: Sequence[NoticeView]) -> list[tuple[Any, list[NoticeView]]]:
    """The notices under the days on which they came."""
    today = timezone.localdate()
    words = {today: _("Today"), today - timedelta(days=1): _("Yesterday")}
    grouped = groupby(lines, key=lambda one: timezone.localtime(one.told_at).date())
    found = [(day, list(those)) for day, those in grouped]
    return [(words.get(day) or day_text(those[0].told_at), those) for day, those in found]


def _address(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    query.pop(BEFORE, None)
    for name, value in changes.items():
        query[name] = value
        if not value:
            query.pop(name)
    return f"?{query.urlencode()}" if query else request.path
