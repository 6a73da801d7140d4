"""The public pages about fairness: of the instance, and of an organisation; and the same by API."""

import pytest
from django.utils import timezone, translation

from tagwerk.base.ids import public_id
from tagwerk.config.schedule import SCHEDULE
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import FAIRWORK
from tagwerk.domain.community import actions as community
from tagwerk.domain.community.models import Thread
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.rules.openness import EVIDENCE, Fact, InstanceFigures
from tagwerk.domain.work.queries import sql
from tagwerk.interfaces.web.fairwork_words import THRESHOLDS
from tagwerk.interfaces.web.pages.public.transparency import thresholds
from tests import people
from tests.domain.quality.test_openness import DAY, worked
from tests.interfaces.api.calling import call
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, key_for, organisation, person
from tests.workshop import launched

__all__ = ["plain_files", "worked"]
pytestmark = pytest.mark.django_db


def test_before_anything_was_counted_the_ten_thresholds_stand_there():
    said = words(visitor().get("/transparency/"))
    assert tuple(THRESHOLDS) == FAIRWORK
    assert said.count("Too few people so far to tell any figure") == 9
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
    assert "In 0% of all weeks somebody worked 40 hours or more (0 of 12 weeks of 12 people)." in said
    assert "of the time at work was not paid, because answers were rejected (12 people)" in said
    assert (
        "Projects that began: 1; open to people of some countries only: 0; asking for a language: 0" in said
    )
    assert "Hours that people worked in a week" in said and "0–10 h" in said
    assert said.count("Too few people so far to tell any figure") == 4  # 2.2, 3.2, 4.1 and 5.1
    assert said.count("Nothing about this can be counted") == 1  # 5.2
    told = call("GET", "/transparency", None).value
    assert told["year"]["deciding"]["workers"] == 12
    assert told["countries"][0]["country"] == "DE" and told["countries"][0]["floor"]["amount"] == "13.90"
    assert told["appeals"] is None
    [weeks] = [one for one in told["evidence"] if one["name"] == "weeks"]
    assert (weeks["threshold"], weeks["people"], weeks["count"]) == ("2.1", 12, 12)
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


def test_every_fact_has_a_threshold_and_words_in_every_language():
    parts = {
        "weeks": {f"from_{hours}": 4 for hours in (0, 10, 20, 30, 40)}, "unpaid_time": {"rejected_ms": 5},
        "entry_tests": {"long": 3, "paid": 2}, "guaranteed_weeks": {"paid": 3}, "sensitive_answers": {"consented": 20, "capped": 5},
        "stopped_tasks": {"paid": 20}, "terms": {"2026-11": 12}, "returned_tasks": {"taken": 200, "people_who_went_on": 11},
        "rejections": {"of_the_list": 20, "with_words": 20}, "holds": {"by_rule": 1},
        "audiences": {"countries": 1, "languages": 2, "qualifications": 3}, "questions": {"answered": 15, "median_seconds": 600},
        "appeals": {"granted": 12, "refused": 6, "lapsed": 2, "by_another": 18, "median_seconds": 90_000},
        "objections": {"granted": 12, "refused": 6, "lapsed": 2, "by_another": 18, "median_seconds": 90_000},
    }  # fmt: skip
    facts = {name: Fact(12, 20, those) for name, those in parts.items()}
    facts |= {f"countries:{code}": Fact(12, 20, {"rejected": 1}) for code in ("DE", "AT")}
    figures = InstanceFigures(None, (), (), (), 0, 0, facts)
    for language in ("en", "de"):
        with translation.override(language):
            made = {one.number: one for one in thresholds(figures, {})}
            assert not any("{" in line for one in made.values() for line in one.counted)
            assert [len(made[number].plots) for number in ("2.1", "4.1", "4.2", "5.1")] == [1, 1, 1, 0]
    english = {one.number: one.counted for one in thresholds(figures, {})}
    assert english["4.1"][1].endswith(
        "2 granted because nobody had decided in time; 18 by somebody else than who had rejected."
    )
    assert english["5.1"] == [
        "12 people asked 20 questions about tasks; 75% were answered (half of them within 10 min)."
    ]
    assert english["3.1"] == [
        "12 people have agreed to the terms, of which there were 20 versions. To the newest, 2026-11, 12 have agreed."
    ]
    assert {name.partition(":")[0] for name in facts} == set(EVIDENCE)


def test_the_schedule_counts_what_people_asked(worked):
    task = sql.value("SELECT min(task_id) FROM assignment", [])
    for number in range(12):
        who = person(f"w{number}").id
        community.write_as_worker(person_id=who, project_id=worked.id, task_id=task, text="Why?")
    member = people.member("cyn", worked.organisation_id, "manager")
    community.write_as_member(actor=member, thread_id=Thread.objects.earliest("id").id, text="Because.")
    [entry] = [one for one in SCHEDULE if one.name == "count_public_figures"]
    entry.action(timezone.now())
    asked = queries.public_figures().figures.evidence["questions"]
    assert (asked.people, asked.count, asked.parts["answered"]) == (12, 12, 1)
