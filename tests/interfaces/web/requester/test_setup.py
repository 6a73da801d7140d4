"""People, quality, pay, check, launch: each step says what will happen, is saved on its own, can be left and taken up."""

import re
from typing import Any

import pytest

from tagwerk.domain.designs.rules.yaml_text import project_file_of
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects.rules import State
from tagwerk.domain.work import actions as work_actions
from tagwerk.domain.work import queries as work
from tests.interfaces.web.requester.drafting import (
    GO,
    PAIRS,
    ROWS,
    at,
    draft,
    fields,
    file,
    now,
    seen,
    send,
    uploaded,
)
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor
from tests.orders import deposit, floor, project, project_file
from tests.people import actor, organisation, person
from tests.workshop import do_work, judge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


def test_people_are_counted_while_the_form_is_filled_in() -> None:
    made = draft()
    person("ben"), person("cyn", country="FR", languages={"fr": "native"})
    french = {"who": "all", "language_0": "fr", "level_0": "C1", "countries": "France"}
    answer = text_of(visitor("ada").post(at(made, "people"), french, headers={"HX-Request": "true"}))
    assert re.search(r"\b1 of \d people known here fit", answer)
    assert file(made)["audience"] == {"languages": {"en": "B2"}}, "nothing is saved yet"
    assert send(made, "people", french | GO).status_code == 303
    assert file(made)["audience"] == {"languages": {"fr": "C1"}, "countries": ["FR"]}


def test_an_audience_that_says_more_than_the_form_is_kept() -> None:
    levels = {"de": "B2", "en": "B2", "fr": "A1"}
    made = project(audience={"team": "members", "invited": ["ada@example.org"], "languages": levels})
    given = {"who": "team", "team": "members", "sensitivity": "0"}
    for number, (tag, level) in enumerate(levels.items()):
        given |= {f"language_{number}": tag, f"level_{number}": level}
    assert send(made, "people", given | GO).status_code == 303
    assert file(made)["audience"] == {"team": "members", "invited": ["ada@example.org"], "languages": levels}


def test_nobody_who_fits_is_worth_a_thought() -> None:
    made = draft()
    given = {"who": "all", "language_0": "is", "level_0": "native"}
    answer = text_of(visitor("ada").post(at(made, "people"), given, headers={"HX-Request": "true"}))
    assert "Nobody known here fits yet" in answer


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"who": "all", "countries": "Atlantis"}, "not a country"),
        ({"who": "invited", "invited": ""}, "at least one address"),
        ({"who": "invited", "invited": "nobody"}, "not an e-mail address"),
        ({"who": "x"}, "Select a valid choice"),
    ],
)
def test_wrong_people_are_said_at_their_field(given: dict[str, str], said: str) -> None:
    made = draft()
    answer = send(made, "people", given | GO)
    assert answer.status_code == 422
    assert said in text_of(answer)


QUALITY = {"least": "3", "most": "3", "confidence": "90", "gold": "0", "review": "20", "days": "2"}


def test_quality_is_saved_and_said_in_sentences() -> None:
    made = draft()
    page = seen(made, "quality")
    assert (
        "Each task goes to 2 to 5 people, until its result is 95% certain or no further answer would be worth its price."
        in page
    )
    answer = text_of(visitor("ada").post(at(made, "quality"), QUALITY, headers={"HX-Request": "true"}))
    assert "Each task goes to 3 people." in answer and "Your own people look at 20% of the answers." in answer
    assert send(made, "quality", QUALITY | GO)["Location"] == at(made, "pay")
    assert file(made)["quality"] == {
        "answers": {"min": 3, "max": 3, "confidence": 0.9}, "review": {"share": 0.2},
    }  # fmt: skip
    assert file(made)["approve_after"] == "2 days"


