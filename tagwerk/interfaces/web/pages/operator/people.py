"""People of the instance: found and invited."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.labels import KINDS
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

SHOWN = 50
ANY = ("", gettext_lazy("all"))


class Search(forms.Form):
    """Which people are listed."""

    search = forms.CharField(label=gettext_lazy("Name, address or code"), max_length=80, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[ANY, *KINDS.items()], required=False)
    active = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[ANY, ("yes", gettext_lazy("active")), ("no", gettext_lazy("suspended"))],
        required=False,
    )
    operator = forms.ChoiceField(
        label=gettext_lazy("Operator"),
        choices=[ANY, ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        required=False,
    )


class Invitation(PageForm):
    """Whom to invite as a worker."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)


@operator_only
def people(request: ActorRequest) -> HttpResponseBase:
    """The list with its search; by POST somebody is invited to sign up."""
    form = Invitation(request.POST or None)
    if request.method == "POST" and form.carry_out(
        lambda given: accounts.invite_worker(actor=request.actor, email=given["email"])
    ):
        said = _("An invitation is on its way to {email}.").format(email=form.cleaned_data["email"])
        return see_other("operator_people", said=said, request=request)
    values = _found(request) | {"form": form, "by_invitation": settings.SIGN_UP != "open"}
    return page_with_form(request, "pages/operator/people.html", values)


def _found(request: ActorRequest) -> dict[str, Any]:
    search = Search(request.GET)
    wanted = dict(search.cleaned_data) if search.is_valid() else {}
    text = wanted.pop("search", "").replace("\0", "")
    found = queries.people_page(
        request.actor, search=text, filters=wanted, before=place(request, "per"), limit=SHOWN + 1
    )
    page = cut(request, found, SHOWN, lambda person: public_id("per", person.id))
    lines = [(one, public_id("per", one.id), KINDS[one.kind]) for one in page.lines]
    is_narrowed = bool(text or any(wanted.values()))
    return {"search": search, "page": page, "lines": lines, "clear": request.path if is_narrowed else ""}
