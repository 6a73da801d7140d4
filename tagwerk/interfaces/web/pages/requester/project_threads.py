"""The conversations about a project's tasks, those that wait for an answer first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.community import queries
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.frame import THREADS, Frame, framed, project_page
from tagwerk.interfaces.web.paging import cut, place

PAGE = 50


@project_page(Permission.PROJECT_VIEW)
def project_threads(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The list of conversations, the newest message first; `show=unread` leaves the others out."""
    unread = request.GET.get("show") == "unread"
    found = queries.threads_of_project(
        request.actor, frame.project.id, unread=unread, before=place(request, "msg"), limit=PAGE + 1
    )
    page = cut(request, found, PAGE, lambda one: public_id("msg", one.id))
    values = framed(
        frame,
        THREADS,
        threads=[(public_id("msg", one.id), public_id("tsk", one.task_id), one) for one in page.lines],
        page=page,
        filters=[
            {"label": _("All"), "href": "?", "current": not unread},
            {"label": _("Unread"), "href": "?show=unread", "current": unread},
        ],
        unread=unread,
    )
    return render(request, "pages/requester/project_threads.html", values)
