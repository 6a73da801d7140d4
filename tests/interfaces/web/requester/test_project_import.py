"""Rows from a file, bad rows with their reason, examples to fill in, media."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tagwerk.base.ids import row_number
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import actions as work_actions
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.rules.readers import rows_of
from tagwerk.interfaces.web.pages.requester import project_media
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor
from tests.orders import project
from tests.people import actor, member
from tests.workshop import launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

GOOD = "_id,text,_gold.sentiment\n1,Fine,positive\n2,Bad,\n"
BAD = "_id,text,_gold.sentiment\n1,Fine,splendid\n2\n3,Good,\n"


def send(made: projects.ProjectView, content: str | bytes, name: str = "rows.csv", **given: str) -> Any:
    data = content.encode() if isinstance(content, str) else content
    given = {"on_bad": "refuse", **given}
    return visitor("ada").post(
        f"/projects/{made.public_id}/import/", {"rows": SimpleUploadedFile(name, data), **given}
    )


def brought_in(answer: Any) -> str:
    """The address of the report, when the job has done its work."""
    assert answer.status_code == 303
    address: str = answer["Location"]
    work_actions.run_import(import_id=row_number("imp", address.rstrip("/").rpartition("/")[2]))
    return address


def follow(answer: Any) -> str:
    return text_of(visitor("ada").get(brought_in(answer)))


def test_the_page_says_what_a_row_holds() -> None:
    made = project()
    page = text_of(visitor("ada").get(f"/projects/{made.public_id}/import/"))
    assert '<code class="column">text</code>' in page
    assert "_gold.sentiment" in page


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.csv", GOOD),
        ("rows.CSV", GOOD.replace(",", ";")),
        ("rows.jsonl", '{"_id": "1", "text": "Fine", "_gold": {"sentiment": "positive"}}\n{"text": "Bad"}\n'),
        ("rows.json", '[{"_id": "1", "text": "Fine", "_gold": {"sentiment": "positive"}}, {"text": "Bad"}]'),
    ],
)
def test_good_rows_become_tasks(name: str, content: str) -> None:
    made = project()
    page = follow(send(made, content, name))
    assert "All rows are in." in page
    progress = work.progress(made.id)
    assert (progress.tasks, progress.gold_tasks) == (1, 1)
    assert name in text_of(visitor("ada").get(f"/projects/{made.public_id}/import/"))


def test_all_or_nothing_names_every_bad_row() -> None:
    made = project()
    page = follow(send(made, BAD))
    assert "Nothing was imported" in page
    assert "splendid" in page and "Values on this line: 1" in page
    assert work.progress(made.id).tasks == 0


def test_skip_takes_the_good_rows_and_gives_the_bad_ones_back() -> None:
    made = project()
    answer = send(made, BAD, on_bad="skip")
    assert "The good rows are in" in follow(answer)
    assert work.progress(made.id).tasks == 1
    file = visitor("ada").get(answer["Location"] + "bad-rows.jsonl")
    lines = [json.loads(line) for line in b"".join(file.streaming_content).splitlines()]
    assert [(line["_row"], line.get("_id"), line.get("_line")) for line in lines] == [
        (1, "1", None),
        (2, None, "2"),
    ]
    assert "splendid" in lines[0]["_reason"]
    assert file["Content-Disposition"] == 'attachment; filename="sentiment-bad-rows.jsonl"'


def test_the_same_rows_again_change_nothing() -> None:
    made = project()
    rows = '{"_id": "1", "text": "Fine"}'
    follow(send(made, rows, "rows.jsonl"))
    assert "Nothing has changed" in follow(send(made, rows, "rows.jsonl"))
    assert "Nothing was imported" in follow(send(made, rows.replace("Fine", "New"), "rows.jsonl"))
    assert "All rows are in" in follow(send(made, rows.replace("Fine", "New"), "rows.jsonl", replace="on"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rows.xlsx", b"PK", "is a workbook"),
        ("rows.csv", b"a,b\n\xc3\xbc\xff,1\n", "save it as “CSV UTF-8”"),
        ("rows.csv", b"a,a\n1,2\n", "names its columns"),
        ("rows.json", b"{}", "list of rows"),
        ("rows.parquet", b"no", "not Parquet"),
        ("rows.csv", b"", "empty"),
    ],
)
def test_files_that_cannot_be_read_are_refused_at_the_field(name: str, content: bytes, said: str) -> None:
    answer = send(project(), content, name)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_finished_project_takes_no_rows() -> None:
    from tagwerk.domain.projects import actions

    made = launched([{"text": "x"}])
    actions.finish_project(actor=actor("ada"), project_id=made.id)
    answer = send(made, GOOD)
    assert answer.status_code == 422
    assert "takes no more tasks" in text_of(answer)


def test_the_page_says_how_far_it_is_until_the_report_is_there() -> None:
    made = project()
    answer = send(made, GOOD)
    waiting = visitor("ada").get(answer["Location"])
    assert 'hx-trigger="every 1s"' in waiting.content.decode()
    assert "Rows read" in text_of(waiting)
    assert "“rows.csv” is being imported" in text_of(
        visitor("ada").get(f"/projects/{made.public_id}/import/")
    )
    address = brought_in(answer)
    fragment = visitor("ada").get(address, headers={"HX-Request": "true"}).content.decode()
    assert "All rows are in." in fragment and "hx-trigger" not in fragment and "<main" not in fragment


def test_reasons_are_said_in_the_readers_language() -> None:
    made = project()
    address = brought_in(send(made, BAD))
    german = visitor("gerda", ui_language="de")
    member("gerda", made.organisation_id, "manager")
    assert "Werte in dieser Zeile: 1" in text_of(german.get(address))
    file = b"".join(german.get(address + "bad-rows.jsonl").streaming_content).decode()
    assert "Werte in dieser Zeile: 1" in file


def test_a_file_that_breaks_half_way_says_so_in_its_report() -> None:
    made = project()
    page = follow(send(made, '[{"text": "a"}, {"text": ', "rows.json"))
    assert "not JSON from row 2 on" in page and "Try again" in page


def test_reports_are_found_by_who_manages_the_project_only() -> None:
    made, other = project(), project()
    address = brought_in(send(made, BAD))
    number = address.rstrip("/").rpartition("/")[2]
    for path in ("", "bad-rows.jsonl"):
        assert visitor("ada").get(f"/projects/{other.public_id}/import/{number}/{path}").status_code == 404
        assert visitor("cyn").get(address + path).status_code == 404
        member("vic", made.organisation_id, "viewer")
        assert visitor("vic").get(address + path).status_code == 403
        assert (
            visitor("ada").get(f"/projects/{made.public_id}/import/imp_{'a' * 26}/{path}").status_code == 404
        )


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_the_example_can_be_imported_as_it_is(suffix: str) -> None:
    made = project(show=[{"chat": "{{ talk }}"}, {"text": "{{ row.note }}"}])
    answer = visitor("ada").get(f"/projects/{made.public_id}/import/example.{suffix}")
    assert answer["Content-Disposition"].startswith("attachment")
    [row] = rows_of(io.BytesIO(answer.content), suffix)
    assert {"_id", "talk", "row"} <= set(row)  # type: ignore[arg-type]
    if suffix == "jsonl":
        assert "All rows are in" in follow(send(made, answer.content, f"e.{suffix}"))


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    return out.getvalue()


def upload(made: projects.ProjectView, *files: tuple[str, bytes]) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return visitor("ada").post(f"/projects/{made.public_id}/media/", {"media_files": sent})


def test_media_one_by_one_and_as_an_archive() -> None:
    made = project()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("birds/one.png", png())
    answer = upload(made, ("two.png", png()), ("all.zip", packed.getvalue()))
    assert answer.status_code == 303
    assert [file.name for file in projects.media_page(made.id)] == ["birds/one.png", "two.png"]
    assert "birds/one.png" in text_of(visitor("ada").get(f"/projects/{made.public_id}/media/"))


def test_media_that_cannot_be_shown_are_named_and_the_others_stored() -> None:
    made = project()
    answer = upload(made, ("page.html", b"<script>"), ("bird.png", png()))
    assert answer.status_code == 422
    assert "page.html" in text_of(answer) and "no picture" in text_of(answer)
    assert len(projects.media_page(made.id)) == 1


def test_what_an_archive_lacks_is_said_in_the_readers_language() -> None:
    made = project()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("page.html", b"<script>")
    sent = [SimpleUploadedFile("all.zip", packed.getvalue())]
    client = visitor("ada")
    client.cookies["django_language"] = "de"
    answer = client.post(f"/projects/{made.public_id}/media/", {"media_files": sent})
    assert answer.status_code == 422 and "Dies ist kein Bild" in text_of(answer)


def test_more_files_than_are_taken_at_once_are_named(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES > project_media.MOST_FILES == 500
    monkeypatch.setattr(project_media, "MOST_FILES", 101)  # Django alone takes 100
    made = project()
    answer = upload(made, *((f"bird-{n}.mp3", b"ID3" + bytes([n] * 60)) for n in range(102)))
    assert answer.status_code == 422
    assert "bird-101.mp3" in text_of(answer) and "bird-100.mp3" not in text_of(answer).split("At most")[0]
    assert len(projects.media_page(made.id)) == 101


def test_empty_rows_are_left_out_by_one_button() -> None:
    made = project()
    rows = [{"text": "a"}, {"text": None}, {"text": "b"}]
    address = brought_in(send(made, "\n".join(map(json.dumps, rows)), "rows.jsonl"))
    assert "Leave out the empty rows" in text_of(visitor("ada").get(address))
    again = visitor("ada").post(address)
    assert "The good rows are in" in follow(again) and work.progress(made.id).tasks == 2
    assert visitor("ada").post(address).status_code == 409, "the file went with the second import"
    other = brought_in(send(project(), BAD))
    assert "Import the other rows" in text_of(visitor("ada").get(other))
