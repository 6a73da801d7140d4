"""What others see of a person, as they see it; and all that is kept about them, as a file."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tagwerk.base.ids import public_id
from tagwerk.domain.academy import queries as academy
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.exports import queries as exports
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import available
from tagwerk.domain.notices import queries as notices
from tagwerk.domain.payments.queries import receiving
from tagwerk.domain.payments.rules.profile import as_json
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.rules.states import State
from tagwerk.interfaces.web.freshness import (
    confirm_url,
    has_second_factor,
    recently_signed_in,
    with_second_factor,
)
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.posting import see_other

CHUNK = 500
OF_PERSON = ("email", "display_name", "country", "time_zone", "ui_language", "mail_level", "email_verified_at", "joined_at")  # fmt: skip


@signed_in
@require_safe
def privacy_of_mine(request: ActorRequest) -> HttpResponseBase:
    """Which names requesters know, what their exports say, and who sees the name."""
    person_id = _person_id(request)
    known = work.known_as(person_id)
    names = accounts.organisation_names({one.organisation_id for one in known} | set(request.actor.roles))
    sample = exports.own_answer_as_exported(person_id)
    values = {
        "known": [
            (one, names[one.organisation_id], one.organisation_id in request.actor.roles) for one in known
        ],
        "member_of": sorted(names[number] for number in request.actor.roles),
        "sample": json.dumps(sample, indent=2, ensure_ascii=False) if sample else "",
    }
    return render(request, "pages/public/own_privacy.html", values)


@signed_in
@require_safe
def data_of_mine(request: ActorRequest) -> HttpResponseBase:
    """All that is kept about the person, as one JSON object that is written while it is read.

    Accounts and tax numbers are in it, so whoever sits at an open browser has to show first that they are that person.
    """
    second_factor = has_second_factor(request)
    if not (with_second_factor(request) if second_factor else recently_signed_in(request)):
        return see_other(confirm_url(request, request.path, second_factor=second_factor))
    response = StreamingHttpResponse(_lines(request.actor), content_type="application/json; charset=utf-8")
    name = f"tagwerk-{timezone.localdate().isoformat()}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _lines(actor: Actor) -> Iterator[str]:
    assert actor.person_id is not None
    parts: dict[str, Iterator[Any]] = {
        "qualifications": (asdict(one) for one in academy.own_holdings(actor.person_id)),
        "known_as": (_known_as(one) for one in work.known_as(actor.person_id, limit=100_000)),
        "answers": _answers(actor.person_id),
        "times": _times(actor.person_id),
        "objections": (_objection(one) for one in quality.own_appeals(actor.person_id)),
        "movements": _movements(actor.person_id),
        "details_for_payouts": _payout_details(actor.person_id),
        "ways_to_be_paid": _ways_to_be_paid(actor.person_id),
        "payouts_held_back": _holds(actor.person_id),
        "notices": _notices(actor),
    }
    yield '{"person": ' + _json(_person(actor))
    for name, found in parts.items():
        yield f',\n"{name}": ['
        for place, one in enumerate(found):
            yield (",\n" if place else "\n") + _json(one)
        yield "]"
    yield "}\n"


def _person(actor: Actor) -> dict[str, Any]:
    assert actor.person_id is not None
    person, profile = accounts.person(actor.person_id), accounts.worker_profile(actor.person_id)
    consents = accounts.consents_of(actor, actor.person_id)
    return {
        **{name: getattr(person, name) for name in OF_PERSON},
        "code": str(person.uuid),
        "languages": dict(profile.languages),
        "adult": profile.is_adult,
        "roles": {public_id("org", number): role for number, role in actor.roles.items()},
        "preferences": asdict(actor.preferences),
        "consents": [asdict(consent) for consent in consents],
    }


def _known_as(one: work.KnownAs) -> dict[str, Any]:
    return {
        "project": public_id("prj", one.project_id),
        "title": one.project_title,
        "pseudonym": one.pseudonym,
        "answers": one.answers,
    }


def _objection(one: quality.MyAppeal) -> dict[str, Any]:
    """What they said and what was answered; not who decided."""
    found = asdict(one) | {
        "assignment": public_id("asg", one.assignment_id),
        "project": public_id("prj", one.project_id),
    }
    return {name: value for name, value in found.items() if name not in ("assignment_id", "project_id")}


def _answers(person_id: int) -> Iterator[dict[str, Any]]:
    before = None
    while found := work.given_answers(person_id, before=before, limit=CHUNK):
        for one in found:
            yield {
                "assignment": public_id("asg", one.assignment_id),
                "project": public_id("prj", one.project_id),
                "title": one.project_title,
                "state": State(one.state).name.lower(),
                "submitted_at": one.submitted_at,
                "active_seconds": one.active_ms / 1000,
                "reward_micros": one.reward_micros,
                "currency": one.currency,
                "answers": one.answers,
            }
        before = found[-1].assignment_id


def _times(person_id: int) -> Iterator[dict[str, Any]]:
    """Where tasks are paid by the hour: runs of the timer, what they came to and how it was corrected, what was asked for;
    not who decided."""
    before = None
    while found := work.own_times(person_id, before=before, limit=CHUNK):
        for one in found:
            yield {
                "assignment": public_id("asg", one.assignment_id),
                "project": public_id("prj", one.project_id),
                "title": one.project_title,
                **(one.time or {}),
                "runs": one.runs,
                "requests": one.requests,
            }
        before = found[-1].assignment_id


def _movements(person_id: int) -> Iterator[dict[str, Any]]:
    for money in work.earnings(person_id):
        account, before = available(person_id, money.currency).code, None
        while found := ledger.movements(account, before=before, limit=CHUNK):
            for one in found:
                paid_for = public_id("asg", int(one.ref_id)) if one.ref_type == "assignment" else None
                yield {
                    "at": one.at, "amount_micros": one.amount_micros, "currency": one.currency, "kind": one.code,
                    "assignment": paid_for, "memo": one.memo,
                }  # fmt: skip
            before = found[-1].seq


def _payout_details(person_id: int) -> Iterator[dict[str, Any]]:
    for changed_at, details in receiving.details_ever(person_id):
        yield {"said_at": changed_at, **as_json(details)}


def _ways_to_be_paid(person_id: int) -> Iterator[dict[str, Any]]:
    for one, target in receiving.methods_ever(person_id):
        yield {
            "rail": one.rail.value, "account": target.account, "bic": target.bic, "entered_at": one.asked_at,
            "confirmed_at": one.confirmed_at, "ended_at": one.ended_at, "ended_because": one.ended_because,
        }  # fmt: skip


def _holds(person_id: int) -> Iterator[dict[str, Any]]:
    for one in receiving.holds_ever(person_id):
        yield {
            "reason": one.code.value, "words": one.reason, "begun_at": one.begun_at, "until": one.until,
            "ended_at": one.ended_at, "by_the_program": one.by_rule,
        }  # fmt: skip


def _notices(actor: Actor) -> Iterator[dict[str, Any]]:
    before = None
    while found := notices.inbox(actor, before=before, limit=CHUNK):
        yield from (
            {"at": one.told_at, "title": one.title, "body": one.body, "read_at": one.read_at} for one in found
        )
        before = found[-1].id


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _person_id(request: ActorRequest) -> int:
    assert request.actor.person_id is not None, "a page is opened by a person"
    return request.actor.person_id
