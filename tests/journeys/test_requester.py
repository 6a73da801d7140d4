"""A requester's first project: an example, its tasks, launch, progress, review, and the results as a file."""

import json
from pathlib import Path
from typing import Any

import pytest

from tagwerk.base.ids import row_number
from tagwerk.domain.exports import actions as exports
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import queries as work
from tests.journeys.looking import looked_at, picture, sign_in, watched
from tests.orders import deposit
from tests.people import PASSWORD, person
from tests.workshop import PAID, do_work, judge

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1440, "height": 900}
MOODS = {"good": "positive", "bad": "negative", "plain": "neutral"}


def row(number: int) -> dict[str, Any]:
    mood = list(MOODS)[number % 3]
    found: dict[str, Any] = {
        "_id": f"review-{number}",
        "text": f"A {mood} kettle, number {number}. It boils water.",
    }
    return found | ({"_gold": {"mood": MOODS[mood]}} if number % 10 == 0 else {})


def mood(data: Any, *, wrong_at: str = "") -> dict[str, str]:
    if wrong_at and f"number {wrong_at}." in data["text"]:
        return {"mood": "neutral"}
    return {"mood": next(value for word, value in MOODS.items() if f" {word} " in data["text"])}


@pytest.fixture
def page(browser: Any, settings: Any) -> Any:
    """Ada's desk. She has money, and what people hand in is judged at once."""
    settings.UNDO_SECONDS = 0
    person("ada", password=PASSWORD)
    deposit(PAID)
    made = watched(browser, viewport=DESK, reduced_motion="reduce")
    yield made
    made.context.close()


def here(page: Any) -> int:
    """The project whose page is open."""
    public = page.url.partition("/projects/")[2].partition("/")[0]
    return row_number("prj", public)


def rows_file(folder: Path, rows: list[dict[str, Any]]) -> str:
    path = folder / "reviews.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows))
    return str(path)


def make_project(site: str, page: Any) -> None:
    sign_in(page, site, "ada", to="/projects/")
    looked_at(page)
    page.click("text=Make the first project")
    page.wait_for_url("**/projects/new/")
    looked_at(page)
    page.click("button:has-text('Choice')")
    page.wait_for_url("**/setup/data/")
    looked_at(page)


def bring_tasks(page: Any, folder: Path) -> None:
    rows = [*map(row, range(30)), {"_id": "x", "txt": "no text"}]
    page.set_input_files("#rows", rows_file(folder, rows))
    page.click("button:has-text('Bring the rows in')")
    page.wait_for_selector("text=Nothing was imported")
    assert page.is_visible("td:has-text('The column “text” is missing')")
    looked_at(page)
    with page.expect_download() as download:
        page.click("text=Download these rows")
    [bad] = [json.loads(line) for line in Path(download.value.path()).read_text().splitlines()]
    assert bad["txt"] == "no text" and bad["_row"] == 31
    page.click("button:has-text('Import the other rows')")
    page.wait_for_selector("text=30 rows are in")
    looked_at(page)


def launch(page: Any) -> None:
    """Straight to the last steps: a template is right as it is, but for who may answer."""
    page.click("nav >> text=People")
    page.wait_for_url("**/setup/people/")
    page.select_option("[name=language_0]", "")
    page.click("button:has-text('Save and go on')")
    page.wait_for_url("**/setup/quality/")
    page.click("nav >> text=Launch")
    page.wait_for_url("**/setup/launch/")
    page.check("[name=how][value=all]")
    looked_at(page)
    page.click("button:has-text('Launch all')")
    page.wait_for_selector("text=The project is running")
    looked_at(page)


def answers_come_in(project_id: int) -> None:
    """Three people answer; one of them is wrong twice."""
    do_work(project_id, "ben", mood)
    do_work(project_id, "cyn", lambda data: mood(data, wrong_at="4"))
    judge(project_id)
    do_work(project_id, "dan", mood)
    judge(project_id)


def test_from_an_example_to_a_file_of_results(site: str, page: Any, tmp_path: Path) -> None:
    make_project(site, page)
    bring_tasks(page, tmp_path)
    launch(page)
    number = here(page)
    answers_come_in(number)
    page.reload()
    page.wait_for_selector("text=Results so far")
    looked_at(page)
    picture(page, "requester")
    see_tasks(page)
    review(page, number)
    export(page, number)
    the_rest(page)


