"""A test mail: does mail leave this machine, and if not, why?"""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.translation import get_language, gettext

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.notices.queries import mail_way
from tagwerk.domain.notices.rules.kinds import N_
from tagwerk.domain.notices.rules.letters import LetterText, html_letter, plain_letter

_SUBJECT = N_("A test mail of {instance}")
_BODY = N_("This mail shows that {instance} ({site}) can send mail. Nothing has to be done.")


@dataclass(frozen=True)
class MailTrial:
    """What became of a test mail."""

    to: str
    way: str  # "smtp", "file" or "console"
    server: str  # host and port, or the folder
    error: str  # in the words of the mail server; empty: it was taken


def try_mail(*, actor: Actor, to: str) -> MailTrial:
    """An operator sends a test mail at once, and is told what happened; no row is left of it."""
    rules.require_operator(actor)
    to = rules.email_address(to)
    known = {"instance": accounts.instance().name, "site": settings.APP_URL}
    text = LetterText(
        language=get_language() or settings.LANGUAGE_CODE,
        sender=known["instance"],
        title=gettext(_SUBJECT).format(**known),
        paragraphs=(gettext(_BODY).format(**known),),
    )
    mail = EmailMultiAlternatives(
        subject=text.title,
        body=plain_letter(text),
        to=[to],
        connection=get_connection(),
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(html_letter(text), "text/html")
    error = ""
    try:
        mail.send()
    except Exception as problem:  # whatever a mail server or a backend comes up with
        error = f"{type(problem).__name__}: {problem}"[:500]
    way, server = mail_way()
    return MailTrial(to=to, way=way, server=server, error=error)
