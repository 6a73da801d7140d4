"""`tagwerk project …`: what the pages do, as a member types it."""

import io
import json
import zipfile

import pytest
from PIL import Image

from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import queries as work
from tests import orders, workshop
from tests.people import email_of, member, organisation, person
from tests.workshop import do_work

pytestmark = pytest.mark.django_db
FILE = orders.FILE.replace("confidence: 0.9", "confidence: 0.5")


@pytest.fixture
def project(command):
    """A word of `tagwerk project`, as Ada or somebody else."""

    def run(word, *arguments, who="ada"):
        return command("project", word, "--as", email_of(who), *map(str, arguments))

    return run


@pytest.fixture
def made(project, tmp_path):
    """The id of a draft of Ada's."""
    orders.deposit(100_000_000)
    file = tmp_path / "project.yaml"
    file.write_text(FILE)
    said = project("create", file)
    assert said.code == 0, said.err
    return said.out.strip()


def rows(tmp_path, text, name="rows.jsonl"):
    path = tmp_path / name
    path.write_text(text)
    return path


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(out, "PNG")
    return out.getvalue()


def test_from_the_file_to_the_results(project, made, tmp_path, settings):
    settings.UNDO_SECONDS = 0
    assert made in project("list").out
    file = rows(tmp_path, FILE.replace("0.10", "0.20"), "second.yaml")
    assert project("revise", made, file).out == "Sentiment: version 2\n"
    said = project("import", made, rows(tmp_path, "text,_id\na,1\nb,2\n", "rows.csv"))
    assert (said.code, said.out) == (0, "Tasks imported: 2, there already: 0, replaced: 0, bad rows: 0.\n")
    estimate = project("estimate", made).out
    assert "Tasks: 2, and 0 with known answers; 2 to 4 answers each." in estimate
    assert (
        "probably 1.20 EUR (1.20 to 1.20), at most 1.92 EUR" in estimate
        and "One answer: 0.20 EUR, fee 0.04 EUR." in estimate
        and "minimum wage in DE: " in estimate
        and "for an answer (1.4 times the minimum wage); in a simulation 68% of people" in estimate
    )
    launched = project("launch", made)
    assert launched.out.startswith(estimate) and "Sentiment: open; 0 of 2 tasks" in launched.out
    assert "reserved 1.92" in launched.out
    number = projects.project_for(orders.actor("ada"), made, projects.Permission.PROJECT_VIEW).id
    for name in ("ben", "cyn"):
        workshop.do_work(number, name, lambda data: {"sentiment": "neutral"})
    workshop.judge(number)
    assert project("pause", made).out == "Sentiment: paused\n"
    assert project("resume", made).out == "Sentiment: open\n"
    assert project("raise", made, "3.00").code == 0
    assert "2 of 2 tasks have a result" in project("show", made).out
    out = tmp_path / "out.jsonl"
    assert project("export", made, out, "--accept").out == f"2 records written to {out}.\n"
    assert [json.loads(line)["result"] for line in out.read_text().splitlines()] == [
        {"sentiment": "neutral"}
    ] * 2
    assert project("finish", made).out == "Sentiment: finished\n"
    assert project("archive", made).out == "Sentiment: archived\n"


def test_an_estimate_of_a_pilot(project, made, tmp_path):
    project("import", made, rows(tmp_path, "text\n" + "a\n" * 10, "rows.csv"))
    assert "Tasks: 3," in project("launch", made, "--pilot", 3).out


def test_bad_rows_stop_the_import_and_lie_beside_the_file(project, made, tmp_path):
    file = rows(tmp_path, '{"text": "a", "_id": "1"}\nno json\n\n{"txt": "b"}\n')
    said = project("import", made, file)
    assert said.code == 2
    assert "Nothing was imported. Rows that cannot be used: 2. Row 2: This line is not JSON" in said.err
    bad = tmp_path / "rows.bad.jsonl"
    assert str(bad) in said.err
    lines = [json.loads(line) for line in bad.read_text().splitlines()]
    assert [(line["_row"], line.get("_line"), line.get("txt")) for line in lines] == [
        (2, "no json", None),
        (3, None, "b"),
    ]
    bad.unlink()
    said = project("import", made, file, "--skip-bad")
    assert (said.code, bad.exists()) == (0, True)
    assert "Tasks imported: 1" in said.out and "bad rows: 2" in said.out


