"""The settings of an organisation: owners change them, members read them."""

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import member, organisation

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def test_owners_change_and_members_read():
    number = organisation()
    page = f"/organisation/{public_id('org', number)}/settings/"
    sent = visitor("ada").post(page, {"name": "Acme Language Data", "country": "AT"})
    assert (sent.status_code, sent["Location"]) == (303, page)
    assert queries.organisation(number).name == "Acme Language Data"
    refused = visitor("ada").post(page, {"name": "", "country": "AT"})
    assert refused.status_code == 422 and refused.context["form"].errors.keys() == {"name"}
    member("vic", number, "viewer")
    text = words(visitor("vic").get(page))
    assert "Acme Language Data" in text and "Owners can change them." in text and "Save" not in text
