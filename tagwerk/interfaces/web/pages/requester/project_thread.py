"""One conversation with a worker about one task."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tagwerk.base.errors import Invalid, NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.community import actions, queries
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.frame import THREADS, Frame, framed, project_page
from tagwerk.interfaces.web.posting import see_other


@project_page(Permission.PROJECT_VIEW)
def project_thread(request: ActorRequest, frame: Frame, thr: str) -> HttpResponse:
    """The messages; a posted one is sent. Who may answer marks it as read by opening it."""
    number = row_number("msg", thr)
    thread = queries.thread_for(request.actor, number)
    if thread.project_id != frame.project.id:
        raise NotFound("thread_not_found", "There is no such conversation.")
    error = ""
    if request.method == "POST":
        try:
            actions.write_as_member(actor=request.actor, thread_id=number, text=request.POST.get("text", ""))
            messages.success(request, _("The message is sent."))
            return see_other(frame.url("project_thread", thr=thr))
        except Invalid as refusal:
            error = refusal_text(refusal)
    elif thread.unread and frame.may_review:
        actions.mark_read_by_organisation(actor=request.actor, thread_id=number)
    values = framed(
        frame,
        THREADS,
        thread=thread,
        task_id=public_id("tsk", thread.task_id),
        error=error,
        text=request.POST.get("text", ""),
    )
    return render(request, "pages/requester/project_thread.html", values, status=422 if error else 200)
