"""Operators keep the table of minimum wages."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from tagwerk.base.errors import NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries, rules
from tagwerk.domain.accounts.events import MinimumWagesChanged
from tagwerk.domain.accounts.models import MinimumWage
from tagwerk.domain.accounts.rules import Actor, Wage


@transaction.atomic
def put_wages(*, actor: Actor, wages: Sequence[Wage]) -> int:
    """Put lines into the table of minimum wages, in the place of those of the same country and day; how many are new or
    other than before."""
    rules.require_operator(actor)
    queries.forget_wages()
    there = {(line.wage.country, line.wage.valid_from): line.wage for line in queries.wage_lines()}
    changed = [one for one in wages if there.get((one.country, one.valid_from)) != one]
    MinimumWage.objects.bulk_create(
        [
            MinimumWage(
                country=one.country, valid_from=one.valid_from, per_hour_micros=one.per_hour_micros,
                currency=one.currency, source=one.source, changed_by_id=actor.person_id, changed_at=Now(),
            )
            for one in changed
        ],
        update_conflicts=True,
        unique_fields=["country", "valid_from"],
        update_fields=["per_hour_micros", "currency", "source", "changed_by", "changed_at"],
    )  # fmt: skip
    if changed:
        countries = sorted({one.country for one in changed})
        record(MinimumWagesChanged(actor_id=actor.person_id, lines=len(changed), countries=countries))
        _forget()
    return len(changed)


@transaction.atomic
def remove_wage(*, actor: Actor, country: str, valid_from: date) -> None:
    """Take an operator's own line out of the table; one that came along and lay under it holds again."""
    rules.require_operator(actor)
    gone, _tables = MinimumWage.objects.filter(country=country, valid_from=valid_from).delete()
    if not gone:
        raise NotFound("wage_not_found", "The table has no such line of your own.")
    record(MinimumWagesChanged(actor_id=actor.person_id, lines=1, countries=[country]))
    _forget()


def _forget() -> None:
    """At once for this transaction, and for others once it is committed: they may have read in between."""
    queries.forget_wages()
    transaction.on_commit(queries.forget_wages)
