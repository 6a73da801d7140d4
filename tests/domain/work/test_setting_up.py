"""What a draft can still do with its tasks, how many people fit, and how the first answers came about."""

import pytest

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects.rules import next_step, prepared_with
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tests.orders import project
from tests.people import actor, member, organisation, person
from tests.workshop import do_work, launched

ROWS = [{"_id": "1", "text": "One"}, {"text": "Two", "_gold": {"sentiment": "positive"}}]


@pytest.mark.django_db
def test_the_tasks_of_a_draft_can_be_thrown_away_and_its_ids_used_again() -> None:
    made = project()
    work.import_tasks(project_id=made.id, rows=ROWS)
    assert work.discard_tasks(actor=actor("ada"), project_id=made.id) == 2
    assert work.discard_tasks(actor=actor("ada"), project_id=made.id) == 0
    found = queries.progress(made.id)
    assert (found.tasks, found.gold_tasks) == (0, 0)
    assert work.import_tasks(project_id=made.id, rows=ROWS).imported == 2


@pytest.mark.django_db
def test_tasks_of_a_launched_project_stay_and_strangers_throw_nothing_away() -> None:
    made = launched(ROWS)
    with pytest.raises(Conflict, match="launched"):
        work.discard_tasks(actor=actor("ada"), project_id=made.id)
    with pytest.raises(NotFound):
        work.discard_tasks(actor=actor("cyn"), project_id=made.id)
    assert queries.progress(made.id).tasks == 1


@pytest.mark.django_db
def test_people_fit_as_the_audience_says() -> None:
    org = organisation("acme")
    person("ben"), person("cyn", country="AT", languages={"de-AT": "C1"})
    person("fay", country="FR", languages={"fr": "native"})
    member("rob", org, "reviewer")

    def fitting(**audience: object) -> int:
        return queries.fitting(project(audience=audience)).people

    known = queries.fitting(project()).known
    assert fitting() == known
    assert fitting(languages={"de": "C1"}) == known - 1
    assert fitting(languages={"de": "native"}) == known - 2
    assert fitting(languages={"de": "A1", "en": "A1"}) == known - 2
    assert fitting(countries=["AT", "FR"]) == 2
    assert fitting(team="members") == 2
    assert fitting(team="owners") == 1
    accounts.create_team(actor=actor("ada"), organisation_id=org, slug="night", name="Night")
    assert fitting(team="night") == 0
    accounts.change_team_members(
        actor=actor("ada"), organisation_id=org, slug="night", add=[person("rob").id]
    )
    assert fitting(team="night") == 1
    assert fitting(invited=["ben@example.org", "nobody@example.org"]) == 1


@pytest.mark.django_db
def test_working_says_how_long_answers_took_and_what_an_hour_pays() -> None:
    made = launched([{"text": f"{n}"} for n in range(3)])
    assert queries.working(made.id).median_ms is None
    do_work(made.id, "ben", lambda data: {"sentiment": "positive"}, most=2)
    found = queries.working(made.id)
    assert (found.answers, found.median_ms, found.people, found.given_up) == (2, 4_000, 1, 0)
    assert found.hourly_micros == 90_000_000  # 0.10 every four seconds


@pytest.mark.django_db
def test_steps_are_noted_once_and_in_their_order() -> None:
    made = project()
    projects.note_prepared(actor=actor("ada"), project_id=made.id, step="check")
    kept = projects.note_prepared(actor=actor("ada"), project_id=made.id, step="check").prepared
    assert kept == ["design", "people", "quality", "pay", "check"]
    with pytest.raises(NotFound):
        projects.note_prepared(actor=actor("cyn"), project_id=made.id, step="data")


def test_the_next_step_is_the_first_that_nobody_has_kept() -> None:
    assert next_step([], has_tasks=False) == "data"
    assert next_step([], has_tasks=True) == "design"
    assert next_step(["data", "design"], has_tasks=False) == "data"
    assert next_step(["design", "people", "quality", "pay", "check"], has_tasks=True) == "launch"
    assert prepared_with(["pay"], "design") == ["design", "pay"]
