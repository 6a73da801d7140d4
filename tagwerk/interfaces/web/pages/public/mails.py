"""Which mails somebody gets, chosen by the link in a mail: without signing in, and by mailboxes in one step."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.notices.queries import person_of_mail_token
from tagwerk.interfaces.web.labels import MAIL_LEVELS
from tagwerk.interfaces.web.posting import PageForm, page_with_form

ONE_CLICK = "List-Unsubscribe"  # RFC 8058: what a mailbox posts when its user presses “unsubscribe”


class Level(PageForm):
    """How many mails."""

    mail_level = forms.ChoiceField(
        label=gettext_lazy("Which notices also come by e-mail"),
        choices=list(MAIL_LEVELS.items()),
        widget=forms.RadioSelect,
    )


@csrf_exempt  # mailboxes post without a page of ours; the address itself is the secret
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: HttpRequest, token: str) -> HttpResponseBase:
    """The choice, and what became of it. It says nothing about who the person is."""
    person_id = person_of_mail_token(token)
    actor = queries.actor_of_person(person_id)
    if actor is None:
        raise NotFound("mail_link_unknown", "This link is not from one of our mails, or it was cut off.")
    if request.method == "POST" and ONE_CLICK in request.POST:
        accounts.update_profile(actor=actor, mail_level="none")
        return HttpResponse(status=204)
    form = Level(request.POST or None, initial={"mail_level": queries.person(person_id).mail_level})
    saved = request.method == "POST" and form.carry_out(
        lambda given: accounts.update_profile(actor=actor, **given)
    )
    return page_with_form(request, "pages/public/mails.html", {"form": form, "saved": saved})
