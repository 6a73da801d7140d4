"""What the instance says about itself, and all settings with where they come from."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries as mails
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.pages.operator.instance_forms import (
    FairworkForm,
    MailForm,
    MoneyForm,
    NameForm,
    TextsForm,
)
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

SOURCES: Mapping[str, tuple[str, str | Promise]] = {
    "environment": ("info", gettext_lazy("environment")),
    "page": ("ok", gettext_lazy("this page")),
    "generated": ("neutral", gettext_lazy("generated")),
    "default": ("neutral", gettext_lazy("default")),
}
ON_THE_PAGE = {"TAGWERK_CURRENCY": "currency", "TAGWERK_FEE_BP": "fee_bp"}


@operator_only
def instance_settings(request: ActorRequest) -> HttpResponseBase:
    """The forms, a test mail, and the table; by POST one of the forms."""
    forms = _forms(request)
    values: dict[str, Any] = {"mail_way": mails.mail_way(), "lines": _lines()}
    if request.method == "POST":
        what = request.POST.get("what", "")
        if what not in SAVED:
            raise NotFound("page_not_found", "There is nothing here.")
        if forms[what].carry_out(lambda given: SAVED[what](request, forms[what], given)):
            if what != "mail":
                return see_other("operator_settings", said=_("Saved."), request=request)
            values["trial"] = forms[what].result
    values |= {f"{what}_form": form for what, form in forms.items()}
    return page_with_form(request, "pages/operator/instance_settings.html", values)


def _forms(request: ActorRequest) -> dict[str, PageForm]:
    """Those that were not sent show what is; the one that was sent shows what was typed."""
    instance = queries.instance()
    sent = {request.POST.get("what"): request.POST} if request.method == "POST" else {}
    named = {name: getattr(instance, name) for name in ("name", "language", "contact_email")}
    assert request.actor.person_id is not None, "a page is opened by a person"
    return {
        "name": NameForm(sent.get("name"), initial=named),
        "money": MoneyForm(sent.get("money"), instance=instance),
        "texts": TextsForm(sent.get("texts"), instance=instance),
        "fairwork": FairworkForm(sent.get("fairwork"), instance=instance),
        "mail": MailForm(sent.get("mail"), initial={"to": queries.person(request.actor.person_id).email}),
    }


def _save_texts(request: ActorRequest, form: Any, _given: dict[str, Any]) -> None:
    accounts.change_instance(
        actor=request.actor, imprint=form.texts("imprint"), privacy=form.texts("privacy")
    )


SAVED: Mapping[str, Callable[[ActorRequest, Any, dict[str, Any]], Any]] = {
    "name": lambda request, _form, given: accounts.change_instance(actor=request.actor, **given),
    "money": lambda request, form, _given: accounts.change_instance(actor=request.actor, **form.changes()),
    "texts": _save_texts,
    "fairwork": lambda request, form, _given: accounts.write_about_fairwork(
        actor=request.actor, texts=form.texts()
    ),
    "mail": lambda request, _form, given: notices.try_mail(actor=request.actor, **given),
}


def _lines() -> list[dict[str, Any]]:
    instance = queries.instance()
    lines = []
    for one in settings.SHOWN_SETTINGS:
        value, source = one.value, one.source
        if one.name in ON_THE_PAGE and source == "default" and ON_THE_PAGE[one.name] in instance.said:
            value, source = str(getattr(instance, ON_THE_PAGE[one.name])), "page"
        tone, label = SOURCES[source]
        lines.append(
            {
                "name": one.name,
                "value": value,
                "help": one.help.replace("`", ""),
                "tone": tone,
                "source": label,
            }
        )
    return lines
