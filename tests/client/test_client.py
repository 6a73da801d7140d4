"""Both sides of the client against a running platform."""

import json
from pathlib import Path
from typing import Any

import pandas
import pyarrow
import pytest
from PIL import Image

from tagwerk.base.ids import public_id, row_number
from tagwerk.client import ApiError, Client, Held, NoTask
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.exports import actions as exports
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.queries import sql
from tests import orders, people, workshop

FILE = orders.FILE.replace("min: 2, max: 4", "min: 1, max: 1")
ROWS = [{"_id": f"t{n}", "text": f"text {n}"} for n in range(1, 5)]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(live_server: Any) -> Any:
    """Ada's client."""
    with Client(live_server.url, people.key_for("ada", orders.deposit(10_000_000)), progress=False) as made:
        yield made


@pytest.fixture
def model(live_server: Any) -> Any:
    """A simulated worker's client."""
    made = accounts.create_simulated_worker(actor=CONSOLE, name="m", country="DE", languages={"en": "native"})
    with Client(live_server.url, made.key_text, progress=False) as client:
        yield client


def ordered(client: Client, folder: Path) -> str:
    """A launched project, made of files; its id."""
    (folder / "project.yaml").write_text(FILE)
    rows = folder / "rows.csv"
    rows.write_text("_id,text\n" + "".join(f"{row['_id']},{row['text']}\n" for row in ROWS))
    project = client.projects.create(folder / "project.yaml")
    assert client.tasks.upload(project.id, rows).imported == 4
    estimate = client.projects.estimate(project.id)
    assert str(estimate.largest) == str(estimate.cap) == "0.48 EUR"
    assert client.projects.estimate(project.id, tasks=400).likely.cost.amount > estimate.likely.cost.amount
    assert {one.source for one in estimate.assumptions} == {"file", "default"}
    assert (estimate.price.fee_bp, estimate.price.take_bp) == (2000, 1667)
    assert estimate.suggestion.floor_country == "DE" and not estimate.suggestion.measured
    assert client.projects.launch(project.id).state == "open"
    assert [task.own_id for task in client.tasks.list(project.id)] == ["t1", "t2", "t3", "t4"]
    return project.id


def worked(model: Client, project: str) -> int:
    """The model does all there is; how many answers."""
    assert [one.id for one in model.work.projects()] == [project]
    held, done = model.work.next(project), 0
    while isinstance(held, Held):
        design = model.work.design(held.project, held.design)
        assert design.ask[0].name == "sentiment"
        held = model.work.submit_and_next(held, {"sentiment": "neutral"}, active_ms=1200).next
        done += 1
    assert isinstance(held, NoTask)
    assert held.reason == "no_open_task"
    return done


def approved(client: Client, project: str) -> None:
    """What the jobs do, and the review."""
    work.feed_answers(project_id=row_number("prj", project))
    quality.judge_answers(project_id=row_number("prj", project))
    answers = list(client.answers.feed(project))
    assert [answer.answers for answer in answers] == [{"sentiment": "neutral"}] * 4
    client.answers.approve(project, [answers[0].id])
    assert client.answers.approve_all(project) == 3


def test_a_project_from_file_to_frame(client, model, settings, tmp_path: Path):
    settings.UNDO_SECONDS = 0
    project = ordered(client, tmp_path)
    assert worked(model, project) == 4
    approved(client, project)
    assert [result.result for result in client.results(project)] == [{"sentiment": "neutral"}] * 4
    raw = [result.raw_answers[0]["answers"] for result in client.results(project, raw_answers=True)]
    assert raw == [{"sentiment": "neutral"}] * 4
    first = next(client.tasks.list(project))
    assert [one["state"] for one in client.answers.of_task(project, first.id)] == ["approved"]
    frame = client.results_frame(project)
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["result.sentiment"]) == ["neutral"] * 4
    assert list(frame["data.text"]) == [row["text"] for row in ROWS]
    table = client.results_table(project)
    assert isinstance(table, pyarrow.Table)
    assert table.column("_id").to_pylist() == ["t1", "t2", "t3", "t4"]


def test_money_and_progress_on_both_sides(client, model, settings, tmp_path: Path):
    settings.UNDO_SECONDS = 0
    project = ordered(client, tmp_path)
    worked(model, project)
    approved(client, project)
    assert client.projects.progress(project)["approved"] == 4
    assert client.projects.spending(project)["pay"]["amount"] == "0.40"
    assert client.projects.finish(project).state == "finished"
    assert model.work.earnings()[0]["available"]["amount"] == "0.40"
    assert [one["amount"]["amount"] for one in model.work.movements(currency="EUR")] == ["0.10"] * 4
    assert len(list(model.work.mine())) == 4


