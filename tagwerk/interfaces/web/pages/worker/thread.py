"""The conversation between a worker and the requester about one task."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tagwerk.base.ids import row_number
from tagwerk.domain.community import actions, queries
from tagwerk.domain.community.rules import LONGEST_CHARS, Author
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.task import asking
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other


class MessageForm(PageForm):
    """A message to the requester."""

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=LONGEST_CHARS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The requester sees your pseudonym, not your name."),
    )


PROBLEMS = (
    ("broken", gettext_lazy("Something is missing or does not load")),
    ("unclear", gettext_lazy("The instructions do not say what to do here")),
    ("misplaced", gettext_lazy("The task is wrong, or does not belong here")),
    ("content", gettext_lazy("It shows what should not be here")),
)


class ProblemForm(MessageForm):
    """A message about something that is wrong; what it is stands before the words."""

    about = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"), choices=PROBLEMS, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("In your words"),
        max_length=LONGEST_CHARS - 200,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The requester sees your pseudonym, not your name."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Both as one text: what is wrong, then the words."""
        found = super().clean() or {}
        about = str(dict(PROBLEMS).get(found.pop("about", ""), ""))
        found["text"] = "\n".join(part for part in (about, found.get("text", "")) if part)
        return found


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: ActorRequest, assignment: str) -> HttpResponse:
    """What was written about a task that one has or had; a POST adds a message."""
    person_id = asking(request)
    held = work.held_for(person_id, row_number("asg", assignment))
    about: dict[str, Any] = {"person_id": person_id, "project_id": held.project_id, "task_id": held.task_id}
    is_problem = "about" in request.GET or "about" in request.POST
    form = (ProblemForm if is_problem else MessageForm)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.carry_out(lambda filled: actions.write_as_worker(**about, **filled)):
        return see_other("task_thread", assignment)
    found = queries.thread_of_worker(person_id, held.project_id, held.task_id)
    if found is not None and found.unread:
        actions.mark_read_by_worker(**about)
    values = {
        "form": form,
        "heading": _("Report a problem") if is_problem else _("Ask the requester"),
        "messages_shown": found.messages if found else (),
        "me": Author.WORKER,
        "project": projects.project(held.project_id),
        "assignment": assignment,
        "in_hand": held.expires_at is not None,
    }
    return page_with_form(request, "pages/worker/thread.html", values)