def test_what_seldom_changes_about_gold_and_review_is_saved_and_shown_again() -> None:
    made = draft(kind="text")
    assert "<details><summary>More about gold" in seen(made, "quality")
    more = {
        "gold": "5", "gold_start": "30", "gold_start_tasks": "15", "gold_feedback": "on", "near_text": "0.2",
        "below": "80", "double": "10", "review_gold": "5",
    }  # fmt: skip
    assert send(made, "quality", QUALITY | more | GO).status_code == 303
    plan = file(made)["quality"]
    assert plan["gold_start"] == {"share": 0.3, "tasks": 15} and plan["gold_feedback"] is True
    assert plan["tolerance"] == {"text": 0.2}
    assert plan["review"] == {"share": 0.2, "below": 0.8, "double": 0.1, "gold": 0.05}
    page = seen(made, "quality")
    assert page.count("<details open>") == 2 and 'value="0.2"' in page and 'value="30"' in page
    answer = send(made, "quality", QUALITY | more | {"near_text": "7"} | GO)
    assert answer.status_code == 422 and "is not a share of the text" in text_of(answer)
    answer = send(made, "quality", QUALITY | {"gold_start_tasks": "15"} | GO)
    assert answer.status_code == 422 and "Say here how much gold" in text_of(answer)
    assert send(made, "quality", QUALITY | GO).status_code == 303  # emptied
    assert file(made)["quality"].keys() == {"answers", "review"}


def test_what_the_file_says_more_finely_than_the_form_stays() -> None:
    made = draft(content=PAIRS, kind="comparison")
    finer = {"review": {"share": 0.125, "below": 0.855}, "gold_share": 0.055, "tolerance": {"better": 1}}
    plan = project_file_of(
        {**file(made), "quality": {"answers": {"min": 3, "max": 3, "confidence": 0.905}, **finer}}
    )
    projects.revise_project(actor=actor("ada"), project_id=made.id, file=plan, has_answers=False)
    given = {"gold": "6", "review": "12", "below": "86"}
    assert send(made, "quality", QUALITY | given | GO).status_code == 303
    kept = file(made)["quality"]
    assert {name: kept[name] for name in finer} == finer and kept["answers"]["confidence"] == 0.905


def test_the_least_answers_cannot_be_more_than_the_most() -> None:
    made = draft()
    answer = send(made, "quality", QUALITY | {"least": "4", "most": "2"} | GO)
    assert answer.status_code == 422
    assert "must not be more than" in text_of(answer)


def test_gold_is_promised_only_where_there_is_some() -> None:
    made = draft()
    answer = text_of(
        visitor("ada").post(at(made, "quality"), QUALITY | {"gold": "10"}, headers={"HX-Request": "true"})
    )
    assert "There is no gold yet" in answer and "are gold." not in answer


def test_rows_that_come_in_with_their_right_answer_are_served() -> None:
    made = draft()
    gold = "review,_gold.answer\nThe kettle leaks.,yes\n"
    sent = visitor("ada").post(
        at(made, "data"), {"do": "file", "rows": uploaded(gold, "gold.csv")}, follow=True
    )
    assert "10% of the tasks that somebody gets are gold" in text_of(sent)
    assert file(made)["quality"]["gold_share"] == 0.1


def test_empty_cells_that_workers_would_see_are_said_before_the_launch() -> None:
    made = draft(content=ROWS + ",9\n")
    for step in ("data", "check", "launch"):
        page = seen(made, step)
        assert "In 1 of 5 rows “review” is empty: workers see nothing there. Row 5." in page, step
        assert step == "data" or f'href="{at(made, "data")}#empty"' in page, step
    row = re.findall(r'href="(/projects/[^"]+/tasks/[^"]+)">Row 5<', seen(made, "data"))[0]
    assert "9" in text_of(visitor("ada").get(row))


def test_a_pilot_is_smaller_than_the_whole() -> None:
    assert 'value="1"' in visitor("ada").get(at(draft(), "launch")).content.decode()


def test_pay_is_said_per_hour_and_may_have_a_comma() -> None:
    made = draft()
    given = {"per": "answer", "amount": "0,20", "seconds": "60", "budget": "3"}
    answer = text_of(visitor("ada").post(at(made, "pay"), given, headers={"HX-Request": "true"}))
    assert "€12.00 per hour" in answer and "€0.24" in answer
    assert send(made, "pay", given | GO).status_code == 303
    assert file(made)["pay"] == {"amount": "0.20", "estimate_seconds": 60}
    assert now(made).budget_micros == 3_000_000