def test_bonuses_are_given_once_and_read_back(client, model, settings, tmp_path: Path):
    settings.UNDO_SECONDS = 0
    project = ordered(client, tmp_path)
    worked(model, project)
    assert client.projects.wages(project).measured is False
    (one,) = client.workers.list(project)
    gifts = [{"worker": one.worker, "amount": "0.50", "reason": "Very careful"}]
    assert [client.projects.give_bonuses(project, gifts, key="k") for _ in range(2)] == [1, 0]
    assert [each["amount"]["amount"] for each in client.projects.bonuses(project)] == ["0.50"]
    with pytest.raises(ApiError) as refused:
        client.projects.give_bonuses(project, [{"amount": "x", "reason": "x"}], key="l")
    assert refused.value.code == "lines_wrong" and "Line 1: Name a worker or an answer." in str(refused.value)
    found = client.projects.bonuses_by_rule(project, accuracy=0.9, answers=1, share=0.1)
    assert found["given"] == 0
    assert model.work.earnings()[0]["available"]["amount"] == "0.50"


def test_a_rule_gives_large_bonuses_to_who_is_sure(client, settings):
    settings.UNDO_SECONDS = 0
    made = workshop.launched(
        [{"text": f"text {n}"} for n in range(4)],
        quality={"answers": {"min": 2, "max": 2, "confidence": 0.6}},
    )
    for name in ("ben", "cyn"):
        workshop.do_work(made.id, name, lambda data: {"sentiment": "neutral"})
    workshop.judge(made.id)
    quality.watch_workers(project_id=made.id)
    work.accept_all(project_id=made.id)
    sql.write("UPDATE assignment SET reward_micros = 2000000")  # as if these had been dear answers
    project = public_id("prj", made.id)
    rule = {"accuracy": 0.9, "answers": 1, "share": 0.3, "reason": "Very careful", "pay": True}
    with pytest.raises(ApiError) as refused:
        client.projects.bonuses_by_rule(project, **rule)
    assert refused.value.code == "bonus_large"
    assert client.projects.bonuses_by_rule(project, **rule, sure=True)["given"] == 2
    assert [each["amount"]["amount"] for each in client.projects.bonuses(project)] == ["2.40"] * 2


def test_a_result_is_decided_by_hand(client, model, settings, tmp_path: Path):
    settings.UNDO_SECONDS = 0
    project = ordered(client, tmp_path)
    worked(model, project)
    task = next(iter(client.tasks.list(project)))
    client.answers.overrule(project, task.id, "sentiment", "positive")
    approved(client, project)
    assert [one.result for one in client.results(project)][:2] == [
        {"sentiment": "positive"}, {"sentiment": "neutral"},
    ]  # fmt: skip
    for question, value, code in (
        ("sentiment", "splendid", "answer_wrong"),
        ("sentiment", None, "answer_missing"),
        ("mood", "positive", "question_not_found"),
    ):
        with pytest.raises(ApiError) as refused:
            client.answers.overrule(project, task.id, question, value)
        assert refused.value.code == code


def test_a_worker_is_paused_and_goes_on(client, model, settings, tmp_path: Path):
    settings.UNDO_SECONDS = 0
    project = ordered(client, tmp_path)
    held = model.work.next(project)
    assert isinstance(held, Held)
    (one,) = client.workers.list(project)
    assert (one.answers, one.gold_answers, one.paused_at) == (0, 0, None)
    assert client.workers.pause(project, one.worker, "Too quick.").pause_reason == "Too quick."
    nothing = model.work.submit_and_next(held, {"sentiment": "neutral"}, active_ms=1200).next
    assert isinstance(nothing, NoTask) and nothing.reason == "worker_paused"
    assert client.workers.resume(project, one.worker).paused_at is None
    assert isinstance(model.work.next(project), Held)


def test_an_export_is_waited_for_and_written(client, tmp_path: Path, monkeypatch):
    project = client.projects.create(FILE)
    client.tasks.add(project.id, ROWS)

    def the_job(seconds: float) -> None:
        exports.run_export(export_id=sql.value("SELECT max(id) FROM export"))

    monkeypatch.setattr("tagwerk.client.results.time.sleep", the_job)
    path = client.exports.download(project.id, "csv", tmp_path / "out.csv")
    assert len(path.read_text().splitlines()) == 5
    raw = client.exports.download(project.id, "jsonl", tmp_path / "out.jsonl", raw_answers=True)
    assert json.loads(raw.read_text().splitlines()[0])["raw_answers"] == []
    assert [export.state for export in client.exports.list(project.id)] == ["ready"] * 2
    with pytest.raises(ApiError) as refused:
        client.exports.start(project.id, "docx")
    assert refused.value.path == "format"


