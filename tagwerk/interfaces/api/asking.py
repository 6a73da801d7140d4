"""Who is asking: the bearer's key, and what it must allow for an operation."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from tagwerk.base.errors import NotAllowed, NotFound, TooMany
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import SCOPES, WORK, Actor, Channel, Permission
from tagwerk.interfaces.api.problems import KeyNeeded, key_missing
from tagwerk.interfaces.api.rates import seconds_to_wait


def authenticate(request: HttpRequest, *, recall: bool = False) -> Actor:
    """The actor behind the request's key, looked up once per request; `recall`: perhaps from memory (see `prove`)."""
    known = getattr(request, "actor", None)
    if known is not None:
        return cast(Actor, known)
    actor = _holder(request, accounts.recall_key if recall else accounts.sign_in_with_key)
    _require_patience(actor)
    request.actor = actor  # type: ignore[attr-defined]
    request.unproven_key = actor.key_id if recall else None  # type: ignore[attr-defined]
    return actor


def _holder(request: HttpRequest, look_up: Callable[..., Actor | None]) -> Actor:
    scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        raise key_missing()
    actor = look_up(text=text.strip())
    if actor is None:
        raise KeyNeeded("key_unknown", "This API key is unknown, has expired or was revoked.")
    return actor


def _require_patience(actor: Actor) -> None:
    """Simulated people may ask as often as they like: whoever runs the platform has set them to work."""
    if actor.channel is Channel.SIMULATION:
        return
    assert actor.key_id is not None, "who asks here has come with a key"
    seconds = seconds_to_wait(actor.key_id, settings.API_REQUESTS_PER_MINUTE)
    if seconds:
        raise TooMany(
            "requests_too_many", "This key asks too often; ask again in {retry_after} s.", retry_after=seconds
        )


def unproven_key(request: HttpRequest) -> int | None:
    """The key that the operation's own statement has to look at; None: that was done at the door."""
    return cast("int | None", getattr(request, "unproven_key", None))


def prove(request: HttpRequest) -> None:
    """Look whether a recalled key still opens anything: before a refusal says more than that it does not."""
    if unproven_key(request) is not None:
        request.actor = _holder(request, accounts.sign_in_with_key)  # type: ignore[attr-defined]
        request.unproven_key = None  # type: ignore[attr-defined]


def asking(request: HttpRequest) -> Actor:
    """The actor of a request that has passed its door."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def organisation_asking(request: HttpRequest) -> int:
    """The organisation whose key this is; a key acts for exactly one."""
    for organisation_id in asking(request).roles:
        return organisation_id
    raise NotAllowed("organisation_key_needed", "This needs the key of an organisation, not a worker's.")


def worker_asking(request: HttpRequest) -> int:
    """The person whose key this is, who has agreed to the terms as they are now. Machines agree to nothing."""
    actor = asking(request)
    if actor.person_id is None:
        raise NotAllowed("worker_key_needed", "This needs the key of a worker, not an organisation's.")
    if actor.owes_terms:
        raise NotAllowed(
            "terms_owed",
            "First agree to the terms as they are now: sign in on the pages, they are shown there.",
        )
    return actor.person_id


class Key:
    """What a key must be for an operation: one of the scopes that allow it."""

    openapi_security_schema: dict[str, Any] = {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, made on the page “API keys” of an organisation or in a worker's profile.",
    }

    def __init__(self, permission: Permission | None = None, *, scope: str | None = None) -> None:
        self.scopes: tuple[str, ...] = (scope,) if scope else tuple(SCOPES)
        if permission is not None:
            self.scopes = tuple(name for name, allowed in SCOPES.items() if permission in allowed)
            assert self.scopes, f"no key can ever have the permission {permission}"
        self._enough = frozenset(self.scopes)

    def __call__(self, request: HttpRequest) -> Actor:
        """Let in who holds such a key."""
        return self._let_in(authenticate(request))

    def recalled(self, request: HttpRequest) -> Actor:
        """The same, but whether the key still opens anything is asked by the operation itself."""
        return self._let_in(authenticate(request, recall=True))

    def _let_in(self, actor: Actor) -> Actor:
        if self._enough.isdisjoint(actor.scopes or ()):
            raise NotAllowed(
                "scope_missing",
                "This key does not allow this; it needs one of the scopes: {scopes}.",
                scopes=", ".join(self.scopes),
            )
        return actor


class NoKey:
    """An operation that is open to everybody."""


ANY_KEY = Key()
WORKER = Key(scope=WORK)

__all__ = [
    "ANY_KEY",
    "WORKER",
    "Key",
    "NotFound",
    "Permission",
    "asking",
    "organisation_asking",
    "worker_asking",
]
