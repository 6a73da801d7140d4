"""E-mail. A letter is a row first; the schedule sends what is due, and tries again with growing pauses."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.db import connection, transaction

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.actions.inbox import is_mailed_to, tell
from tagwerk.domain.notices.models import Letter
from tagwerk.domain.notices.rules.catalogue import KINDS
from tagwerk.domain.notices.rules.letters import html_letter, plain_letter

PAUSES: Sequence[timedelta] = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
IN_HAND = 10  # letters at a time: the slowest server is through with them before the claim ends
CLAIM_SECONDS = 300  # a process that dies with a letter in hand leaves it to the next one after that
INVITATION_PATH = "/accounts/signup/?invitation="  # the token follows; it stands in mails only, in no table
INVITATIONS_PATH = "/invitations/"
INBOX_PATH = "/inbox/"
MAILS_PATH = "/mails/{token}/"


@dataclass(frozen=True, slots=True)
class _Draft:
    to: str
    language: str
    kind: str
    params: dict[str, object]
    link: str
    level_url: str = ""  # where its reader chooses which mails come


@transaction.atomic
def mail_invitation(*, invitation_id: int) -> None:
    """Mail an invitation to its address, once each time that it is sent, and show it to whoever has that address."""
    mail = accounts.invitation_mail(invitation_id)
    if mail is None:
        return
    invitation = mail.invitation
    key = f"invitation:{invitation_id}:{invitation.expires_at.isoformat()}"
    Letter.objects.get_or_create(key=key, defaults={"invitation_id": invitation_id})
    try:
        person_id = accounts.person_id_of_email(invitation.email)
    except NotFound:
        return
    kind, params = _invitation_text(mail)
    tell(person_id=person_id, kind=kind, params=params, link=INVITATIONS_PATH, key=key, mail=False)


def send_due_mail(*, now: datetime, limit: int = 500) -> int:
    """Send the letters that are due; says how many left. Several processes never have the same one in hand."""
    mailer = get_connection()
    sent = taken = 0
    try:
        while taken < limit and (letters := _claim(now, min(IN_HAND, limit - taken))):
            with contextlib.suppress(OSError, SMTPException):  # then each letter notes why it could not leave
                mailer.open()
            taken += len(letters)
            sent += sum(_send(letter, mailer, now) for letter in letters)
    finally:
        mailer.close()
    return sent


def _claim(now: datetime, limit: int) -> list[Letter]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [now, limit, CLAIM_SECONDS])
        ids = [number for (number,) in cursor.fetchall()]
    return list(Letter.objects.filter(id__in=ids).select_related("notice").order_by("id"))


_CLAIM = """
WITH due AS (
    SELECT id FROM letter
        WHERE state = 'waiting' AND next_at <= %s::timestamptz
            AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
        ORDER BY next_at LIMIT %s::int FOR UPDATE SKIP LOCKED
)
UPDATE letter SET claimed_until = clock_timestamp() + make_interval(secs => %s::float8), attempts = attempts + 1
    FROM due WHERE letter.id = due.id RETURNING letter.id
"""


def _send(letter: Letter, mailer: object, now: datetime) -> bool:
    draft = _draft(letter)
    if draft is None:
        letter.state = Letter.State.DROPPED
    else:
        try:
            _message(letter, draft, mailer).send()
            letter.state, letter.sent_at, letter.error = Letter.State.SENT, now, ""
        except Exception as error:  # whatever a mail server or a backend comes up with
            _put_off(letter, error, now)
    letter.claimed_until = None
    letter.save(update_fields=["state", "sent_at", "error", "next_at", "claimed_until"])
    return letter.state == Letter.State.SENT


def _put_off(letter: Letter, error: Exception, now: datetime) -> None:
    letter.error = f"{type(error).__name__}: {error}"[:300]
    if letter.attempts > len(PAUSES):
        letter.state = Letter.State.FAILED
    else:
        letter.next_at = now + PAUSES[letter.attempts - 1]


def _draft(letter: Letter) -> _Draft | None:
    """What the letter says now; None: it has nobody to go to any more, or nothing to say."""
    if letter.invitation_id is not None:
        mail = accounts.invitation_mail(letter.invitation_id)
        if mail is None or mail.invitation.expired:
            return None
        kind, params = _invitation_text(mail)
        return _Draft(mail.invitation.email, mail.language, kind, params, INVITATION_PATH + mail.token)
    notice = letter.notice
    assert notice is not None
    reader = accounts.person(notice.person_id)
    if not is_mailed_to(reader, notice.kind):
        return None
    level_url = settings.APP_URL + MAILS_PATH.format(token=queries.mail_token(reader.id))
    link = notice.link or INBOX_PATH
    if KINDS[notice.kind].proves:
        link += "?" + urlencode({"proof": queries.mail_proof(reader.id, link)})
    language = reader.ui_language or accounts.instance().language
    return _Draft(reader.email, language, notice.kind, notice.params, link, level_url)


def _invitation_text(mail: accounts.InvitationMail) -> tuple[str, dict[str, object]]:
    invitation = mail.invitation
    if invitation.organisation_id is None:
        return "worker_invitation", {}
    return "invitation", {
        "organisation": invitation.organisation_name,
        "inviter": invitation.invited_by or "tagwerk",
    }


def _message(letter: Letter, draft: _Draft, mailer: object) -> EmailMessage:
    text = queries.letter_text(
        draft.kind, draft.params, language=draft.language, link=draft.link, level_url=draft.level_url
    )
    message = EmailMultiAlternatives(
        subject=text.title,
        body=plain_letter(text),
        to=[draft.to],
        connection=mailer,
        # The same letter sent twice (a crash between sending and noting it) is one mail to most mailboxes.
        headers={
            "Message-ID": f"<letter-{letter.id}-{int(letter.written_at.timestamp())}@tagwerk>",
            "Auto-Submitted": "auto-generated",
            **_unsubscribing(draft.level_url),
        },
    )
    message.attach_alternative(html_letter(text), "text/html")
    return message


def _unsubscribing(level_url: str) -> dict[str, str]:
    """By which a mailbox offers to unsubscribe, in one step (RFC 2369 and RFC 8058)."""
    if not level_url:
        return {}
    return {"List-Unsubscribe": f"<{level_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