def test_rows_are_added_in_pieces_and_numbered_through(client, monkeypatch):
    monkeypatch.setattr("tagwerk.client.projects.ROWS_AT_ONCE", 3)
    project = client.projects.create(FILE)
    rows = [*ROWS, {"x": 1}]
    report = client.tasks.add(project.id, rows, on_bad="skip")
    assert (report.imported, [bad.number for bad in report.bad], report.bad_count) == (4, [5], 1)
    with pytest.raises(ApiError, match="Nothing was imported"):
        client.tasks.add(project.id, [{"x": 1}])


def test_rows_that_do_not_fit_come_back_as_a_file(client, tmp_path: Path):
    project = client.projects.create(FILE)
    (tmp_path / "rows.jsonl").write_text('{"text": "a", "_id": "1"}\n{"txt": "b"}\n')
    report = client.tasks.upload(project.id, tmp_path / "rows.jsonl", on_bad="skip")
    path = client.tasks.bad_rows(project.id, report.id, tmp_path / "bad.jsonl")
    [line] = [json.loads(line) for line in path.read_text().splitlines()]
    assert (line["txt"], line["_row"]) == ("b", 2)
    (tmp_path / "rows.tsv").write_text("_id\ttext\n1\tchanged\n")
    replaced = client.tasks.upload(project.id, tmp_path / "rows.tsv", replace=True)
    assert replaced.replaced == 1


def test_a_folder_of_media_keeps_its_paths(client, tmp_path: Path):
    project = client.projects.create(FILE)
    (tmp_path / "a" / "b").mkdir(parents=True)
    Image.new("RGB", (4, 4)).save(tmp_path / "a" / "b" / "one.png")
    (tmp_path / "page.html").write_text("<p>")
    (tmp_path / ".hidden").write_text("x")
    report = client.media.upload_folder(project.id, tmp_path)
    assert report["stored"] == ["a/b/one.png"]
    assert [one["name"] for one in report["refused"]] == ["page.html"]
    assert [one["name"] for one in client.media.list(project.id)] == ["a/b/one.png"]


def test_a_task_is_given_back(client, model):
    project = client.projects.create(FILE)
    client.tasks.add(project.id, ROWS)
    client.projects.launch(project.id, tasks=2)
    held = model.work.next(project.id)
    assert model.work.next(project.id) == held
    assert model.work.renew(held).assignment == held.assignment
    model.work.return_(held)
    second = model.work.next(project.id)
    assert second.task != held.task
    model.work.skip(second, "cannot_be_answered")
    with pytest.raises(ApiError) as gone:
        model.work.submit(second, {"sentiment": "neutral"})
    assert (gone.value.code, gone.value.status) == ("assignment_gone", 409)


def test_what_an_organisation_runs_beside(client, live_server):
    made = client.webhooks.create("https://example.org/hooks", ["result.ready"], accept=True)
    assert made["secret"].startswith("whsec_") and made["accept"]
    assert [one["id"] for one in client.webhooks.list()] == [made["id"]]
    client.webhooks.delete(made["id"])
    assert client.account.me()["kind"] == "organisation"
    assert client.account.balance()[0]["available"]["amount"] == "10.00"
    assert [one["kind"] for one in client.account.movements()] == ["deposit"]
    assert [one["role"] for one in client.account.members()] == ["owner"]
    with (
        Client(live_server.url, "twk_" + "a" * 52, language="de") as stranger,
        pytest.raises(ApiError) as refused,
    ):
        stranger.account.me()
    assert (refused.value.code, refused.value.status) == ("key_unknown", 401)


def test_an_entry_test_on_both_sides(client, model):
    made = client.qualifications.create("mood", "Mood")["id"]
    rows = [{"text": f"Test {number}", "_gold": {"sentiment": "neutral"}} for number in range(2)]
    assert client.qualifications.define_test(made, FILE, rows, draw=2, pass_mark=100)["draw"] == 2
    [offered] = model.work.tests()
    attempt = model.work.begin_test(offered["id"])
    for task in attempt["tasks"]:
        model.work.answer_test(attempt["id"], task["id"], {"sentiment": "neutral"})
    assert model.work.finish_test(attempt["id"])["passed"]
    assert model.work.attempt(attempt["id"])["score"] == 100
    assert client.qualifications.test(made)["passed"] == 1
    client.qualifications.close_test(made)
    with pytest.raises(ApiError) as refusal:
        client.qualifications.test(made)
    assert refusal.value.code == "test_not_found"
