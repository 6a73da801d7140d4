"""A worker's page and the rules' page: figures, evidence, what members decide, and trying a rule before it holds."""

import re
from typing import Any

import pytest

from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.actions.control import write_signal
from tagwerk.domain.quality.models import Intervention, PauseObjection, Signal
from tagwerk.domain.work.models import Assignment, Enrolment
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor, words
from tests.people import actor, member, person
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

DISAGREES = {"collector": "agreement", "answers": 10, "share_below": 0.5, "action": "pause"}
GOLD = [{"text": f"gold {n}", "_gold": {"sentiment": "neutral"}} for n in range(12)]


def right(data: Any) -> dict[str, str]:
    if data["text"].startswith("gold"):
        return {"sentiment": "neutral"}
    return {"sentiment": ("positive", "negative", "neutral")[int(data["text"]) % 3]}


def always(_data: Any) -> dict[str, str]:
    return {"sentiment": "positive"}


@pytest.fixture
def busy(settings: Any) -> Any:
    """Two honest people, and Bob, who always says the same and is paused by a rule."""
    settings.UNDO_SECONDS = 0
    rows = [{"text": str(n)} for n in range(30)]
    plan = {"answers": {"min": 3, "max": 3}, "rules": [DISAGREES]}
    project = launched(rows, quality=plan)
    for name, say in (("ben", right), ("bea", right), ("bob", always)):
        do_work(project.id, name, say)
    judge(project.id)
    quality.watch_workers(project_id=project.id)
    return project


def pseudonym(project: Any, name: str) -> str:
    return Enrolment.objects.get(project_id=project.id, worker_id=person(name).id).pseudonym


def address(project: Any, name: str) -> str:
    return f"/projects/{project.public_id}/people/{pseudonym(project, name)}/"


def rules_page(project: Any) -> str:
    return f"/projects/{project.public_id}/rules/"


def test_the_page_shows_figures_with_their_range_signals_with_evidence_and_the_rule(busy: Any) -> None:
    page = visitor("ada").get(address(busy, "bob"))
    text = words(page)
    assert "The same answer again and again" in text and "30 times in a row" in text
    assert "10 of 30; surely" in text  # agreement with its interval
    assert "after 10 answers, less than 50% the same as the result" in text
    assert "where “negative” is right" in text and "By chance, for who works alone" in text
    assert text.count("positive") > 10 and person("bob").email not in text and "Bob" not in text


