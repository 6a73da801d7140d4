"""The page of the estimate: before anything was answered, with other assumptions, and with what was measured."""

from functools import partial
from random import Random
from typing import Any

import pytest

from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.models import GoldAnswer
from tagwerk.domain.work import actions as work
from tests import orders
from tests.domain.work import scene
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor
from tests.people import actor
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


def page_of(made: ProjectView, name: str = "ada", **asked: str) -> str:
    return text_of(visitor(name).get(f"/projects/{made.public_id}/estimate/", asked))


@pytest.fixture
def measured(settings: Any) -> ProjectView:
    """Thirty tasks and ten gold ones, of which two mislead everybody."""
    settings.UNDO_SECONDS = 0
    made = launched([{"text": f"Text {n}"} for n in range(30)], quality=scene.answers(2, 4))
    chance = Random(1)
    for name in ("ben", "eve", "fay", "gil"):
        do_work(made.id, name, lambda data: {"sentiment": "positive"}, active_ms=lambda: round(chance.lognormvariate(9.4, 0.6)))  # fmt: skip
        judge(made.id)
    GoldAnswer.objects.bulk_create(
        GoldAnswer(project_id=made.id, assignment_id=10 * task + worker, task_id=task, worker_id=worker, seq=10 * task + worker,
                   by_chance=0.3, active_ms=4_000, right=task > 1, question="sentiment")
        for task in range(10) for worker in range(5)
    )  # fmt: skip
    return made


def test_a_draft_without_tasks_shows_an_example_and_its_defaults() -> None:
    made = orders.project()
    page = page_of(made)
    assert "There are no tasks yet" in page
    assert "a default: put in" in page
    assert "from the project" in page
    assert "Errors are not independent" in page


def test_other_assumptions_are_put_in_and_computed() -> None:
    made = scene.running(20, launch=False)
    page = page_of(
        made, tasks="1000", least="3", most="3", reward_micros="0,10", accuracy_bp="80", redo_bp="0"
    )
    assert "€360.00" in page  # 3,000 answers at 0.12
    assert "yours" in page
    assert "€9.60" in page  # the most that can be spent on the twenty that are there
    assert visitor("ada").get(f"/projects/{made.public_id}/estimate/", {"tasks": "1000"}).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"people": "0"},
        {"accuracy_bp": "high"},
        {"least": "5", "most": "3"},
        {"vat_bp": "NaN"},
        {"tasks": "1e99"},
    ],
)
def test_what_makes_no_sense_comes_back_with_what_was_typed(wrong: dict[str, str]) -> None:
    made = orders.project()
    reply = visitor("ada").get(f"/projects/{made.public_id}/estimate/", {"tasks": "10", **wrong})
    assert reply.status_code == 422
    assert "Please correct this first" in text_of(reply)


def test_a_budget_below_the_likely_cost_is_said() -> None:
    made = scene.running(200, launch=False, budget="10.00")
    assert "The likely cost is above the budget of €10.00" in page_of(made)


def test_vat_is_known_where_the_operator_has_said_what_the_company_is() -> None:
    made = scene.running(100, launch=False)
    assert quality.vat_bp(made.organisation_id) is None
    assert "VAT depends on your organisation and is not known here" in page_of(made)
    assert quality.estimate_of(made, given={"vat_bp": 1_900}).forecast.mid.vat_micros is not None


def test_unpaid_projects_speak_of_no_money() -> None:
    made = orders.project(**scene.without_pay("ben"))
    page = page_of(made)
    assert "€" not in page
    assert "Results that are right" in page


def test_what_was_measured_replaces_the_defaults_and_says_so(measured: ProjectView) -> None:
    known = quality.measured_in(measured)
    assert known.gold is not None and known.times is not None
    assert known.gold.share == pytest.approx(0.8, abs=0.06)
    assert all(
        share == pytest.approx(0.8, abs=0.01) for k, share, _ in known.gold.votes
    )  # two mislead everybody
    page = page_of(measured)
    assert "measured here" in page
    assert "Measured on gold" in page
    assert "people err together" in page
    found = quality.estimate_of(measured)
    assert found.assumptions.accuracy_bp == round(known.gold.share * 10_000)
    assert found.assumptions.seconds == round(known.times.median.value)
    assert found.assumptions.seconds * found.assumptions.mean_bp / 10_000 == pytest.approx(known.times.mean.value, rel=0.01)  # fmt: skip


