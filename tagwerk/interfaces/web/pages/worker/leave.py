"""Ways out of a task: return it, skip it with a reason, stop at a sensitive one with pay."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tagwerk.base.ids import public_id
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.work import actions
from tagwerk.domain.work.actions.giving_up import LONGEST_REASON
from tagwerk.interfaces.web.answers import read_active_ms
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.done import LEFT, done_word
from tagwerk.interfaces.web.pages.worker.next_task import go_on, see, to_next
from tagwerk.interfaces.web.pages.worker.task import mine
from tagwerk.interfaces.web.pages.worker.ways import ALL_WAYS, RETURN, WAYS
from tagwerk.interfaces.web.posting import PageForm, page_with_form


class LeaveForm(PageForm):
    """Why a task is given back."""

    why = forms.ChoiceField(
        label=gettext_lazy("What is the matter?"), choices=ALL_WAYS, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("In your words"),
        required=False,
        max_length=LONGEST_REASON - 40,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The requester reads this."),
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: ActorRequest, assignment: str) -> HttpResponse:
    """Give a task back. Who skipped one goes on with the next; who returned one is done for now."""
    who = mine(request, assignment)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.carry_out(
        lambda filled: _give_back(who, read_active_ms(request.POST), **filled)
    ):
        return _go_on(request, who, returned=form.cleaned_data["why"] == RETURN)
    project = projects.project(who["project_id"])
    values = {
        "form": form, "project": project, "assignment": assignment, "leave_ways": WAYS,
        "leave_pays": project.paid,
        "chosen_way": form["why"].value() or "", "words_said": form["words"].value() or "",
    }  # fmt: skip
    return page_with_form(request, "pages/worker/leave.html", values)


@signed_in
@require_POST
def stop(request: ActorRequest, assignment: str) -> HttpResponse:
    """End a task of a sensitive project at once; it is paid where answers are, and to go on asks for consent again."""
    who = mine(request, assignment)
    actions.stop(**who, active_ms=read_active_ms(request.POST))
    said = _("You stopped. Take a break if you want to.")
    if projects.project(who["project_id"]).paid:
        said = _("You stopped. This task is paid like an answered one. Take a break if you want to.")
    if projects.project(who["project_id"]).hour_micros:
        words = _("You stopped. This task is paid for its time. Take a break if you want to.")
        said = format_html(
            '{} <a href="{}">{}</a>', words, reverse("task_time", args=[assignment]), _("Your time")
        )
    messages.success(request, said)
    return _to_project(who)


def _give_back(who: dict[str, int], active_ms: int, *, why: str, words: str) -> None:
    if why == RETURN:
        actions.return_assignment(**who)
    else:
        actions.skip(**who, reason=f"{why}: {words}" if words else why, active_ms=active_ms)


def _go_on(request: ActorRequest, who: dict[str, int], *, returned: bool) -> HttpResponse:
    if returned:
        messages.success(request, _("You returned the task. Somebody else gets it."))
        return _to_project(who)
    if quality.other_work_offered(who["person_id"], projects.project(who["project_id"])):
        text = _("You skipped several tasks. Other work may suit you better; here you can go on as you like.")
        messages.info(
            request, format_html('{} <a href="{}">{}</a>', text, reverse("work_list"), _("See other work"))
        )
    else:
        messages.success(request, _("Skipped. Here is the next task."))
    return to_next(
        who["project_id"], go_on(request, who["project_id"]), done=done_word(who["assignment_id"], LEFT)
    )


def _to_project(who: dict[str, int]) -> HttpResponse:
    address = reverse("introduction", args=[public_id("prj", who["project_id"])])
    return see(address, done=done_word(who["assignment_id"], LEFT))
