"""The inbox: what a person must know, newest first."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.posting import see_other


@require_safe
@signed_in
def inbox(request: ActorRequest) -> HttpResponseBase:
    """The notices, all or those that are not read."""
    unread = request.GET.get("show") == "unread"
    found = queries.inbox(request.actor, unread=unread, before=place(request, "ntc"), limit=31)
    page = cut(request, found, 30, lambda notice: public_id("ntc", notice.id))
    values = {"page": page, "only_unread": unread, "unread": queries.unread_count(request.actor)}
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
def read_all(request: ActorRequest) -> HttpResponseBase:
    """Everything that was on the page when the button was pressed has been read."""
    newest = row_number("ntc", request.POST.get("newest", ""))
    count = notices.mark_all_read(actor=request.actor, newest_id=newest)
    said = ngettext("{count} notice is marked as read.", "{count} notices are marked as read.", count)
    return see_other(
        "inbox", said=said.format(count=count) if count else _("Nothing was unread."), request=request
    )