def test_the_page_keeps_its_budget(measured: ProjectView, django_assert_max_num_queries: Any) -> None:
    browser = visitor("ada")
    with django_assert_max_num_queries(20):
        browser.get(f"/projects/{measured.public_id}/estimate/?tasks=5")


def test_the_steps_of_setting_up_lead_to_it() -> None:
    made = scene.running(20, launch=False)
    for step in ("pay", "launch"):
        reply = visitor("ada").get(f"/projects/{made.public_id}/setup/{step}/")
        assert f"/projects/{made.public_id}/estimate/" in reply.content.decode()
        assert "Likely cost" in text_of(reply)


def pilot(people: int, tasks: int, settings: Any) -> ProjectView:
    """A pilot that so many people have worked on, each at a speed of their own."""
    settings.UNDO_SECONDS = 0
    made = scene.running(4 * tasks, launch=False, quality=scene.answers(people, people))
    work.launch(actor=actor("ada"), project_id=made.id, tasks=tasks)
    work.open_covered_tasks(project_id=made.id)
    for number in range(people):
        chance, pace = Random(number), 25_000 * (0.6 + 0.1 * number)
        timed = partial(lambda chance, pace: round(pace * chance.lognormvariate(0, 0.4)), chance, pace)
        do_work(made.id, f"w{number}", lambda data: {"sentiment": "positive"}, active_ms=timed)
    judge(made.id)
    return made


def test_the_report_of_a_pilot_says_how_sure_its_times_are(settings: Any) -> None:
    made = pilot(10, 10, settings)
    page = text_of(visitor("ada").get(f"/projects/{made.public_id}/pilot/"))
    assert "100 answers by 10 people" in page
    assert "typical (median)" in page and "of work (" in page
    assert "€18.00 an hour, as you meant it, would be" in page  # 0.10 for 20 seconds
    assert "Estimate again after" not in page
    assert "Spending stops at" in page and "only you can raise it" in page
    times = quality.times_of(made.id)
    assert times.median.low < times.median.value < times.median.high
    assert times.mean.high - times.mean.low > 0.1 * times.mean.value  # workers differ, and that is seen


def test_a_pilot_of_few_asks_to_wait(settings: Any) -> None:
    made = pilot(4, 6, settings)
    page = text_of(visitor("ada").get(f"/projects/{made.public_id}/pilot/"))
    assert "Estimate again after 100 answers by 10 people" in page
    assert "So far 24 by 4 are timed" in page


def test_a_pilot_proposes_as_many_tasks_as_a_hundred_answers_take() -> None:
    assert quality.pilot_size(answers_min=1, tasks=10_000) == 100
    assert quality.pilot_size(answers_min=2, tasks=10_000) == 50
    assert quality.pilot_size(answers_min=5, tasks=10_000) == 30
    assert quality.pilot_size(answers_min=2, tasks=40) == 10
    assert quality.pilot_size(answers_min=2, tasks=1) == 1


def test_ways_stand_side_by_side_with_their_defaults_marked(measured: ProjectView) -> None:
    browser, where = visitor("ada"), f"/projects/{measured.public_id}/estimate/ways/"
    page = text_of(browser.get(where))
    assert page.count("cheapest right result") == 1
    assert page.count("measured on gold") == 3  # one, three and five answers
    assert page.count("computed from single answers to gold") == 1
    assert page.count("a default") >= 3  # the expert and the model
    page = text_of(browser.get(where, {"tasks": "1000", "model_micros": "0,01", "model_accuracy_bp": "90"}))
    assert "€10.00" in page and "yours" in page
    assert browser.get(where, {"tasks": "1000", "asked_bp": "101"}).status_code == 422


def test_unpaid_projects_have_no_ways_to_compare() -> None:
    made = orders.project(**scene.without_pay("ben"))
    assert visitor("ada").get(f"/projects/{made.public_id}/estimate/ways/").status_code == 404
