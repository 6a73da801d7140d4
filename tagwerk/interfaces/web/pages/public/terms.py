"""The terms in their present version, and agreeing to them."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.interfaces.web.guards import ActorRequest, known
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other


class Consent(PageForm):
    """The version that was read, and a yes to it; whoever has not said so before is asked their age too."""

    version = forms.CharField(widget=forms.HiddenInput)
    adult = forms.BooleanField(label=gettext_lazy("I am 18 years old or older."))
    agrees = forms.BooleanField(label=gettext_lazy("I agree to these terms."))

    def __init__(self, *args: Any, asks_age: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_age:
            del self.fields["adult"]


@require_safe
def terms(request: HttpRequest) -> HttpResponseBase:
    """The terms, for everybody."""
    return render(request, "pages/public/terms.html", {"version": settings.TERMS_VERSION})


@known
def consent(request: ActorRequest) -> HttpResponseBase:
    """Read and agree to the terms as they are now, then go where one wanted to."""
    assert request.actor.person_id is not None, "a page is opened by a person"
    asks_age = queries.owes_age(request.actor.person_id)
    form = Consent(request.POST or None, initial={"version": settings.TERMS_VERSION}, asks_age=asks_age)
    if request.method == "POST" and form.carry_out(
        lambda given: accounts.agree_to_terms(
            actor=request.actor, version=given["version"], adult=given.get("adult", False)
        )
    ):
        return see_other(_back(request))
    if form.has_error("__all__", "terms_changed"):  # a newer version while this one was read
        form.data = {**form.data.dict(), "version": settings.TERMS_VERSION}  # type: ignore[attr-defined]
    values = {"version": settings.TERMS_VERSION, "form": form, "back": _back(request)}
    return page_with_form(request, "pages/public/terms.html", values)


def _back(request: HttpRequest) -> str:
    back = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if ours else resolve_url("start")
