"""Who is asking: made once per request, in one query each."""

import json
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.rules import Actor, Channel, Kind, Role

_CHANNEL = {Kind.PERSON: Channel.API, Kind.MODEL: Channel.MODEL, Kind.SIMULATION: Channel.SIMULATION}


def actor_of_person(person_id: int) -> Actor:
    """The actor of somebody signed in: person and roles in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.display_name, p.is_operator, p.ui_language, p.time_zone, p.preferences, m.organisations, m.roles
            FROM person p, LATERAL (
                SELECT array_agg(organisation_id ORDER BY id) AS organisations, array_agg(role::text ORDER BY id) AS roles
                FROM membership WHERE person_id = p.id) m
            WHERE p.id = %s AND p.is_active""",
            [person_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("person_not_found", "There is no such person.")
    name, is_operator, language, time_zone, preferences, organisations, roles = row
    return Actor(
        person_id=person_id,
        name=name,
        is_operator=is_operator,
        roles=dict(zip(organisations or [], map(Role, roles or []), strict=True)),
        language=language,
        time_zone=time_zone,
        preferences=rules.preferences_read(json.loads(preferences)),
    )


@dataclass(frozen=True)
class KeyHolder:
    """Who a key stands for, and whether its last use was noted longer ago than a minute."""

    key_id: int
    actor: Actor
    use_is_old: bool


def key_holder(text: str) -> KeyHolder | None:
    """Who holds the key of this text, in one query; None: unknown, expired, revoked, or its owner is shut out."""
    if not rules.is_key_text(text):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT k.id, k.name, k.scopes::text[], k.organisation_id, k.person_id, p.display_name, p.kind,
                   p.ui_language, p.time_zone,
                   coalesce(k.last_used_at < now() - make_interval(secs => %s), true),
                   coalesce(p.kind = %s AND (p.adult_confirmed_at IS NULL OR NOT EXISTS (SELECT FROM consent c
                       WHERE c.person_id = p.id AND c.document = %s AND c.version = %s)), false)
            FROM api_key k LEFT JOIN person p ON p.id = k.person_id
            WHERE k.digest = %s AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
              AND (k.person_id IS NULL OR p.is_active)""",
            [
                rules.LAST_USE_STEP_SECONDS,
                Kind.PERSON.value,
                rules.TERMS,
                settings.TERMS_VERSION,
                rules.digest(text),
            ],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    key_id, name, scopes, organisation_id, person_id, person_name, kind, language, time_zone, old, owes = row
    actor = Actor(
        person_id=person_id,
        name=person_name if person_id else name,
        roles={organisation_id: Role.OWNER} if organisation_id else {},
        scopes=frozenset(scopes),
        key_id=key_id,
        channel=_CHANNEL[Kind(kind)] if person_id else Channel.API,
        owes_terms=owes,
        language=language or "en",
        time_zone=time_zone or "UTC",
    )
    return KeyHolder(key_id, actor, old)


# Part of a statement of a room above: whether a key (its number, twice; null: none was used) opens anything now.
KEY_OPENS = """(%s::bigint IS NULL OR EXISTS (
    SELECT FROM api_key k LEFT JOIN person p ON p.id = k.person_id
    WHERE k.id = %s::bigint AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
      AND (k.person_id IS NULL OR p.is_active)))"""


def actor_of_key(text: str) -> Actor | None:
    """The actor behind a key's text, in one query; `actions.sign_in_with_key` also notes the use."""
    holder = key_holder(text)
    return holder.actor if holder else None