def test_a_price_is_suggested_and_one_below_the_minimum_wage_is_warned_of() -> None:
    made = draft()
    floor()
    given = {"per": "answer", "amount": "0,05", "seconds": "20"}
    answer = text_of(visitor("ada").post(at(made, "pay"), given, headers={"HX-Request": "true"}))
    assert "€9.00 per hour is less than the minimum wage in Germany, €13.90." in answer
    assert (
        "Suggestion: €0.11 for an answer, which is 1.4 times the minimum wage in Germany (€13.90/h)" in answer
    )
    assert "about 68% earned at least the minimum wage at the suggested price" in answer
    fair = given | {"amount": "0,11"}
    answer = text_of(visitor("ada").post(at(made, "pay"), fair, headers={"HX-Request": "true"}))
    assert "is less than the minimum wage" not in answer and "here now, at least about 68% did" in answer


def test_an_hour_is_guaranteed_by_a_tick() -> None:
    made = draft()
    floor()
    given = {"per": "answer", "amount": "0,11", "seconds": "20", "guarantee": "on"}
    answer = text_of(visitor("ada").post(at(made, "pay"), given, headers={"HX-Request": "true"}))
    assert "An hour is guaranteed" in answer and "kept for the hour guarantee" in answer
    assert send(made, "pay", given | GO).status_code == 303
    assert now(made).hour_guarantee and file(made)["pay"]["hour_guarantee"] is True
    assert "without a time" not in seen(made, "pay")
    answer = send(made, "pay", given | {"seconds": ""} | GO)
    assert answer.status_code == 422 and "by which long answers are measured" in text_of(answer)
    assert send(made, "pay", {"per": "answer", "amount": "0.11", "seconds": "20"} | GO).status_code == 303
    assert not now(made).hour_guarantee


def test_without_pay_the_project_is_for_own_people_and_no_page_mentions_money() -> None:
    made = draft()
    assert send(made, "pay", {"per": "none", "seconds": "30"} | GO).status_code == 303
    assert file(made)["audience"]["team"] == "members"
    for step in ("data", "design", "people", "quality", "check", "launch"):
        page = seen(made, step)
        assert "€" not in page and "cost" not in page, step


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"per": "answer", "amount": ""}, "Write what an answer is paid"),
        ({"per": "answer", "amount": "much"}, "is not an amount"),
        ({"per": "answer", "amount": "0"}, "must be more than 0"),
    ],
)
def test_wrong_pay_is_said_at_its_field(given: dict[str, str], said: str) -> None:
    made = draft()
    answer = send(made, "pay", given | GO)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_try_out_shows_what_would_be_stored_and_stores_nothing() -> None:
    made = draft()
    ada = visitor("ada")
    assert "The kettle number 1" in text_of(ada.get(at(made, "check/try")))
    wrong = ada.post(at(made, "check/try"), {"row": "1", "answer.answer": '"maybe"'})
    assert wrong.status_code == 422
    right = {"row": "1", "seconds": "", "answer.answer": '"yes"', "_active_ms": "9000"}
    page = text_of(ada.post(at(made, "check/try"), right))
    assert "this would be stored" in page and "seconds=9" in page
    page = text_of(ada.post(at(made, "check/try"), right | {"row": "3", "seconds": "9,11"}))
    assert "A task took you 9 sec; the estimate says 12 sec." in page
    assert "€20.00 per hour" in page
    assert work.last_seq(made.id) == 0 and not work.has_answers(made.id)
    assert now(made).prepared == ["check"]


def test_launching_says_it_all_and_begins_with_a_pilot() -> None:
    deposit(50_000_000)
    made = draft()
    page = seen(made, "launch")
    for said in (
        "Ready: 4 tasks.",
        "Everybody here who fits may answer.",
        "Each task goes to 2 to 5 people",
        "€1.20",
    ):
        assert said in page
    answer = send(made, "launch", {"how": "pilot", "tasks": "2"})
    assert answer["Location"] == f"/projects/{made.public_id}/"
    assert now(made).state is State.OPEN and now(made).open_limit == 2
    assert work.progress(made.id).opened == 2
    assert visitor("ada").get(at(made, "design"))["Location"] == f"/projects/{made.public_id}/"
    assert "Nobody has answered yet" in text_of(visitor("ada").get(f"/projects/{made.public_id}/pilot/"))


