"""API keys: their text leaves here once, the table keeps a digest."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries, rules
from tagwerk.domain.accounts.events import ApiKeyCreated, ApiKeyRevoked
from tagwerk.domain.accounts.models import ApiKey, Organisation, Person
from tagwerk.domain.accounts.rules import Actor, Permission

MOST_KEYS = 50  # alive at a time, of one organisation or person


@dataclass(frozen=True)
class NewKey:
    """A key just made. Nobody can show `text` again."""

    id: int
    text: str
    prefix: str
    expires_at: datetime | None


@transaction.atomic
def create_api_key(
    *,
    actor: Actor,
    name: str,
    scopes: list[str],
    organisation_id: int | None = None,
    expires_at: datetime | None = None,
) -> NewKey:
    """Make a key for an organisation, or for oneself as a worker; it can do no more than who makes it."""
    creator_id = _creator(actor)
    name = rules.plain_name(name, longest=80, path="name")
    scopes = rules.check_scopes(scopes, for_organisation=organisation_id is not None)
    if expires_at is not None and expires_at <= timezone.now():
        raise Invalid(
            "expiry_past", "The key would have expired already; choose a later time.", path="expires_at"
        )
    if organisation_id is not None:
        _require_scopes(actor, organisation_id, scopes)
    _check_room(person_id=creator_id, organisation_id=organisation_id)
    return _write(
        creator_id=creator_id,
        person_id=None if organisation_id else creator_id,
        organisation_id=organisation_id,
        name=name,
        scopes=scopes,
        expires_at=expires_at,
    )


@transaction.atomic
def revoke_api_key(*, actor: Actor, key_id: int) -> None:
    """Revoke a key at once; a revoked one stays as it is."""
    _revoke(_key_for(actor, key_id), actor)


@transaction.atomic
def rotate_api_key(*, actor: Actor, key_id: int) -> NewKey:
    """Replace a key by a new one of the same name, scopes and length of life; the old one ends at once."""
    key = _key_for(actor, key_id)
    if key.revoked_at is not None:
        raise Conflict("key_revoked", "This key has been revoked; make a new one.")
    if key.organisation_id is not None:
        _require_scopes(actor, key.organisation_id, key.scopes)
    _revoke(key, actor)
    life = key.expires_at - key.created_at if key.expires_at else None
    return _write(
        creator_id=_creator(actor),
        person_id=key.person_id,
        organisation_id=key.organisation_id,
        name=key.name,
        scopes=key.scopes,
        expires_at=timezone.now() + life if life else None,
    )


def give_machine_key(*, person_id: int, name: str, expires_at: datetime | None) -> NewKey:
    """Give a machine's worker a key: one that lasts ends those before. Called inside another action."""
    if expires_at is None:
        ApiKey.objects.filter(person_id=person_id, revoked_at=None).update(revoked_at=timezone.now())
    return _write(
        creator_id=person_id,
        person_id=person_id,
        organisation_id=None,
        name=name,
        scopes=[rules.WORK],
        expires_at=expires_at,
    )


def sign_in_with_key(*, text: str) -> Actor | None:
    """The actor behind a key's text, its use noted to the minute; None: the key opens nothing."""
    found = queries.key_holder(text)
    if found is None:
        return None
    if found.use_is_old:
        note_key_use(key_id=found.key_id)
    return found.actor


_RECALLED: dict[bytes, tuple[float, Actor]] = {}  # digest of a key → until when, who
MOST_RECALLED = 10_000


def recall_key(*, text: str) -> Actor | None:
    """As `sign_in_with_key`, but for some seconds from memory. Only for who then has the database look whether the
    key opens anything still (`queries.KEY_OPENS`), in the statement that does the work: that saves a round trip."""
    digest = rules.digest(text)
    until, actor = _RECALLED.get(digest, (0.0, None))
    if actor is not None and monotonic() < until:
        return actor
    actor = sign_in_with_key(text=text)
    if actor is not None and not actor.owes_terms:  # whoever agrees now may go on at once
        if len(_RECALLED) >= MOST_RECALLED:
            _RECALLED.clear()
        _RECALLED[digest] = (monotonic() + rules.RECALLED_SECONDS, actor)
    return actor


def note_key_use(*, key_id: int) -> None:
    """Note that a key was used, at most once a minute."""
    now = timezone.now()
    old = now - timedelta(seconds=rules.LAST_USE_STEP_SECONDS)
    stale = Q(last_used_at=None) | Q(last_used_at__lt=old)
    ApiKey.objects.filter(stale, id=key_id).update(last_used_at=now)


def _creator(actor: Actor) -> int:
    if actor.person_id is None or actor.scopes is not None:
        raise NotAllowed("key_needs_person", "Keys are made by signed-in people, not with a key.")
    return actor.person_id


def _require_scopes(actor: Actor, organisation_id: int, scopes: list[str]) -> None:
    rules.require(actor, organisation_id, Permission.KEY_MANAGE)
    for scope in scopes:
        for permission in sorted(rules.SCOPES[scope]):
            rules.require(actor, organisation_id, permission)


def _check_room(*, person_id: int, organisation_id: int | None) -> None:
    """The owner's row is locked, so that two at once cannot both take the last place."""
    if organisation_id is not None:
        Organisation.objects.select_for_update().get(id=organisation_id)
        mine = Q(organisation_id=organisation_id)
    else:
        Person.objects.select_for_update().get(id=person_id)
        mine = Q(person_id=person_id)
    alive = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    if ApiKey.objects.filter(mine, alive, revoked_at=None).count() >= MOST_KEYS:
        raise TooMany(
            "keys_too_many", "There are {most} keys already; revoke one that is not used.", most=MOST_KEYS
        )


def _write(
    *,
    creator_id: int,
    person_id: int | None,
    organisation_id: int | None,
    name: str,
    scopes: list[str],
    expires_at: datetime | None,
) -> NewKey:
    text = rules.key_text(secrets.token_bytes(32))
    key = ApiKey.objects.create(
        person_id=person_id,
        organisation_id=organisation_id,
        name=name,
        prefix=text[: rules.SHOWN],
        digest=rules.digest(text),
        scopes=scopes,
        expires_at=expires_at,
        created_by_id=creator_id,
    )
    record(ApiKeyCreated(actor_id=creator_id, organisation_id=organisation_id, key_id=key.id))
    return NewKey(key.id, text, key.prefix, expires_at)


def _key_for(actor: Actor, key_id: int) -> ApiKey:
    key = ApiKey.objects.select_for_update().filter(id=key_id).first()
    _creator(actor)
    if key is not None and key.person_id is not None and key.person_id == actor.person_id:
        return key
    if key is None or key.organisation_id is None or key.organisation_id not in actor.roles:
        raise NotFound("key_not_found", "There is no such key.")
    rules.require(actor, key.organisation_id, Permission.KEY_MANAGE)
    return key


def _revoke(key: ApiKey, actor: Actor) -> None:
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        record(ApiKeyRevoked(actor_id=actor.person_id, organisation_id=key.organisation_id, key_id=key.id))
