"""Count what everybody may know, once a day."""

from datetime import datetime

from django.db import transaction

from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import INSTANCE, PublicFigures
from tagwerk.domain.quality.rules.openness import Fact, as_json


@transaction.atomic
def count_public_figures(*, now: datetime, questions: Fact | None = None) -> int:
    """Keep the public figures of all organisations and of the instance as they are now; of how many organisations.

    `questions`: what people asked requesters within the last year, which the room beside this one knows."""
    found = queries.counted_organisations(now)
    rows = {number: as_json(one) for number, one in found.items()}
    rows[INSTANCE] = as_json(queries.counted_instance(now, questions=questions))
    PublicFigures.objects.bulk_create(
        [PublicFigures(organisation_id=number, counted_at=now, figures=kept) for number, kept in rows.items()],
        update_conflicts=True, unique_fields=["organisation_id"], update_fields=["counted_at", "figures"],
    )  # fmt: skip
    PublicFigures.objects.exclude(organisation_id__in=list(rows)).delete()  # nothing within a year
    return len(found)
