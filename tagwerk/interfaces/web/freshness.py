"""How fresh somebody's proof of who they are is: what moves money asks for it anew."""

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

SIGN_IN_SECONDS = 900
SECOND_FACTOR_SECONDS = 300


def recently_signed_in(request: HttpRequest) -> bool:
    """Whether the person signed in, or confirmed that it is them, within a quarter of an hour."""
    return any(_age(record) < SIGN_IN_SECONDS for record in _records(request))


def with_second_factor(request: HttpRequest) -> bool:
    """Whether they showed a second factor or a passkey within five minutes."""
    return any(
        record.get("method") == "mfa" and _age(record) < SECOND_FACTOR_SECONDS for record in _records(request)
    )


def has_second_factor(request: HttpRequest) -> bool:
    """Whether they have one at all."""
    return request.user.is_authenticated and bool(is_mfa_enabled(request.user))


def confirm_url(request: HttpRequest, back: str, *, second_factor: bool) -> str:
    """Where one confirms that it is them, and comes back from; where one sets a second factor up, if there is none."""
    if second_factor and not has_second_factor(request):
        return reverse("mfa_index")
    address = "mfa_reauthenticate" if second_factor else "account_reauthenticate"
    return f"{reverse(address)}?{urlencode({'next': back})}"


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    return list(get_authentication_records(request, request.user)) if request.user.is_authenticated else []


def _age(record: dict[str, Any]) -> float:
    return time.time() - float(record.get("at", 0))
