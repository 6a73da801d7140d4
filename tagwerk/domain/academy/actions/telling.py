"""Workers are told what they hold, and organisations which of their tests nobody may begin."""

from typing import Any

from django.db import transaction

from tagwerk.base.ids import public_id
from tagwerk.domain.academy.events import QualificationGranted
from tagwerk.domain.academy.models import EntryTest, Holding
from tagwerk.domain.academy.queries.test_times import shut_tests
from tagwerk.domain.academy.rules import UNPAID_MINUTES
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Permission
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


def tell_shut_tests() -> int:
    """Whoever manages a test that takes long and pays nothing is told once that nobody may begin it; how many tests."""
    tests = shut_tests()
    for test in tests:
        _tell_shut(test)
    return len(tests)


@transaction.atomic
def _tell_shut(test: EntryTest) -> None:
    owner, page = (
        test.qualification.organisation_id,
        f"qualifications/{public_id('qlf', test.qualification_id)}/",
    )
    facts: dict[str, Any] = {
        "kind": "test_has_to_be_paid", "key": f"test-shut/{test.id}",
        "params": {"qualification": test.qualification.title, "minutes": UNPAID_MINUTES},
    }  # fmt: skip
    if owner is None:
        for person_id in accounts.operator_ids():
            notices.tell(person_id=person_id, link=f"/operator/{page}", **facts)
        return
    notices.tell_members(
        organisation_id=owner, permission=Permission.QUALIFICATION_MANAGE,
        link=f"/organisation/{public_id('org', owner)}/{page}", **facts,
    )  # fmt: skip
