"""`tagwerk run` that is refused: one sentence, and nothing is left of it; and how a run ends."""

import json

import pytest

from tagwerk.client import Client
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.projects import queries as projects
from tagwerk.interfaces.cli import job
from tagwerk.interfaces.cli.running import LOCAL
from tests import orders, workshop
from tests.people import key_for

GOOD = '{"text": "a"}\n{"text": "b"}\n'


@pytest.fixture
def run(command, tmp_path):
    """`tagwerk run` of these texts."""

    def carry_out(*more, file=orders.FILE, rows=GOOD, name="tasks.jsonl", out="out.jsonl"):
        (tmp_path / "project.yaml").write_text(file)
        if rows is not None:
            (tmp_path / name).write_bytes(rows.encode() if isinstance(rows, str) else rows)
        return command(
            "run", str(tmp_path / "project.yaml"), str(tmp_path / name), "--out", str(tmp_path / out), *more
        )

    return carry_out


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rows": None}, "There is no file"),
        ({"name": "tasks.xlsx"}, "“xlsx” is a workbook"),
        ({"name": "tasks"}, "“tasks” files cannot be read"),
        ({"rows": ""}, "has no tasks"),
        ({"rows": "", "name": "tasks.csv"}, "names its columns"),
        ({"rows": b"a\n\xc3\xbc\xff", "name": "tasks.csv"}, "save it as “CSV UTF-8”"),
        ({"file": "title: ["}, "project.yaml:1"),
        ({"file": ""}, "project.yaml"),
        ({"out": "nowhere/out.jsonl"}, "There is no folder"),
        ({"out": "out.docx"}, "must end with one of"),
    ],
)
def test_mistakes_are_said_before_anything_starts(run, changes, says):
    said = run(**changes)
    assert said.code == 2
    assert said.err.startswith("tagwerk: ") and says in said.err and "Traceback" not in said.err


@pytest.mark.django_db
def test_a_budget_too_small_is_said_before_anything_starts(run):
    said = run(file=orders.FILE + "budget: '0.50'")
    assert said.code == 2 and "0.96 EUR, and the budget is 0.50 EUR" in said.err


def test_a_folder_is_no_file(command, tmp_path):
    (tmp_path / "tasks.jsonl").mkdir()
    for order in ((tmp_path, tmp_path), (tmp_path / "tasks.jsonl", tmp_path / "tasks.jsonl")):
        said = command("run", *map(str, order), "--out", str(tmp_path / "o.jsonl"))
        assert said.code == 2 and "is a folder" in said.err


def left() -> tuple[list[str], int]:
    """The projects in sight and the money of the local organisation."""
    owner = accounts.actor_of_person(accounts.person_id_of_email(LOCAL))
    [organisation_id] = owner.roles
    return (
        [view.title for view in projects.projects_of([organisation_id])],
        payments.prepaid_micros(organisation_id, "EUR"),
    )


@pytest.mark.django_db(transaction=True)
def test_a_refused_run_leaves_no_draft_and_no_money(run, tmp_path):
    said = run(rows=GOOD + '{"txt": 1}\n')
    assert said.code == 2
    assert "Rows that cannot be used: 1" in said.err and "Row 3" in said.err
    assert json.loads((tmp_path / "out.bad.jsonl").read_text())["txt"] == 1
    assert left() == ([], 0)
    unknown = orders.FILE + "audience: {qualifications: {nothing-known: 5}}"
    assert run(file=unknown).code == 2
    assert left() == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_a_pilot_ends_at_its_limit_and_stays_open(live_server, settings):
    settings.UNDO_SECONDS = 0
    made = workshop.launched(
        [{"text": f"{n}"} for n in range(4)], pilot=2, quality={"answers": {"min": 1, "max": 1}}
    )
    with Client(live_server.url, key_for("ada", made.organisation_id), progress=False) as client:
        project = client.projects.get(made.public_id)
        assert not job.settled(project)
        workshop.do_work(made.id, "ben", lambda data: {"sentiment": "neutral"})
        workshop.judge(made.id)
        assert job.settled(project) and job.tasks_beyond_pilot(project) == 2


@pytest.mark.parametrize(
    ("drift", "missing", "partial", "code"),
    [(0, 0, False, 0), (0, 3, False, 1), (0, 3, True, 0), (5, 0, True, 1), (5, 3, False, 1)],
)
def test_the_exit_code_says_what_is_wrong(capsys, drift, missing, partial, code):
    done = {"drift_micros": drift, "projects": [{"without_result": missing}, {"without_result": 0}]}
    assert job.exit_code(done, partial=partial) == code
    said = capsys.readouterr().err
    assert ("the book is wrong" in said, "3 have none" in said) == (drift != 0, missing > 0 and not partial)
