"""The price of a project that an operator agrees with the organisation that orders it."""

from django.db import transaction

from tagwerk.base.errors import Conflict
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.designs.rules.pay import Pay
from tagwerk.domain.projects import rules
from tagwerk.domain.projects.events import PriceAgreed
from tagwerk.domain.projects.models import Project
from tagwerk.domain.projects.queries import ProjectView, view_of


@transaction.atomic
def agree_price(*, actor: Actor, project_id: int, price_micros: int | None) -> ProjectView:
    """An operator says what a draft's client pays for what its file pays an amount for; the fee is the difference.
    None: the organisation's fee counts again. Once money is set aside for the project, its price stays; `work.agree_price`
    has a launch wait meanwhile."""
    require_operator(actor)
    row = Project.objects.select_for_update().get(id=project_id)
    if row.launched_at is not None or row.state != rules.State.DRAFT:
        raise Conflict(
            "price_of_launched",
            "A price can be agreed for a draft only: this project is launched, or archived.",
        )
    before = row.client_micros
    row.client_micros = price_micros
    row.fee_bp = (
        accounts.fee_of(row.organisation_id).fee_bp
        if price_micros is None
        else rules.fee_for_price(price_micros, Pay.model_validate(row.file.get("pay") or {"per": "none"}))
    )
    row.save(update_fields=["client_micros", "fee_bp"])
    row.refresh_from_db()
    if price_micros != before:
        record(
            PriceAgreed(
                actor_id=actor.person_id, organisation_id=row.organisation_id, project_id=row.id,
                currency=row.currency, price_micros=price_micros or 0,
            )
        )  # fmt: skip
    return view_of(row)
