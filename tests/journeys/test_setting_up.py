"""Setting a project up from own rows: left and taken up on a phone in German, and at a desk in English to the launch."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tagwerk.base.ids import row_number
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.rules import State
from tagwerk.domain.work import queries as work
from tests.journeys.looking import PHONE, looked_at, sign_in, watched
from tests.orders import deposit
from tests.people import PASSWORD, person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ROWS = "id;bewertung;sterne\n" + "".join(
    f"{n};Der Wasserkocher Nummer {n} kocht schnell und sieht gut aus.;{n % 5 + 1}\n" for n in range(1, 9)
)


@pytest.fixture
def rows(tmp_path: Path) -> str:
    path = tmp_path / "wasserkocher.csv"
    path.write_text(ROWS)
    return str(path)


def ada(browser: Any, **options: Any) -> Iterator[Any]:
    person("ada", password=PASSWORD, ui_language="de" if "locale" in options else "en")
    deposit(50_000_000)
    page = watched(browser, reduced_motion="reduce", **options)
    yield page
    page.context.close()


@pytest.fixture
def phone(browser: Any) -> Any:
    yield from ada(browser, viewport=PHONE, locale="de-DE", has_touch=True)


@pytest.fixture
def desk(browser: Any) -> Any:
    yield from ada(browser, viewport={"width": 1440, "height": 900})


def begin(site: str, page: Any, rows: str) -> None:
    sign_in(page, site, "ada", to="/projects/new/")
    page.set_input_files("#id_rows", rows)
    page.select_option("#id_language", "de")
    page.click("#data button")
    page.wait_for_url("**/setup/data/")


def made(page: Any) -> projects.ProjectView:
    return projects.project(row_number("prj", page.url.partition("/projects/")[2].partition("/")[0]))


def test_left_after_the_design_and_taken_up_from_the_list(site: str, phone: Any, rows: str) -> None:
    begin(site, phone, rows)
    phone.wait_for_selector("text=8 Zeilen sind da")
    looked_at(phone)
    phone.click("text=Weiter >> nth=0")
    phone.wait_for_url("**/setup/design/")
    phone.fill("[name=ask-0-label]", "Klingt das zufrieden?")
    phone.frame_locator("iframe").locator("text=Klingt das zufrieden?").wait_for()
    looked_at(phone)
    phone.click("button:has-text('Speichern und verlassen')")
    phone.wait_for_url("**/projects/")
    phone.click("text=Weiter bei „Personen“")
    phone.wait_for_url("**/setup/people/")
    phone.check("[name=who][value=team]")
    phone.wait_for_selector("#setup-says >> text=Nur Leute Ihrer Organisation")
    phone.click("button:has-text('Speichern und weiter')")
    phone.wait_for_url("**/setup/quality/")
    looked_at(phone)
    assert made(phone).file["ask"][0]["answer"]["label"] == "Klingt das zufrieden?"
    assert made(phone).prepared == ["design", "people"]


def test_from_own_rows_to_the_launch(site: str, desk: Any, rows: str) -> None:
    begin(site, desk, rows)
    desk.click("button:has-text('Go on')")
    desk.wait_for_url("**/setup/design/")
    desk.fill("[name=ask-0-options]", "gut\nschlecht")
    desk.press("[name=ask-0-options]", "Tab")
    desk.locator("#yaml", has_text="schlecht").wait_for()
    desk.click("button:has-text('Rating')")
    desk.wait_for_selector("[name=ask-1-scale]")
    looked_at(desk)
    for step in ("people", "quality", "pay", "check"):
        desk.click("button:has-text('Save and go on')")
        desk.wait_for_url(f"**/setup/{step}/")
    looked_at(desk)
    try_out(desk)
    desk.click("button:has-text('Go on')")
    desk.wait_for_url("**/setup/launch/")
    looked_at(desk)
    desk.check("[name=how][value=pilot]")
    desk.fill("[name=tasks]", "3")
    desk.click("button:has-text('Launch the pilot')")
    desk.wait_for_selector("text=The project is running")
    found = made(desk)
    assert (found.state, work.progress(found.id).opened) == (State.OPEN, 3)
    desk.click("text=Report of the pilot")
    desk.wait_for_url("**/pilot/")
    looked_at(desk)


def try_out(desk: Any) -> None:
    desk.click("text=Do three tasks >> nth=-1")
    for number in (1, 2, 3):
        desk.wait_for_selector(f"text=task {number} of 3")
        desk.keyboard.press("1")
        desk.locator("tw-rating input").nth(2).check(force=True)
        desk.click("button:has-text('Submit')")
        desk.wait_for_selector("text=this would be stored")
        desk.click("text=Next task" if number < 3 else "text=Go on to the check")
    desk.wait_for_url("**/setup/check/")


def test_a_broken_connection_goes_on_where_it_stopped(
    site: str, desk: Any, rows: str, tmp_path: Path
) -> None:
    film = tmp_path / "long.wav"
    film.write_bytes(b"RIFF\0\0\0\0WAVE" + bytes(9_000_000))
    begin(site, desk, rows)
    desk.click("text=upload the files")
    desk.wait_for_url("**/media/")
    sent: list[int] = []

    def breaking(route: Any) -> None:
        body = route.request.post_data_buffer or b""
        sent.append(len(body))
        if len(sent) == 3:  # the second piece, half-way
            route.abort("connectionreset")
        else:
            route.continue_()

    desk.route("**/media/piece/", breaking)
    desk.set_input_files("#id_media_files", str(film))
    desk.click("#media button")
    desk.wait_for_selector("text=It goes on by itself")
    desk.wait_for_selector("th:has-text('long.wav')")
    assert sum(size > 1_000_000 for size in sent) == 4, "three pieces, one of them twice"
    looked_at(desk)
