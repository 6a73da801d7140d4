"""Files of rows: in the background or at once, with a report, and their bad rows as a file."""

import io
import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.actions import imports
from tagwerk.domain.work.models import Import
from tagwerk.domain.work.queries import sql
from tests import orders
from tests.domain.work import scene
from tests.people import actor, member, organisation

pytestmark = pytest.mark.django_db

MIXED = b'{"text": "a", "_id": "1"}\nno json\n{"other": 1}\n{"text": "b", "_id": "1"}\n'


@pytest.fixture(autouse=True)
def _folder_of_its_own(settings, tmp_path):
    default = settings.STORAGES["default"]
    kept = {**default, "OPTIONS": {**default["OPTIONS"], "location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}


def start(project, content=MIXED, name="rows.jsonl", **more) -> int:
    return work.start_import(
        actor=actor("ada"), project_id=project.id, content=io.BytesIO(content), source_name=name, **more
    )


def found(project, number):
    return queries.import_for(actor("ada"), project.id, number)


def files(project) -> set[str]:
    folder = f"imports/{project.id}"
    return set(default_storage.listdir(folder)[1]) if default_storage.exists(folder) else set()


def test_a_file_is_brought_in_by_the_job_once():
    project = orders.project()
    number = start(project, skip_bad=True)
    assert found(project, number).is_running
    assert [one.id for one in queries.running_imports(project.id)] == [number]
    for _ in range(2):
        work.run_import(import_id=number)
    report = found(project, number)
    assert (report.state, report.imported, report.bad_rows) == ("done", 1, 3)
    assert queries.progress(project.id).tasks == 1
    assert queries.running_imports(project.id) == []
    back = [json.loads(line) for line in b"".join(queries.bad_rows_back(report, str)).splitlines()]
    assert [{**row, "_reason": ""} for row in back] == [
        {"_line": "no json", "_row": 2, "_reason": ""},
        {"other": 1, "_row": 3, "_reason": ""},
        {"text": "b", "_id": "1", "_row": 4, "_reason": ""},
    ]
    assert "another task with the id “1”" in back[2]["_reason"]
    assert len(files(project)) == 1, "the bad rows stay, the file itself goes"


def test_bad_rows_refuse_the_whole_file():
    project = orders.project()
    number = start(project)
    work.run_import(import_id=number)
    report = found(project, number)
    assert (report.state, report.imported, report.bad_rows) == ("refused", 0, 3)
    assert [bad.number for bad in queries.first_bad_rows(report, most=2)] == [2, 3]
    assert queries.progress(project.id).tasks == 0


def test_a_file_at_once_has_the_same_report():
    project = orders.project()
    number, report = work.import_file(
        project_id=project.id, content=io.BytesIO(MIXED), kind="jsonl", source_name="x", skip_bad=True
    )
    assert (report.imported, report.bad_rows, found(project, number).bad_rows) == (1, 3, 3)
    with pytest.raises(Invalid):
        work.import_file(project_id=project.id, content=io.BytesIO(b"{}"), kind="json", source_name="x")


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"{}", "rows.json"), (b"a,a\n1,2\n", "rows.csv"), (b"no", "a.parquet"), (b"x", "a.xlsx")],
)
def test_what_is_no_file_of_rows_is_refused_at_once_and_not_kept(content, name):
    project = orders.project()
    with pytest.raises(Invalid):
        start(project, content, name)
    assert not Import.objects.exists() and not files(project)


def test_a_file_that_breaks_later_or_comes_too_late_says_so():
    project = scene.running(1)
    broken = start(project, b'[{"text": "a"}, {"text": ', "rows.json")
    late = start(project, b'{"text": "z"}')
    work.run_import(import_id=broken)
    projects.finish_project(actor=actor("ada"), project_id=project.id)
    work.run_import(import_id=late)
    assert [found(project, one).state for one in (broken, late)] == ["failed", "failed"]
    assert "row 2" in str(found(project, broken).reason)
    assert "finished project" in str(found(project, late).reason)
    with pytest.raises(Conflict):
        start(project)


def test_a_report_that_cannot_be_kept_keeps_no_tasks(monkeypatch):
    project = orders.project()
    number = start(project, b'{"text": "a"}')
    with monkeypatch.context() as patch:
        patch.setattr(imports, "_end", _no_disk)
        with pytest.raises(OSError, match="no disk"):
            work.run_import(import_id=number)
    assert queries.progress(project.id).tasks == 0 and found(project, number).is_running
    work.run_import(import_id=number)
    assert queries.progress(project.id).tasks == 1


def _no_disk(*_):
    raise OSError("no disk")


@pytest.mark.django_db(transaction=True)
def test_others_see_how_far_it_is():
    project = orders.project()
    number = start(project, b'{"text": "a"}\n' * 12_000)
    with imports._noting(number) as note:
        note(5_000)
    assert found(project, number).rows_read == 5_000
    work.run_import(import_id=number)
    assert found(project, number).imported == 12_000


def test_imports_are_for_who_manages_the_project_and_go_after_a_week():
    project, other = orders.project(), orders.project()
    number = start(project)
    work.run_import(import_id=number)
    organisation("other", "eve")
    member("vic", project.organisation_id, "viewer")
    for who, where, refusal in (
        ("eve", project, NotFound), ("ada", other, NotFound), ("vic", project, NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            queries.import_for(actor(who), where.id, number)
    assert work.forget_old_imports(now=timezone.now() + imports.KEPT - timedelta(minutes=5)) == 0
    assert work.forget_old_imports(now=timezone.now() + imports.KEPT + timedelta(minutes=5)) == 1
    assert not files(project)
    with pytest.raises(NotFound):
        found(project, number)
    assert sql.value("SELECT count(*) FROM import") == 0
