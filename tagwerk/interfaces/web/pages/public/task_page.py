"""How the page of a task works for oneself: its keys, and what happens by itself."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import KEY_ACTIONS, OPTION_KEYS, Preferences
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

LABELS: dict[str, Any] = {
    "submit": gettext_lazy("Submit, once all is answered"),
    "skip": gettext_lazy("Skip the task, with a reason"),
    "next_question": gettext_lazy("To the next question"),
    "previous_question": gettext_lazy("To the question before"),
    "instructions": gettext_lazy("Open or close the instructions"),
    "timer": gettext_lazy("Pause the timer, and go on, where a task has one"),
    "full_screen": gettext_lazy("Full screen, and back"),
    "help": gettext_lazy("Show all keys"),
}


class TaskPageForm(PageForm):
    """The preferences of the page of a task."""

    all_optional = True  # an empty field has its usual key; saying so at each would only be noise

    keys_on = forms.BooleanField(
        label=gettext_lazy("Single keys work on the page of a task"),
        help_text=gettext_lazy("Off: only Ctrl+Enter, Ctrl+Z and Enter do something."),
        required=False,
    )
    auto_advance = forms.BooleanField(
        label=gettext_lazy("Hand in at once where one choice is all that is asked"),
        help_text=gettext_lazy("The next task comes by itself; you can undo for some seconds."),
        required=False,
    )
    swipe = forms.BooleanField(
        label=gettext_lazy("Swipe on a phone where there are two options"),
        help_text=gettext_lazy("To the left for the first, to the right for the second. The buttons stay."),
        required=False,
    )
    option_keys = forms.CharField(
        label=gettext_lazy("Keys of the options, the first one first"),
        help_text=gettext_lazy("Ten keys without spaces, such as 1234567890 or yxcvbnm,.-"),
        max_length=20,
        required=False,
    )

    def __init__(self, preferences: Preferences, sent: Any = None) -> None:
        keys = preferences.all_keys
        first = {
            name: getattr(preferences, name) for name in ("keys_on", "auto_advance", "swipe", "option_keys")
        }
        super().__init__(sent, initial=first | keys)
        for name in KEY_ACTIONS:
            self.fields[name] = forms.CharField(label=LABELS[name], max_length=20, required=False)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: ActorRequest) -> HttpResponse:
    """Keys and pace. The page of a task sends the switch alone and reads no page in reply."""
    if request.method == "POST" and request.headers.get("Accept", "").startswith("application/json"):
        accounts.change_preferences(actor=request.actor, keys_on=bool(request.POST.get("keys_on")))
        return HttpResponse(status=204)
    form = TaskPageForm(request.actor.preferences, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.carry_out(lambda filled: _change(request, filled)):
        return see_other("task_page_settings", said=_("Saved."), request=request)
    return page_with_form(request, "pages/public/task_page.html", {"form": form})


def _change(request: ActorRequest, filled: dict[str, Any]) -> None:
    own = Preferences().all_keys
    accounts.change_preferences(
        actor=request.actor,
        keys_on=filled["keys_on"],
        auto_advance=filled["auto_advance"],
        swipe=filled["swipe"],
        option_keys=(filled["option_keys"] or OPTION_KEYS).lower(),
        # What is as ever is not kept, so that it can change with the program.
        keys={name: key for name in KEY_ACTIONS if (key := filled[name]) and key != own[name]},
    )
