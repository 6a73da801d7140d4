"""Whom a list of grants means, and what it would do: looked at before it is carried out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from tagwerk.base.errors import Invalid, Refusal
from tagwerk.domain.academy import rules
from tagwerk.domain.academy.models import Holding
from tagwerk.domain.academy.queries.qualifications import qualification_for
from tagwerk.domain.academy.rules import GrantRow
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor


@dataclass(frozen=True)
class LookedAt:
    """A row of a list and what it would do; `name` only of members, `held`: the score held now."""

    row: GrantRow
    name: str = ""
    score: int = 0
    held: int | None = None
    changes: bool = False
    wrong: Refusal | None = None


def look_at_grants(actor: Actor, qualification_id: int, rows: Sequence[GrantRow]) -> list[LookedAt]:
    """What each row would do, in their order; nothing is granted. A worker counts where they stand first."""
    found = qualification_for(actor, qualification_id)
    known = people_meant(rows, found.organisation_id)
    people = set(known.values())
    held = Holding.objects.filter(qualification_id=found.id, person_id__in=people, ended_at=None)
    now = {one.person_id: one for one in held}
    names = accounts.staff_names(found.organisation_id, people) if found.organisation_id else {}
    seen: dict[int, int] = {}
    looked = []
    for row in rows:
        try:
            person_id = worker_meant(row, known)
            score, expires_at = rules.score_of(row.score), rules.moment_of(row.expires)
            if expires_at is not None and expires_at <= timezone.now():
                raise expiry_past()
            if person_id in seen:
                raise Invalid(
                    "worker_twice", "This worker stands in line {line} already.", path="worker", line=seen[person_id]
                )  # fmt: skip
            seen[person_id] = row.number
            before = now.get(person_id)
            changes = before is None or (before.score, before.expires_at) != (score, expires_at)
            held_score = before.score if before else None
            looked.append(LookedAt(row, names.get(person_id, ""), score, held_score, changes))
        except Refusal as refusal:
            looked.append(LookedAt(row, wrong=refusal))
    return looked


def expiry_past() -> Invalid:
    """The refusal of an end that is over."""
    return Invalid("expiry_past", "The end is in the past already; choose a later one.", path="expires")


def people_meant(rows: Sequence[GrantRow], organisation_id: int | None) -> Mapping[str, int]:
    """Who is meant: anybody by their code; by address only those whom the owner knows by name."""
    codes = [code for row in rows if (code := rules.worker_code(row.worker))]
    emails = [row.worker for row in rows if "@" in row.worker]
    return {str(code): number for code, number in accounts.ids_of_codes(codes).items()} | (
        accounts.ids_of_emails(emails, organisation_id=organisation_id)
    )


def worker_meant(row: GrantRow, known: Mapping[str, int]) -> int:
    """The person of a row, among those who are known."""
    found = known.get(str(rules.worker_code(row.worker) or row.worker.lower()))
    if found is None:
        raise Invalid(
            "worker_unknown",
            "“{worker}” is neither a worker's code nor the address of a member.",
            path="worker",
            worker=row.worker[:80],
        )
    return found
