"""Workers are told what they hold."""

from django.db import transaction

from tagwerk.domain.academy.events import QualificationGranted
from tagwerk.domain.academy.models import Holding
from tagwerk.domain.notices import actions as notices


@transaction.atomic
def tell_grant(*, fact: QualificationGranted) -> None:
    """Somebody was granted a qualification, or another score: they are told, unless it is over already."""
    held = (
        Holding.objects.filter(
            qualification_id=fact.qualification_id, person_id=fact.person_id, ended_at=None
        )
        .select_related("qualification")
        .first()
    )
    if held is None:
        return
    notices.tell(
        person_id=fact.person_id, kind="qualification_granted", link="/work/qualifications/", key=f"granted/{held.id}",
        params={"qualification": held.qualification.title, "score": held.score},
    )  # fmt: skip