def test_the_report_of_a_pilot_tells_how_the_first_tasks_went(settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    deposit(50_000_000)
    made = draft()
    send(made, "launch", {"how": "pilot", "tasks": "2"})
    for name, said in (("ben", "yes"), ("cyn", "no"), ("fay", "yes"), ("eve", "no")):
        do_work(made.id, name, lambda data, said=said: {"answer": said})
        judge(made.id)
    page = text_of(visitor("ada").get(f"/projects/{made.public_id}/pilot/"))
    assert "4 sec" in page and "estimated: 12 sec" in page and "€45.00" in page
    assert "people agree little" in page
    assert "2 tasks wait." in page and "€1.20" in page
    assert visitor("ada").post(f"/projects/{made.public_id}/launch/").status_code == 303
    assert now(made).open_limit is None


def test_missing_money_and_missing_approval_are_said_before_and_after_the_press() -> None:
    organisation("acme", approved=False)
    made = draft()
    page = seen(made, "launch")
    assert "Missing for all" in page and "still has to be approved" in page
    answer = send(made, "launch", {"how": "all"})
    assert answer.status_code == 403
    assert "An operator has to approve" in text_of(answer)
    assert now(made).state is State.DRAFT


def test_without_tasks_launching_is_refused_and_the_data_step_is_named() -> None:
    deposit(50_000_000)
    made = draft()
    work_actions.discard_tasks(actor=actor("ada"), project_id=made.id)
    assert "There are no tasks yet." in seen(made, "launch")
    answer = send(made, "launch", {"how": "all"})
    assert answer.status_code == 422 and "There are no tasks yet." in text_of(answer)


def test_gold_that_no_longer_fits_the_question_stops_the_launch() -> None:
    deposit(50_000_000)
    made = project()
    right = {"text": "Fine.", "_gold": {"sentiment": "positive"}}
    work_actions.import_tasks(project_id=made.id, rows=[{"text": "So-so."}, right])
    assert "no longer fit" not in seen(made, "check")
    rating = {"kind": "rating", "min": 1, "max": 5, "label": "How good?"}
    changed = project_file(ask={"sentiment": rating})
    projects.revise_project(actor=actor("ada"), project_id=made.id, file=changed, has_answers=False)
    assert "1 gold row no longer fits" in seen(made, "check")
    answer = send(made, "launch", {"how": "all"})
    assert answer.status_code == 422 and "1 gold row no longer fits" in text_of(answer)
    assert now(made).state is State.DRAFT


def test_all_tasks_at_once_wins_over_the_pilot_of_the_file_and_a_pilot_needs_its_number() -> None:
    deposit(50_000_000)
    made = project(pilot=1)
    work_actions.import_tasks(project_id=made.id, rows=[{"text": "So-so."}, {"text": "Fine."}])
    assert send(made, "launch", {"how": "pilot", "tasks": " "}).status_code == 422
    assert now(made).state is State.DRAFT and now(made).open_limit == 1
    assert send(made, "launch", {"how": "all"}).status_code == 303
    assert now(made).open_limit is None and work.progress(made.id).opened == 2


def test_a_draft_is_left_and_taken_up_at_the_next_step() -> None:
    made = draft()
    ada = visitor("ada")
    assert ada.get(f"/projects/{made.public_id}/setup/")["Location"] == at(made, "design")
    assert send(made, "design", fields(made) | {"do": "leave"})["Location"] == "/projects/"
    assert "Go on at “People”" in text_of(ada.get("/projects/"))
    assert "Go on at “People”" in text_of(ada.get(f"/projects/{made.public_id}/"))
    assert ada.get(f"/projects/{made.public_id}/setup/")["Location"] == at(made, "people")


def test_who_gave_a_whole_file_is_led_to_what_is_left() -> None:
    made = project()
    ada = visitor("ada")
    assert ada.get(f"/projects/{made.public_id}/setup/")["Location"] == at(made, "data")
    work_actions.import_tasks(project_id=made.id, rows=[{"text": "x"}])
    assert ada.get(f"/projects/{made.public_id}/setup/")["Location"] == at(made, "check")


def test_steps_need_few_queries_whatever_the_rows(django_assert_max_num_queries: Any) -> None:
    made = draft(content=ROWS + "".join(f"One more kettle of the many {n}.,1\n" for n in range(300)))
    client = visitor("ada")
    for step in ("data", "design", "people", "quality", "pay", "check", "launch"):
        client.get(at(made, step))
        with django_assert_max_num_queries(20):
            client.get(at(made, step))


def test_a_version_is_kept_of_every_saved_step() -> None:
    made = draft()
    send(made, "quality", QUALITY | GO)
    assert "What this version changed" in text_of(visitor("ada").get(f"/projects/{made.public_id}/file/"))
