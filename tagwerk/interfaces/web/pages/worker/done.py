"""What a page says about the task that was done just before it: a signed word in the address.

Signed, because whoever is named as done loses the draft that the browser keeps, and the offer to undo must end.
"""

from dataclasses import dataclass
from time import time

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from tagwerk.base.ids import public_id

SUBMITTED, LATE, LEFT = "submitted", "late", "left"
_SIGN = Signer(salt="worker.done")
_OLDEST_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Done:
    """A task that was done: `undo_seconds` are left to take it back."""

    assignment: str
    status: str
    undo_seconds: int


def done_word(assignment_id: int, status: str) -> str:
    """The word for the next page's address."""
    return _SIGN.sign(f"{public_id('asg', assignment_id)}~{status}~{int(time())}")


def done_before(request: HttpRequest) -> Done | None:
    """What the address of this page says was done; None where it says nothing, or nothing true."""
    try:
        assignment, status, at = _SIGN.unsign(request.GET.get("done", "")).split("~")
    except BadSignature:
        return None
    age = int(time()) - int(at)
    if age > _OLDEST_SECONDS:
        return None
    left = settings.UNDO_SECONDS - age if status == SUBMITTED else 0
    return Done(assignment, status, max(0, left))
