"""Where allauth meets our accounts: its adapters, the fields it asks for at sign-up, and what it tells.

allauth writes people and tables of its own; everything else that follows from a sign-up is an action of accounts.
"""

from copy import copy
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.models import Login
from allauth.account.signals import email_confirmed, user_signed_up
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db.models.expressions import DatabaseDefault
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tagwerk.base.errors import NotFound, Refusal
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries, rules
from tagwerk.domain.notices.rules.suspensions import REASONS
from tagwerk.interfaces.web import mails
from tagwerk.interfaces.web.choices import LEVELS, country_choices, language_choices, time_zone_choices

INVITATION = "invitation"  # in the session: the token of the link that somebody came by


class Accounts(DefaultAccountAdapter):
    """Who may sign up, and whose address needs no mail to be confirmed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open to all by setting, else only to who came by an invitation's link."""
        return invitation_in(request) is not None or settings.SIGN_UP == "open"

    def clean_email(self, email: str) -> str:
        """By invitation only the invited address can sign up; the link came there, so it is confirmed."""
        email = super().clean_email(email)
        if self.request is None or self.request.user.is_authenticated:
            return email
        invitation = invitation_in(self.request)
        if invitation is not None and invitation.email == email.lower():
            self.stash_verified_email(self.request, email)
        elif settings.SIGN_UP != "open":
            raise ValidationError(gettext("Sign up with the address that was invited."), code="not_invited")
        return email

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """Our words in our layout; a mail that we have none for goes as allauth wrote it."""
        to = [email] if isinstance(email, str) else email
        if template_prefix in mails.SAID:
            text = mails.security_mail(template_prefix, to[0], context)
            return mails.as_mail(text, to, self.get_from_email())
        message: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        return message

    def pre_login(self, request: HttpRequest, user: Any, **known: Any) -> HttpResponse | None:
        """People made by an operator have a confirmed address, of which allauth's table does not know yet."""
        if user.email_verified_at is not None:
            sync_user_email_address(user)
            address = user.emailaddress_set.get(email=user.email)
            if not address.verified and address.set_verified(commit=False):
                address.set_as_primary()
        response: HttpResponse | None = super().pre_login(request, user, **known)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Who gave the right password and is shut out reads why."""
        standing = queries.open_suspension(person_id=user.pk)
        values = {
            "suspension": standing,
            "reason": gettext(REASONS[standing.reason]) if standing else "",
            "contact": queries.instance().contact_email,
        }
        return render(request, "account/account_inactive.html", values, status=403)


class SocialAccounts(DefaultSocialAccountAdapter):
    """A first sign-in through OpenID Connect is a sign-up like any other."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Open to the same people as the form."""
        return invitation_in(request) is not None or settings.SIGN_UP == "open"

    def serialize_instance(self, instance: Any) -> dict[str, Any]:
        """For the session, until the form is filled in; what the database says itself is left to it."""
        kept = copy(instance)
        for name, value in vars(instance).items():
            if isinstance(value, DatabaseDefault):
                vars(kept).pop(name)
        found: dict[str, Any] = super().serialize_instance(kept)  # type: ignore[no-untyped-call]
        return found