def see_tasks(page: Any) -> None:
    page.click('.tabs >> text="Tasks"')
    page.wait_for_url("**/tasks/")
    looked_at(page)
    page.fill("#id_id", "review-4")
    page.click("button:has-text('Filter')")
    page.wait_for_selector("text=All answers side by side", state="attached")
    page.wait_for_selector("html[data-ready]")
    looked_at(page)
    page.click("summary:has-text('Write to the worker') >> nth=0")
    page.fill("textarea[name=text] >> nth=0", "Why neutral?")
    page.click("button:has-text('Send') >> nth=0")
    page.wait_for_selector("text=The message is sent.")
    page.wait_for_selector("html[data-ready]")
    page.click("details:has(form[data-task]) summary")
    page.click("form[data-task] label:has-text('negative')")
    page.click("button:has-text('Decide')")
    page.wait_for_selector("text=The result is decided.")
    assert page.is_visible("text=decided by hand")


def review(page: Any, number: int) -> None:
    page.click(".tabs >> text=Review")
    page.wait_for_url("**/review/")
    looked_at(page)
    page.click("summary:has-text('Reject') >> nth=0")
    page.select_option("article select >> nth=0", "low_effort")
    page.fill("article textarea >> nth=0", "The text says it plainly.")
    page.click("article form button:has-text('Reject') >> nth=0")
    page.wait_for_selector("text=The answer is rejected.")
    page.click("button:has-text('Approve all on this page')")
    page.wait_for_selector("text=10 answers are approved and paid.")
    progress = work.progress(number)
    assert (progress.approved, progress.rejected) == (10, 1)


def export(page: Any, number: int) -> None:
    page.click(".tabs >> text=Results")
    page.wait_for_url("**/results/")
    looked_at(page)
    page.check("input[value=csv]")
    page.click("button:has-text('Accept the rest, pay and export')")
    page.wait_for_selector("text=The file is being made.")
    looked_at(page)
    export_id = row_number("exp", page.url.rstrip("/").rpartition("/")[2])
    exports.run_export(export_id=export_id)
    page.wait_for_selector("a:has-text('Download')")  # the page has noticed by itself
    looked_at(page)
    assert page.is_visible("text=client.exports.download(")
    with page.expect_download() as download:
        page.click("a:has-text('Download')")
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + 30
    assert "result.mood" in lines[0]
    assert work.progress(number).approved == work.progress(number).answers - 1


def the_rest(page: Any) -> None:
    page.click(".tabs >> text=Project file")
    page.wait_for_url("**/file/")
    page.click("a:has-text('Revise')")
    page.wait_for_url("**/revise/")
    page.fill("#id_file", page.input_value("#id_file").replace("Read the review", "Read the whole review"))
    page.click("button:has-text('Preview')")
    page.wait_for_selector("ins:has-text('whole review')")
    looked_at(page)
    page.click("button:has-text('Save the new version')")
    page.wait_for_selector("text=What this version changed")
    looked_at(page)
    page.click(".tabs >> text=Messages")
    page.wait_for_url("**/threads/")
    looked_at(page)
    page.click("tbody a >> nth=0")
    page.wait_for_selector("text=Why neutral?")
    looked_at(page)
    page.click("text=Overview")
    page.wait_for_selector("#steps")
    page.click("summary:has-text('Finish the project')")
    page.click("button:has-text('Finish for good')")
    page.wait_for_selector(".badge:has-text('finished')")
    assert projects.project(here(page)).finished_at is not None
    looked_at(page)


def test_media_are_uploaded_and_shown_to_the_requester(site: str, page: Any, tmp_path: Path) -> None:
    from PIL import Image

    make_project(site, page)
    page.click("text=upload the files")
    page.wait_for_url("**/media/")
    looked_at(page)
    Image.new("RGB", (40, 30), "teal").save(tmp_path / "bird.png")
    (tmp_path / "page.html").write_text("<script>1</script>")
    page.set_input_files("#id_media_files", [str(tmp_path / "bird.png"), str(tmp_path / "page.html")])
    page.click("button:has-text('Upload')")
    page.wait_for_selector(".pieces-refused:has-text('no picture, sound or film')")
    looked_at(page)
    page.reload()
    assert page.is_visible("td:has-text('image/png')")
    looked_at(page)