def test_another_content_under_an_id_is_said_and_replaces_if_asked(project, made, tmp_path):
    project("import", made, rows(tmp_path, '{"text": "a", "_id": "x"}'))
    again = rows(tmp_path, '{"text": "b", "_id": "x"}')
    said = project("import", made, again)
    assert said.code == 2
    assert "There is another task with the id “x”; replace it, or use a new id." in said.err
    assert json.loads((tmp_path / "rows.bad.jsonl").read_text())["text"] == "b"
    assert "replaced: 1" in project("import", made, again, "--replace").out


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("nowhere.jsonl", None, "There is no file"),
        ("folder.csv", "", "is a folder"),
        ("rows.xlsx", b"PK", "“xlsx” is a workbook; save its sheet as “CSV UTF-8” and take that file."),
        ("rows.csv", b"", "names its columns"),
        ("rows.csv", b"text\n\xc3\xbc\xff", "save it as “CSV UTF-8”"),
        ("rows.parquet", b"no", "not Parquet"),
        ("rows.json", b"{}", "list of rows"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(project, made, tmp_path, name, content, says):
    path = tmp_path / name
    if content == "":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    said = project("import", made, path)
    assert said.code == 2
    assert said.err.startswith("tagwerk: ") and says in said.err and said.err.count("\n") == 1


def test_media_one_by_one_as_a_folder_and_as_an_archive(project, made, tmp_path):
    folder = tmp_path / "media"
    (folder / "birds").mkdir(parents=True)
    (folder / "birds" / "one.png").write_bytes(png())
    (folder / ".hidden").write_text("no")
    (folder / "page.html").write_text("<script>")
    (tmp_path / "two.png").write_bytes(png())
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("fish/three.png", png())
    said = project("media", made, folder)
    assert (said.code, said.out) == (1, "Files stored: 1, refused: 1.\n")
    assert said.err.startswith("page.html: ")
    for path in (tmp_path / "two.png", tmp_path / "all.zip", folder / "birds"):
        assert project("media", made, path).out == "Files stored: 1, refused: 0.\n"
    number = projects.project_for(orders.actor("ada"), made, projects.Permission.PROJECT_VIEW).id
    assert {file.name for file in projects.media_page(number)} == {
        "birds/one.png", "two.png", "fish/three.png", "one.png",
    }  # fmt: skip
    assert project("media", made, tmp_path / "none.png").code == 2


@pytest.mark.parametrize("word", ["show", "estimate", "launch", "pause", "finish", "archive"])
def test_what_is_not_yours_does_not_exist(project, made, word):
    organisation("other", "eve")
    said = project(word, made, who="eve")
    assert said.code == 2 and said.out == "" and "tagwerk: " in said.err


def test_who_only_looks_changes_nothing(project, made, tmp_path):
    member("vic", organisation(), "viewer")
    assert project("show", made, who="vic").code == 0
    file = rows(tmp_path, '{"text": "a"}')
    for word, *more in (
        ("import", file),
        ("media", file),
        ("launch",),
        ("revise", tmp_path / "project.yaml"),
    ):
        assert project(word, made, *more, who="vic").code == 2, word


def test_bonuses_of_a_file_are_paid_once(project, made, tmp_path, settings):
    settings.UNDO_SECONDS = 0
    project("import", made, rows(tmp_path, "text\na\nb\n", "rows.csv"))
    project("launch", made)
    number = projects.project_for(orders.actor("ada"), made, projects.Permission.PROJECT_VIEW).id
    do_work(number, "ben", lambda data: {"sentiment": "neutral"})
    ben = work.pseudonyms(number, [person("ben").id])[person("ben").id]
    file = rows(tmp_path, f"worker,amount,reason\n{ben},0.50,Very careful\n", "bonuses.csv")
    assert project("bonus", made, file).out == "1 bonuses, 0.50 EUR in all; paid now: 1.\n"
    assert project("bonus", made, file).out.endswith("paid now: 0.\n")
    large = rows(tmp_path, f"worker,amount,reason\n{ben},9,x\n", "large.csv")
    assert "more than 20 times what an answer pays" in project("bonus", made, large).err
    assert project("bonus", made, large, "--sure").out.endswith("paid now: 1.\n")
    assert project("bonus", made, large, "--sure", "--key", "again").out.endswith("paid now: 1.\n")
    bad = rows(tmp_path, "worker,amount,reason\nW-X,1,x\n", "bad.csv")
    assert "Line 2: Nobody in this project is called" in project("bonus", made, bad).err