class SecondSteps(DefaultMFAAdapter):
    """Keeps the secrets of second steps encrypted, so that a copy of the database is not enough."""

    def encrypt(self, text: str) -> str:
        return Fernet(settings.FIELD_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return Fernet(settings.FIELD_KEY).decrypt(encrypted_text.encode()).decode()


def invitation_in(request: HttpRequest) -> queries.InvitationView | None:
    """The open invitation by whose link (`?invitation=…`) this visitor came."""
    token = request.GET.get(INVITATION) or request.session.get(INVITATION)
    if not token:
        return None
    try:
        invitation = queries.invitation_of_token(token)
    except NotFound:
        request.session.pop(INVITATION, None)
        return None
    request.session[INVITATION] = token
    return invitation


ROWS = (1, 2, 3)
FOLDED = ("language_2", "level_3")  # the first and the last field of those that most people need not see


class SignUp(forms.Form):
    """What a person tells at sign-up, beside address and password."""

    folded = FOLDED
    field_order = [
        "display_name",
        "email",
        "password1",
        "country",
        "time_zone",
        *(f"{field}_{row}" for row in ROWS for field in ("language", "level")),
        "adult",
        "terms",
    ]

    display_name = forms.CharField(
        label=_("Display name"),
        max_length=80,
        help_text=_("Other members of your organisation see it; requesters you work for do not."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    country = forms.ChoiceField(
        label=_("Country you live in"), widget=forms.Select(attrs={"autocomplete": "country"})
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), widget=forms.Select(attrs={"data-own-time-zone": ""}))
    adult = forms.BooleanField(label=_("I am 18 years old or older."))
    terms = forms.BooleanField(label=_("I agree to the terms of this platform."))
    terms_version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speech = get_language() or settings.LANGUAGE_CODE
        self._choose("country", country_choices())
        self._choose("time_zone", time_zone_choices())
        self.fields["terms"].help_text = format_html(
            '<a href="{}">{}</a>', reverse("terms"), gettext("Read the terms")
        )
        self.fields["terms_version"].initial = settings.TERMS_VERSION
        if _comes_to_order(context.request):
            return
        for row in ROWS:
            self.fields[f"language_{row}"] = forms.ChoiceField(
                label=_("Language"), choices=language_choices(), required=row == 1
            )
            self.fields[f"level_{row}"] = forms.ChoiceField(
                label=_("How well you speak it"), choices=LEVELS, required=row == 1
            )
        self.fields["language_1"].initial = speech.partition("-")[0]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_display_name(self) -> str:
        """On one line and not empty, as the rules have it."""
        try:
            return rules.plain_name(self.cleaned_data["display_name"], longest=80, path="display_name")
        except Refusal as refusal:
            raise ValidationError(refusal.sentence.said(gettext), refusal.code) from None

    def clean_terms_version(self) -> str:
        """Who read older terms reads them again."""
        if self.cleaned_data["terms_version"] != settings.TERMS_VERSION:
            self.data = {**self.data.dict(), "terms_version": settings.TERMS_VERSION}  # type: ignore[attr-defined]
            raise ValidationError(gettext("The terms have changed meanwhile; read them again, please."))
        return str(settings.TERMS_VERSION)

    def clean(self) -> dict[str, Any]:
        """A language needs its level."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for row in ROWS:
            if cleaned.get(f"language_{row}") and not cleaned.get(f"level_{row}"):
                self.add_error(f"level_{row}", gettext("Say how well you speak it."))
        return cleaned

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Called by allauth once the account is there."""
        told = self.cleaned_data
        accounts.complete_sign_up(
            person_id=user.pk,
            display_name=told["display_name"],
            country=told["country"],
            time_zone=told["time_zone"],
            languages={
                told[f"language_{row}"]: told[f"level_{row}"] for row in ROWS if told.get(f"language_{row}")
            },
            adult=told["adult"],
            terms_version=told["terms_version"],
            ui_language=get_language() or settings.LANGUAGE_CODE,
        )


def _comes_to_order(request: HttpRequest | None) -> bool:
    """Whether somebody is on their way to found an organisation: languages matter to who works, and can be told later."""
    asked = (request.POST.get("next") or request.GET.get("next")) if request else ""
    return asked == reverse("found")


def sign_in(request: HttpRequest, *, email: str, password: str, to: str) -> HttpResponse:
    """Sign somebody in who has just got this password, as the form would, and go on to a page."""
    user = authenticate(request, username=email.lower(), password=password)
    login = Login(user=user, redirect_url=resolve_url(to), email=email)
    response: HttpResponse = perform_password_login(request, {"email": email}, login)
    return response


@receiver(email_confirmed)
def _confirmed(email_address: Any, **_known: Any) -> None:
    if email_address.primary:
        accounts.confirm_email(person_id=email_address.user_id, email=email_address.email)


@receiver(user_signed_up)
def _signed_up(user: Any, **_known: Any) -> None:
    """An invited address was confirmed by the invitation's link already."""
    address = user.emailaddress_set.filter(primary=True, verified=True).first()
    if address is not None:
        accounts.confirm_email(person_id=user.pk, email=address.email)
