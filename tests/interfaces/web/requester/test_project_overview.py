"""The overview of a project and its steps."""

import re
from typing import Any

import pytest

from tagwerk.domain.payments import queries as payments
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.rules import State
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.interfaces.web.formats import money_text
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor, words
from tests.orders import deposit, project
from tests.people import actor, member, organisation
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files", "no_undo")]

ROWS = [{"_id": f"row-{n}", "text": f"Text {n}"} for n in range(5)]


@pytest.fixture
def no_undo(settings: Any) -> None:
    """Answers can be judged at once."""
    settings.UNDO_SECONDS = 0


def filled(**changes: Any) -> projects.ProjectView:
    made = project(**changes)
    work.import_tasks(project_id=made.id, rows=ROWS)
    return made


def page_of(made: projects.ProjectView, name: str = "ada") -> str:
    return text_of(visitor(name).get(f"/projects/{made.public_id}/"))


def step(made: projects.ProjectView, what: str, **given: str) -> Any:
    return visitor("ada").post(f"/projects/{made.public_id}/{what}/", given)


def test_a_draft_says_what_is_to_do_until_the_first_export() -> None:
    page = page_of(project())
    assert "Until the first export" in page
    assert "Go on at “Data”" in page
    assert "Go on at “Check”" in page_of(filled())


def test_launch_sets_the_money_aside_and_opens() -> None:
    deposit(100_000_000)
    made = filled()
    assert step(made, "launch").status_code == 303
    assert projects.project(made.id).state is State.OPEN
    assert work_queries.progress(made.id).reserved_micros == 2_400_000
    assert "Pause" in page_of(made)


def test_a_pilot_opens_so_many_tasks_and_goes_on_with_the_rest() -> None:
    deposit(100_000_000)
    made = filled()
    step(made, "launch", tasks="2")
    assert work_queries.progress(made.id).opened == 2
    assert "Go on with the rest" in page_of(made)
    step(made, "launch")
    work.open_covered_tasks(project_id=made.id)
    assert work_queries.progress(made.id).opened == 5


@pytest.mark.parametrize("tasks", ["0", "-3", "many", "1.5", "٣", "99999999999"])
def test_a_pilot_is_a_number(tasks: str) -> None:
    deposit(100_000_000)
    made = filled()
    answer = step(made, "setup/launch", how="pilot", tasks=tasks)
    assert answer.status_code == 422
    assert "For a pilot write how many" in text_of(answer)
    assert f'value="{tasks}"' in text_of(answer)
    assert projects.project(made.id).state is State.DRAFT


def test_a_launch_without_money_says_both_amounts() -> None:
    organisation("acme")
    answer = step(filled(), "launch")
    assert answer.status_code == 409
    assert "needs 2.40 EUR" in text_of(answer)


def test_an_organisation_that_is_not_approved_cannot_launch() -> None:
    organisation("acme", approved=False)
    answer = step(filled(), "launch")
    assert answer.status_code == 403
    assert "approve" in text_of(answer)


def test_pause_resume_finish_archive() -> None:
    made = launched(ROWS)
    for what, state in [
        ("pause", State.PAUSED),
        ("resume", State.OPEN),
        ("finish", State.FINISHED),
        ("archive", State.ARCHIVED),
    ]:
        assert step(made, what).status_code == 303
        assert projects.project(made.id).state is state
    assert step(made, "resume").status_code == 409


def test_steps_are_posted() -> None:
    made = filled()
    assert visitor("ada").get(f"/projects/{made.public_id}/launch/").status_code == 405


