"""News of an organisation reach those whom they concern, once."""

import pytest

from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries
from tests.people import actor, member, organisation

pytestmark = pytest.mark.django_db


def test_an_approved_organisation_tells_those_who_may_launch() -> None:
    acme = organisation()
    member("max", acme, "manager")
    member("fay", acme, "finance")
    other = organisation("other", "eve")
    assert [notices.tell_approval(organisation_id=acme) for _ in range(2)] == [2, 2]
    assert [len(queries.inbox(actor(name))) for name in ("ada", "max", "fay", "eve")] == [1, 1, 0, 0]
    (notice,) = queries.inbox(actor("max"))
    assert "acme" in notice.title + notice.body
    assert notice.link.startswith("/organisation/org_")
    notices.tell_approval(organisation_id=other)
    assert len(queries.inbox(actor("eve"))) == 1
