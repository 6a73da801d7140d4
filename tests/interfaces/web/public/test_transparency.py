"""The public pages about fairness: of the instance, and of an organisation; and the same by API."""

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import FAIRWORK
from tagwerk.domain.quality import actions as quality
from tagwerk.interfaces.web.fairwork_words import THRESHOLDS
from tests.domain.quality.test_openness import DAY, worked
from tests.interfaces.api.calling import call
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, key_for, organisation
from tests.workshop import launched

__all__ = ["plain_files", "worked"]
pytestmark = pytest.mark.django_db


def test_before_anything_was_counted_the_ten_thresholds_stand_there():
    said = words(visitor().get("/transparency/"))
    assert tuple(THRESHOLDS) == FAIRWORK
    assert said.count("The operator has said nothing about it yet.") == 10
    assert "Nothing has been paid out yet." in said
    assert call("GET", "/transparency", None).value["year"] is None


def test_figures_and_the_operators_words_stand_side_by_side(worked, settings):
    quality.count_public_figures(now=DAY)
    accounts.write_about_fairwork(actor=actor("dan"), texts={"5.1": {"en": "There is a council.", "de": ""}})
    said = words(visitor().get("/transparency/"))
    assert "24 answers of 12 people" in said
    assert "Germany" in said and "€13.90" in said
    assert "There is a council." in said
    told = call("GET", "/transparency", None).value
    assert told["year"]["deciding"]["workers"] == 12
    assert told["countries"][0]["country"] == "DE" and told["countries"][0]["floor"]["amount"] == "13.90"
    assert told["fairwork"] == {"5.1": {"en": "There is a council."}}


def test_an_organisations_page_tells_how_long_one_waits_and_what_an_hour_brings(worked):
    org = public_id("org", worked.organisation_id)
    assert "too few to tell" in words(visitor().get(f"/requesters/{org}/"))
    quality.count_public_figures(now=DAY)
    said = words(visitor().get(f"/requesters/{org}/"))
    assert "Until approved or rejected, half of them 1 hr" in said
    assert "Half of 12 people earned at least" in said
    told = call("GET", f"/requesters/{org}", key_for("ben")).value
    assert told["year"]["wages"][0]["workers"] == 12
    launched([{"text": "One more"}])
    offers = visitor("ben").get("/work/list/").content.decode()
    assert f"/requesters/{org}/" in offers


def test_operators_write_about_fairwork_and_others_do_not():
    sent = {
        "what": "fairwork",
        "threshold_5_1_en": "There is a council.",
        "threshold_5_1_de": "Es gibt einen Rat.",
    }
    assert visitor("dan").post("/operator/settings/", sent).status_code == 303
    assert "There is a council." in words(visitor().get("/transparency/"))
    organisation()
    with pytest.raises(Exception, match="nothing here"):
        accounts.write_about_fairwork(actor=actor("ada"), texts={})
    with pytest.raises(Exception, match="no threshold"):
        accounts.write_about_fairwork(actor=actor("dan"), texts={"6.1": {"en": "x"}})


def test_the_pages_keep_their_budget(worked, django_assert_max_num_queries):
    for address in ("/transparency/", f"/requesters/{public_id('org', worked.organisation_id)}/"):
        with django_assert_max_num_queries(12):
            visitor().get(address)
