"""The first run: whoever has the code of the console names the instance and becomes its first operator.

Each step is saved by itself and can be left. Before there is an operator the code opens the steps; afterwards only
operators go on, and for strangers the pages do not exist.
"""

import re
from dataclasses import asdict
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language, gettext_lazy

from tagwerk.base.errors import Invalid, NotFound, TooMany
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.rules import CONSOLE, Actor
from tagwerk.domain.notices import actions as notices
from tagwerk.interfaces.web.allauth import sign_in
from tagwerk.interfaces.web.choices import time_zone_choices
from tagwerk.interfaces.web.guards import View, actor_of
from tagwerk.interfaces.web.pages.operator.instance_forms import MailForm, MoneyForm, NameForm
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

SHOWN_CODE = "set_up"  # in the session: this visitor has shown the code
MOST_TRIES = 10  # of one address
TRIES_SECONDS = 600

STEPS = (
    ("set_up_name", gettext_lazy("Name")),
    ("set_up_money", gettext_lazy("Money")),
    ("set_up_operator", gettext_lazy("You")),
    ("set_up_mail", gettext_lazy("Mail")),
    ("set_up_done", gettext_lazy("Done")),
)


class Code(PageForm):
    """The code that the console shows."""

    code = forms.CharField(
        label=gettext_lazy("Code from the console"),
        max_length=40,
        help_text=gettext_lazy(
            "“tagwerk serve” prints it; it also lies in the file setup-code of the data folder."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class Operator(PageForm):
    """The first operator."""

    display_name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=200,
        strip=False,
        help_text=gettext_lazy("At least 10 characters, and none that many others have."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=time_zone_choices,
        widget=forms.Select(attrs={"data-own-time-zone": ""}),
    )
    agrees = forms.BooleanField(
        label=gettext_lazy("I am 18 years old or older and agree to the terms of this platform.")
    )


def set_up(request: HttpRequest) -> HttpResponseBase:
    """The way in: the code, or on to the first step that is not done."""
    if _asking(request) is not None:
        return see_other(_next_step())
    if queries.has_operator():
        return _closed(request)
    form = Code(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.carry_out(lambda given: _check(request, given["code"])):
        request.session.cycle_key()
        request.session[SHOWN_CODE] = True
        return see_other(_next_step())
    return page_with_form(request, "pages/operator/set_up.html", {"form": form, "step": "code"})


def step(page: Any) -> View:
    """Lets operators in, and before there is one those who have shown the code; others are led to the code."""

    @wraps(page)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        actor = _asking(request)
        if actor is not None:
            return page(request, actor)  # type: ignore[no-any-return]
        return _closed(request) if queries.has_operator() else see_other("set_up")

    return guarded


@step
def name(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What the instance is called."""
    known = asdict(queries.instance())
    initial = {field: known[field] for field in ("language", "contact_email")}
    if "name" in known["said"]:
        initial["name"] = known["name"]
    if "language" not in known["said"]:
        initial["language"] = get_language() or settings.LANGUAGE_CODE
    form = NameForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(
        lambda given: accounts.change_instance(actor=actor, **given)
    ):
        return see_other("set_up_money")
    return _page(request, "set_up_name", form=form)


@step
def money(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Currency and fee."""
    form = MoneyForm(request.POST or None, instance=queries.instance())
    if request.method == "POST" and form.carry_out(
        lambda _: accounts.change_instance(actor=actor, **form.changes())
    ):
        return see_other("set_up_mail" if queries.has_operator() else "set_up_operator")
    return _page(request, "set_up_money", form=form)


@step
def operator(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The first operator, who is signed in by it."""
    if actor.person_id is not None:
        return see_other("set_up_mail")
    form = Operator(request.POST or None)
    if request.method == "POST" and form.carry_out(_make_operator):
        request.session.pop(SHOWN_CODE, None)
        given = form.cleaned_data
        return sign_in(request, email=given["email"], password=given["password"], to="set_up_mail")
    return _page(request, "set_up_operator", form=form)


@step
def mail(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """A test mail, and what became of it."""
    if actor.person_id is None:
        return see_other(_next_step())
    form = MailForm(request.POST or None, initial={"to": queries.person(actor.person_id).email})
    trial = None
    if request.method == "POST" and form.carry_out(lambda given: notices.try_mail(actor=actor, **given)):
        trial = form.result
    return _page(request, "set_up_mail", form=form, trial=trial)


@step
def done(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The end: what was said, and a second step for signing in."""
    if actor.person_id is None:
        return see_other(_next_step())
    if request.method == "POST":
        accounts.end_set_up(actor=actor)
        return see_other("set_up_done")
    return _page(request, "set_up_done", fee_share=queries.instance().fee_bp / 10_000)


def _asking(request: HttpRequest) -> Actor | None:
    """Who may go through the steps: an operator, or who has shown the code while there is none."""
    actor = actor_of(request)
    if actor is not None and actor.is_operator:
        return actor
    return CONSOLE if request.session.get(SHOWN_CODE) and not queries.has_operator() else None


def _closed(request: HttpRequest) -> HttpResponseBase:
    """An operator may have left in the middle; for everybody else there is nothing here, and will not be again."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    raise NotFound("page_not_found", "There is nothing here.")


def _check(request: HttpRequest, code: str) -> None:
    """Refuse a wrong code, and after too many of one address every code."""
    key = f"set-up:{get_adapter(request).get_client_ip(request)}"
    cache.add(key, 0, TRIES_SECONDS)
    if cache.incr(key) > MOST_TRIES:
        raise TooMany("set_up_tries", "Too many wrong codes. Wait ten minutes, then try again.", path="code")
    if not constant_time_compare(_plain(code), _plain(settings.SET_UP_CODE)):
        raise Invalid("set_up_code_wrong", "This is not the code that the console shows.", path="code")
    cache.delete(key)


def _plain(code: str) -> str:
    return re.sub(r"[^A-Z2-7]", "", code.upper())


def _make_operator(given: dict[str, Any]) -> int:
    facts = {name: given[name] for name in ("display_name", "email", "password", "time_zone")}
    language = get_language() or settings.LANGUAGE_CODE
    return accounts.create_first_operator(ui_language=language, **facts)


def _next_step() -> str:
    return next((step for step, is_done in _done().items() if not is_done), "set_up_done")


def _done() -> dict[str, bool]:
    instance = queries.instance()
    money = {"currency", "fee_bp"} - instance.said
    outside = {"currency": "TAGWERK_CURRENCY", "fee_bp": "TAGWERK_FEE_BP"}
    return {
        "set_up_name": "name" in instance.said,
        "set_up_money": all(outside[field] in settings.SET_BY_ENVIRONMENT for field in money),
        "set_up_operator": queries.has_operator(),
        "set_up_mail": instance.set_up_at is not None,
    }


def _page(request: HttpRequest, current: str, **values: Any) -> HttpResponseBase:
    is_done = _done()
    has_operator = is_done["set_up_operator"]
    steps = [
        {
            "label": label,
            "state": "current" if name == current else "done" if is_done.get(name) else "open",
            "href": reverse(name) if name in ("set_up_name", "set_up_money") or has_operator else "",
        }
        for name, label in STEPS
        if name != "set_up_operator" or not has_operator or current == name
    ]
    return page_with_form(request, "pages/operator/set_up.html", values | {"step": current, "steps": steps})
