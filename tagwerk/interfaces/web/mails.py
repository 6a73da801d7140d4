"""The mails about signing in: allauth says when and to whom, this says what stands in them.

They look like the platform's other mails and are written in the language of the page from which they were asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import get_language, gettext, gettext_noop

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.notices.rules.letters import (
    LetterText,
    Link,
    html_letter,
    paragraphs_of,
    plain_letter,
)
from tagwerk.interfaces.web.formats import when_text


@dataclass(frozen=True, slots=True)
class Said:
    """A mail of one kind; texts are message ids with named places, `url` names the address behind the button."""

    title: str
    body: str
    button: str = ""
    url: str = ""


_IGNORE = gettext_noop("If this was not you, do nothing: without the link nothing happens.")
_CHANGED = gettext_noop(
    "If this was not you, change your password at once and see which ways to sign in your account has."
)
_SECURITY = gettext_noop("Look at signing in")
_SECURITY_URL = "/accounts/2fa/"

SAID: Mapping[str, Said] = {
    "account/email/email_confirmation_signup": Said(
        gettext_noop("Confirm your address"),
        gettext_noop("Welcome to {site}. One step is left: confirm that {email} is your address."),
        gettext_noop("Confirm the address"),
        "activate_url",
    ),
    "account/email/email_confirmation": Said(
        gettext_noop("Confirm your address"),
        gettext_noop("Confirm that {email} is your address at {site}."),
        gettext_noop("Confirm the address"),
        "activate_url",
    ),
    "account/email/account_already_exists": Said(
        gettext_noop("You have an account already"),
        gettext_noop(
            "Somebody tried to sign up at {site} with {email}, which has an account already. Sign in with it; if you do not"
            " know the password any more, choose a new one."
        ),
        gettext_noop("Choose a new password"),
        "password_reset_url",
    ),
    "account/email/unknown_account": Said(
        gettext_noop("There is no account with this address"),
        gettext_noop(
            "Somebody asked for a new password for {email}, but no account at {site} has this address. Perhaps you signed up"
            " with another one."
        ),
        gettext_noop("Sign up"),
        "signup_url",
    ),
    "account/email/password_reset_key": Said(
        gettext_noop("Choose a new password"),
        gettext_noop("Somebody asked for a new password for your account at {site}."),
        gettext_noop("Choose a new password"),
        "password_reset_url",
    ),
    "account/email/password_changed": Said(
        gettext_noop("Your password was changed"),
        gettext_noop("The password of your account at {site} was changed."),
    ),
    "account/email/password_reset": Said(
        gettext_noop("Your password was changed"),
        gettext_noop(
            "A new password was chosen for your account at {site}, by a link that was sent to this address."
        ),
    ),
    "account/email/password_set": Said(
        gettext_noop("Your account has a password"),
        gettext_noop("A password was set for your account at {site}."),
    ),
    "account/email/email_changed": Said(
        gettext_noop("Your address was changed"),
        gettext_noop("The address of your account at {site} was changed from {from_email} to {to_email}."),
    ),
    "account/email/email_confirm": Said(
        gettext_noop("Your address is confirmed"),
        gettext_noop("The address of your account at {site} is confirmed now."),
    ),
    "account/email/email_deleted": Said(
        gettext_noop("An address was removed"),
        gettext_noop("The address {deleted_email} was removed from your account at {site}."),
    ),
    "mfa/email/totp_activated": Said(
        gettext_noop("The second step is switched on"),
        gettext_noop("Signing in at {site} needs a code of your authenticator app from now on."),
    ),
    "mfa/email/totp_deactivated": Said(
        gettext_noop("The second step is switched off"),
        gettext_noop("Signing in at {site} needs no code of an authenticator app any more."),
    ),
    "mfa/email/recovery_codes_generated": Said(
        gettext_noop("New recovery codes"),
        gettext_noop(
            "New recovery codes were made for your account at {site}. The old ones open nothing any more."
        ),
    ),
    "mfa/email/webauthn_added": Said(
        gettext_noop("A passkey was added"),
        gettext_noop("A passkey or security key was added to your account at {site}."),
    ),
    "mfa/email/webauthn_removed": Said(
        gettext_noop("A passkey was removed"),
        gettext_noop("A passkey or security key was removed from your account at {site}."),
    ),
    "socialaccount/email/account_connected": Said(
        gettext_noop("A way to sign in was added"),
        gettext_noop("You can sign in at {site} with your account at {provider} from now on."),
    ),
    "socialaccount/email/account_disconnected": Said(
        gettext_noop("A way to sign in was removed"),
        gettext_noop("Signing in at {site} with your account at {provider} is not possible any more."),
    ),
}
PLACES = ("email", "from_email", "to_email", "deleted_email", "provider")


def security_mail(kind: str, email: str, context: Mapping[str, Any]) -> LetterText:
    """What the mail of a kind says, from what allauth knows: `context`."""
    said, here = SAID[kind], accounts.instance()
    filled = {place: str(context.get(place, "")) for place in PLACES} | {"email": email, "site": here.name}
    is_change = not said.url
    url = settings.APP_URL + _SECURITY_URL if is_change else str(context.get(said.url, ""))
    return LetterText(
        language=get_language() or settings.LANGUAGE_CODE,
        sender=here.name,
        title=gettext(said.title),
        paragraphs=(
            *paragraphs_of(gettext(said.body).format_map(filled)),
            gettext(_CHANGED if is_change else _IGNORE),
        ),
        button=Link(gettext(_SECURITY if is_change else said.button), url),
        facts=tuple(_from_where(context)) if is_change else (),
        small=(
            gettext("You get this mail because of your account at {site}.").format(site=settings.APP_URL),
        ),
    )


def _from_where(context: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where a change came from, so that a stranger's is noticed."""
    at = context.get("timestamp")
    known = (
        (gettext("When"), when_text(at) if isinstance(at, datetime) else ""),
        (gettext("IP address"), str(context.get("ip") or "")),
        (gettext("Browser"), str(context.get("user_agent") or "")),
    )
    return [(name, value) for name, value in known if value]


def as_mail(text: LetterText, to: list[str], sender: str) -> EmailMultiAlternatives:
    """The mail to be sent."""
    mail = EmailMultiAlternatives(
        text.title, plain_letter(text), sender, to, headers={"Auto-Submitted": "auto-generated"}
    )
    mail.attach_alternative(html_letter(text), "text/html")
    return mail