def test_the_form_says_what_the_budget_is_and_what_more_of_it_costs() -> None:
    made = launched(ROWS, budget="0.50")
    page = words(visitor("ada").get(f"/projects/{made.public_id}/"))
    there = payments.prepaid_micros(made.organisation_id, "EUR")
    assert "Present budget €0.50 €0.00 spent, €0.50 set aside" in page
    assert f"a new budget can be {money_text(there + 500_000, 'EUR')} at most" in page
    most = -(-work_queries.estimate(made.id).largest_micros // 10_000) * 10_000
    assert f"All tasks cost at most {money_text(most, 'EUR')}" in page
    step(made, "budget", budget="0.75")
    assert payments.prepaid_micros(made.organisation_id, "EUR") == there - 250_000
    assert "Present budget €0.75" in words(visitor("ada").get(f"/projects/{made.public_id}/"))


def test_raise_the_budget() -> None:
    made = launched(ROWS, budget="2.00")
    assert step(made, "budget", budget="2,50").status_code == 303
    assert projects.project(made.id).budget_micros == 2_500_000
    refused = step(made, "budget", budget="1.00")
    assert refused.status_code == 422
    assert "must be more than 2.50 EUR" in text_of(refused)
    assert "is not an amount" in text_of(step(made, "budget", budget="much"))


def test_unpaid_projects_show_nothing_about_money(settings: Any) -> None:
    organisation("acme")
    made = filled(pay={"per": "none"}, audience={"team": "members"})
    assert "€" not in page_of(made) and "Money" not in page_of(made) and "deposit" not in page_of(made)
    assert step(made, "launch").status_code == 303
    page = page_of(made)
    for word in ("€", "EUR", "Money", "budget", "paid", "cost"):
        assert word not in page, word


def test_progress_agreement_and_gold(settings: Any) -> None:
    made = launched(ROWS)
    for name in ("ben", "cyn", "dan", "eve"):
        do_work(made.id, name, lambda data: {"sentiment": "positive"})
        judge(made.id)
    page = page_of(made)
    assert "Export the first results" in page
    assert "How does it sound?" in page and "positive" in page
    assert "Answers per task" in page


PANELS = ("progress", "pace", "results", "agreement", "gold", "times", "money")


@pytest.mark.parametrize("panel", PANELS)
def test_each_panel_comes_alone_and_asks_one_question(panel: str, django_assert_num_queries: Any) -> None:
    made = answered()
    client, address = visitor("ada"), f"/projects/{made.public_id}/panels/{panel}/"
    fragment = text_of(client.get(address))
    assert fragment.lstrip().startswith(f'<tw-live class="live" id="panel-{panel}" hx-get="{address}"')
    assert "<html" not in fragment and "<link" not in fragment
    others = 4  # the session, the person, their roles, the project
    with django_assert_num_queries(others + 1):
        client.get(address)


def answered() -> projects.ProjectView:
    made = launched([*ROWS, {"text": "gold", "_gold": {"sentiment": "positive"}}])
    for name in ("ben", "bea"):
        do_work(made.id, name, lambda data: {"sentiment": "positive"})
    judge(made.id)
    return made


def test_a_finished_project_does_not_look_again() -> None:
    made = answered()
    step(made, "finish")
    page = page_of(made)
    assert "hx-get" not in page and "Results so far" in page


def test_what_is_no_panel_does_not_exist_and_money_not_for_everybody() -> None:
    made = answered()
    member("rob", made.organisation_id, "reviewer")
    for name, panel, status in (("ada", "secrets", 404), ("rob", "money", 404), ("rob", "pace", 200)):
        answer = visitor(name).get(f"/projects/{made.public_id}/panels/{panel}/")
        assert answer.status_code == status, (name, panel)


def test_a_scale_stands_in_its_order_and_other_results_by_how_often_they_are() -> None:
    ask = {
        "mood": {"kind": "choice", "options": ["good", "bad"], "label": "Mood"},
        "clear": {"kind": "rating", "scale": 4, "label": "Clear"},
    }
    made = launched(ROWS, ask=ask)
    for name in ("ben", "bea"):
        do_work(
            made.id,
            name,
            lambda data: {"mood": "bad" if data["text"] != "Text 1" else "good", "clear": 2},
        )
    judge(made.id)
    panel = text_of(visitor("ada").get(f"/projects/{made.public_id}/panels/results/"))
    assert panel.index('scope="row">bad<') < panel.index('scope="row">good<')
    assert re.findall(r'scope="row">(\d)</th>', panel) == ["1", "2", "3", "4"]


def test_reviewers_see_no_money_and_no_steps() -> None:
    made = launched(ROWS)
    member("rob", made.organisation_id, "reviewer")
    page = page_of(made, "rob")
    assert "€" not in page and "Next steps" not in page


def test_money_adds_up_after_approval(settings: Any) -> None:
    made = launched(ROWS)
    do_work(made.id, "ben", lambda data: {"sentiment": "positive"})
    judge(made.id)
    work.accept_all(project_id=made.id, actor_id=actor("ada").person_id)
    flows = payments.project_money(made.id, "EUR")
    assert flows.pay_micros + flows.fee_micros == 600_000
    page = page_of(made)
    assert "€0.60" in page and "€0.50 pay, €0.10 fee" in page


def test_the_overview_needs_few_queries(django_assert_max_num_queries: Any) -> None:
    made = answered()
    client = visitor("ada")
    client.get(f"/projects/{made.public_id}/")
    with django_assert_max_num_queries(20):
        client.get(f"/projects/{made.public_id}/")
