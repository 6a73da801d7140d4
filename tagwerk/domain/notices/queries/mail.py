"""How mail gets on, for those who run the instance, and in short for everybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.notices.models import Letter


@dataclass(frozen=True)
class MailState:
    """Letters that wait or were given up, and when one was sent last."""

    waiting: int
    overdue_since: datetime | None  # the oldest one that should have left by now
    failed: int  # given up in the last week
    last_sent_at: datetime | None
    error: str  # of the newest that could not leave


def mail_state(actor: Actor) -> MailState:
    """For operators: whether letters leave."""
    rules.require_operator(actor)
    now = timezone.now()
    recent = Letter.objects.filter(written_at__gt=now - timedelta(days=7))
    waiting = Letter.objects.filter(state=Letter.State.WAITING)
    found = waiting.aggregate(
        waiting=Count("id"), overdue_since=Min("next_at", filter=Q(next_at__lt=now))
    ) | recent.aggregate(failed=Count("id", filter=Q(state=Letter.State.FAILED)), last_sent_at=Max("sent_at"))
    stuck = recent.exclude(error="").order_by("-id").values_list("error", flat=True).first()
    return MailState(error=stuck or "", **found)


@dataclass(frozen=True)
class MailDelay:
    """What anybody may know about mail: since when a letter is late, and whether some are tried again."""

    overdue_since: datetime | None
    tried_again: int


def mail_delay() -> MailDelay:
    """Whether letters leave in time; nothing about whom they go to."""
    waiting = Letter.objects.filter(state=Letter.State.WAITING)
    found = waiting.aggregate(
        overdue_since=Min("next_at", filter=Q(next_at__lt=timezone.now())),
        tried_again=Count("id", filter=~Q(error="")),
    )
    return MailDelay(**found)


def mail_way() -> tuple[str, str]:
    """Where mail goes: "smtp" and the server, "file" and the folder, or "console"."""
    backend = settings.EMAIL_BACKEND.split(".")[-2]
    if backend == "smtp":
        return "smtp", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return ("file", settings.EMAIL_FILE_PATH) if backend == "filebased" else ("console", "")


def mail_leaves() -> bool:
    """Whether mail reaches anybody: neither files nor the console do."""
    return settings.EMAIL_BACKEND.split(".")[-2] not in ("filebased", "console")


_SALT = "tagwerk.mails"  # such a text opens nothing else


def mail_token(person_id: int) -> str:
    """What stands in the mails of a person, so that they choose which mails come without signing in."""
    return signing.dumps(public_id("per", person_id), salt=_SALT)


def person_of_mail_token(token: str) -> int:
    """Whose mail it stood in."""
    try:
        return row_number("per", signing.loads(token, salt=_SALT))
    except signing.BadSignature:
        raise NotFound(
            "mail_link_unknown", "This link is not from one of our mails, or it was cut off."
        ) from None


_PROOF = "tagwerk.proof"
PROOF_LASTS = timedelta(days=7)


def mail_proof(person_id: int, path: str) -> str:
    """What the link in a mail carries to show that whoever opens it reads that person's mailbox."""
    return signing.dumps([public_id("per", person_id), path], salt=_PROOF)


def is_proved(proof: str, person_id: int, path: str) -> bool:
    """Whether this came from the mail to that person about that page, of the last days: an old mailbox proves nothing."""
    try:
        said = signing.loads(proof, salt=_PROOF, max_age=PROOF_LASTS)
        return bool(said == [public_id("per", person_id), path])
    except signing.BadSignature:
        return False