def test_evidence_on_gold_with_several_right_answers_shows_the_first(settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    gold = {"sentiment": {"any_of": ["neutral", "positive"]}}
    rows = [{"text": str(n)} for n in range(12)] + [{"text": f"g{n}", "_gold": gold} for n in range(6)]
    project = launched(rows, quality={"answers": {"min": 1, "max": 1}, "gold_share": 0.5})
    do_work(project.id, "bob", lambda _data: {"sentiment": "negative"})
    judge(project.id)
    on_gold = Assignment.objects.filter(project_id=project.id, is_gold=True).earliest("id")
    write_signal(
        project_id=project.id, worker_id=person("bob").id, kind="streak", about="sentiment", up_to=on_gold.id,
        figures={"in_a_row": 9, "answers": 9, "chance": 1e-9}, evidence=[[on_gold.id, 0]],
    )  # fmt: skip
    text = words(visitor("ada").get(address(project, "bob")))
    assert " neutral 4 sec" in text and "[" not in text


def test_the_list_tells_about_whom_there_is_something_and_the_good_one_has_nothing(busy: Any) -> None:
    bob, ben = pseudonym(busy, "bob"), pseudonym(busy, "ben")
    for query in ("?state=signals", "?state=paused"):
        text = words(visitor("ada").get(f"/projects/{busy.public_id}/people/{query}"))
        assert bob in text and ben not in text
    assert "Nobody here" in words(visitor("ada").get(f"/projects/{busy.public_id}/people/?state=objections"))
    assert queries.signals_of_worker(actor("ada"), busy.id, ben) == []


def test_a_signal_is_looked_at_or_dismissed_and_comes_back_only_with_new_evidence(busy: Any) -> None:
    signal = Signal.objects.get(kind="streak")
    sent = re.search(r'value="(sig_\w+)"', visitor("ada").get(address(busy, "bob")).content.decode())
    assert sent is not None
    posted = visitor("ada").post(address(busy, "bob"), {"do": "dismissed", "signal": sent[1]})
    assert posted.status_code == 303
    signal.refresh_from_db()
    assert (signal.state, signal.decided_by_id) == ("dismissed", person("ada").id)
    quality.watch_workers(project_id=busy.id)
    signal.refresh_from_db()
    assert signal.state == "dismissed"


def test_an_objection_goes_both_ways_through_the_pages(busy: Any) -> None:
    judged = f"/work/{busy.public_id}/judged/"
    page = words(visitor("bob").get(judged))
    assert "You get no more tasks of this project for now" in page and "0 / 10 = 0 % (< 50 %)" not in page
    assert "3 / 10 = 30 % (< 50 %)" in page or "4 / 10 = 40 % (< 50 %)" in page
    assert visitor("bob").post(judged, {"text": " "}).status_code == 422
    assert visitor("bob").post(judged, {"text": "They are all positive."}).status_code == 303
    assert "Your objection waits for a decision" in words(visitor("bob").get(judged))
    member("rob", busy.organisation_id, "reviewer")
    list_page = words(visitor("rob").get(f"/projects/{busy.public_id}/people/?state=objections"))
    assert pseudonym(busy, "bob") in list_page
    member_page = visitor("rob").get(address(busy, "bob")).content.decode()
    assert "They are all positive." in member_page
    objection = re.search(r'value="(obj_\w+)"', member_page)
    assert objection is not None
    sent = {"do": "refuse", "objection": objection[1], "answer": ""}
    assert visitor("rob").post(address(busy, "bob"), sent).status_code == 422
    assert visitor("rob").post(address(busy, "bob"), {**sent, "do": "grant"}).status_code == 303
    assert PauseObjection.objects.get().state == "granted"
    assert "Is this wrong?" not in words(visitor("bob").get(judged))


def test_how_my_work_is_judged_shows_only_mine_and_no_signals(busy: Any) -> None:
    text = words(visitor("ben").get(f"/work/{busy.public_id}/judged/"))
    assert "30 of 30; surely" in text and "Rules of this project" in text
    assert pseudonym(busy, "bob") not in text and "again and again" not in text
    assert "You have not handed in anything here yet" in words(
        visitor("cyn").get(f"/work/{busy.public_id}/judged/")
    )


def test_a_rule_is_tried_saved_changed_and_taken_away(busy: Any) -> None:
    ada = visitor("ada")
    said = {
        "collector": "agreement",
        "answers": "20",
        "which": "share_below",
        "share": "40",
        "action": "signal",
    }
    tried = ada.post(rules_page(busy), {**said, "do": "look"})
    assert "1 of 3 people" in words(tried) and pseudonym(busy, "bob") in words(tried)
    assert len(queries.rules_of(projects.project(busy.id))) == 1  # nothing is saved yet
    assert ada.post(rules_page(busy), {**said, "do": "save"}).status_code == 303
    first, second = queries.rules_of(projects.project(busy.id))
    assert (first.action, second.action, second.share_below) == ("pause", "signal", 0.4)
    assert "less than 40% the same as the result" in text_of(ada.get(f"{rules_page(busy)}?edit={second.key}"))
    ada.post(rules_page(busy), {**said, "share": "30", "edit": second.key, "do": "save"})
    assert queries.rules_of(projects.project(busy.id))[1].share_below == 0.3
    ada.post(rules_page(busy), {"do": "remove", "rule": first.key})
    assert len(queries.rules_of(projects.project(busy.id))) == 1
    assert Intervention.objects.filter(step="pause").count() == 1  # what happened stays


def test_what_does_not_fit_is_said_at_its_field(busy: Any) -> None:
    ada = visitor("ada")
    wrong = ada.post(
        rules_page(busy), {"collector": "income", "per_day": "0.01", "action": "limit_today", "do": "save"}
    )
    assert wrong.status_code == 422 and "one answer pays more" in words(wrong)
    test = {
        "collector": "guessing",
        "answers": "8",
        "sure": "95",
        "action": "pause",
        "until": "test",
        "do": "save",
    }
    assert "name the one that this is about" in words(ada.post(rules_page(busy), test))
    assert ada.post(rules_page(busy), {"do": "save", "collector": "luck"}).status_code == 422
    assert ada.post(rules_page(busy), {"do": "remove", "rule": "none"}).status_code == 422


def test_every_collector_has_its_form_and_every_preset_can_be_taken(busy: Any) -> None:
    from tagwerk.interfaces.web.pages.requester.rule_form import PRESETS
    from tagwerk.interfaces.web.rule_words import COLLECTORS

    ada = visitor("ada")
    for collector in COLLECTORS:
        assert "Save the rule" in words(ada.get(f"{rules_page(busy)}?add={collector}")), collector
    keys = re.findall(r'name="rule" value="(\w+)"', ada.get(rules_page(busy)).content.decode())
    for key in keys[1:]:
        ada.post(rules_page(busy), {"do": "take", "rule": key})
    assert {rule.collector for rule in queries.rules_of(projects.project(busy.id))} == {
        preset["collector"] for preset in PRESETS
    }


def test_the_pages_ask_the_database_little(busy: Any, django_assert_max_num_queries: Any) -> None:
    ada, bob = visitor("ada"), visitor("bob")
    pages = [(ada, address(busy, "bob")), (ada, rules_page(busy)), (bob, f"/work/{busy.public_id}/judged/")]
    for who, path in pages:
        who.get(path)
        with django_assert_max_num_queries(20):
            assert who.get(path).status_code == 200
