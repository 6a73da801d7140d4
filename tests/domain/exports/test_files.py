"""Exports of a real project, from asking to downloading."""

import hashlib
import json
import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.base.ids import public_id
from tagwerk.base.models import StoredEvent
from tagwerk.domain.exports import actions as exports
from tagwerk.domain.exports import queries
from tagwerk.domain.exports.models import Export
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger import rules as ledger_rules
from tagwerk.domain.work import actions as work
from tests.domain.exports.samples import QUICK, ROWS, honest
from tests.people import actor, member, organisation, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db


def judged(**changes):
    project = launched(ROWS, **(QUICK | changes))
    for name in ("ben", "bea"):
        do_work(project.id, name, honest)
    judge(project.id)
    return project


def exported(project, name="ada", **more) -> tuple[Export, bytes]:
    export_id = exports.start_export(actor=actor(name), project_id=project.id, **({"format": "jsonl"} | more))
    exports.run_export(export_id=export_id)
    file = queries.export_file_for(actor(name), public_id("exp", export_id))
    return Export.objects.get(id=export_id), b"".join(file.chunks())


def records(content: bytes) -> list[dict]:
    return [json.loads(line) for line in content.splitlines()]


def test_nothing_is_delivered_before_it_is_approved():
    project = judged()
    export, content = exported(project)
    found = records(content)
    assert [one["reason"] for one in found] == ["answers_in_review", "answers_in_review", None]
    assert [one["result"] for one in found] == [None, None, {"sentiment": "neutral"}]
    assert [one["answers"] for one in found] == [0, 0, 0]
    assert (export.tasks_total, export.tasks_written, export.rows) == (3, 3, 3)


def test_accept_and_export_pays_what_it_delivers():
    project = judged()
    before = ledger.balance(ledger_rules.available(person("ben").id, "EUR").code).available
    export, content = exported(project, accept=True)
    found = records(content)
    assert [one["_id"] for one in found][::2] == ["one", "three"] and found[1]["_id"].startswith("tsk_")
    assert found[0] == {
        "_id": "one",
        "data": {"text": "good", "source": {"page": 3}},
        "result": {"sentiment": "positive"},
        "confidence": {"sentiment": pytest.approx(16 / 18)},
        "agreement": {"sentiment": 1.0},
        "method": {"sentiment": "gold_vote"},
        "model": {"sentiment": 0},
        "answers": 2,
        "gold": False,
        "reason": None,
    }
    assert found[2]["gold"] is True and found[2]["confidence"] == {"sentiment": 1.0}
    after = ledger.balance(ledger_rules.available(person("ben").id, "EUR").code).available
    assert after - before == 2 * 100_000
    assert export.sha256 == hashlib.sha256(content).hexdigest() and export.size_bytes == len(content)
    assert StoredEvent.objects.filter(name="ExportReady").count() == 1


def test_a_rejected_answer_is_never_delivered():
    project = judged()
    waiting = queries.records_page(actor("ada"), project.id).records
    assert waiting[0]["reason"] == "answers_in_review"
    from tagwerk.domain.work.models import Assignment

    first = (
        Assignment.objects.filter(project_id=project.id, worker_id=person("ben").id).order_by("id").first()
    )
    work.reject(
        actor=actor("ada"),
        project_id=project.id,
        assignment_id=first.id,
        code="low_effort",
        reason="Not read.",
    )
    _, content = exported(project, accept=True, options={"raw_answers": True})
    found = records(content)
    assert (
        found[0]["result"] is None
        and found[0]["reason"] == "more_answers_wanted"
        and found[0]["answers"] == 1
    )
    assert [len(one["raw_answers"]) for one in found] == [1, 2, 0]


def test_raw_answers_name_workers_by_pseudonym_only():
    project = judged()
    _, content = exported(project, accept=True, options={"raw_answers": True})
    one = records(content)[0]["raw_answers"][0]
    assert set(one) == {
        "worker", "answers", "submitted_at", "active_seconds", "counted", "revision", "design", "instructions_version",
        "order", "channel", "weights",
    }  # fmt: skip
    assert one["weights"]["sentiment"] > 0
    assert (
        one["answers"] == {"sentiment": "positive"}
        and one["active_seconds"] == 4.0
        and one["channel"] == "page"
    )
    for name in ("ben", "bea"):
        # A word of its own: ids are drawn, and have any three letters in them now and then.
        assert not re.search(rf"\b{name}\b", content.decode(), re.I)
        assert person(name).email not in content.decode()


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_tables(name):
    project = judged()
    _, content = exported(project, accept=True, format=name)
    assert content[:4] == b"PAR1" if name == "parquet" else content.startswith(b"_id,data.text,data.source")


def test_tasks_nobody_finished_are_there_with_a_reason():
    project = launched(ROWS, **QUICK)
    do_work(project.id, "ben", honest, most=1)
    judge(project.id)
    _, content = exported(project, accept=True)
    assert [one["reason"] for one in records(content)][:2] == ["more_answers_wanted", "no_answers"]


def test_many_tasks_are_read_page_by_page(monkeypatch):
    monkeypatch.setattr("tagwerk.domain.exports.queries.records.PAGE", 2)
    project = judged()
    _, content = exported(project, accept=True)
    assert [one["data"]["text"] for one in records(content)] == ["good", "bad", "so so"]
    page = queries.records_page(actor("ada"), project.id, limit=2)
    rest = queries.records_page(actor("ada"), project.id, limit=2, after=page.next_after)
    assert len(page.records) == 2 and len(rest.records) == 1 and rest.next_after is None


def test_an_export_is_written_once():
    project = judged()
    export, _ = exported(project)
    exports.run_export(export_id=export.id)
    assert Export.objects.get(id=export.id).stored_as == export.stored_as


def test_a_killed_export_is_written_again(monkeypatch):
    project = judged()
    export_id = exports.start_export(actor=actor("ada"), project_id=project.id, format="jsonl")
    monkeypatch.setattr(default_storage, "save", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        exports.run_export(export_id=export_id)
    assert queries.export_for(actor("ada"), export_id).state == "running"
    with pytest.raises(Conflict, match="running"):
        queries.export_file_for(actor("ada"), export_id)
    monkeypatch.undo()
    exports.run_export(export_id=export_id)
    assert queries.export_for(actor("ada"), export_id).state == "ready"


def broken(export_id: int) -> str:
    """A try that fails through no fault of the requester's; the state afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(default_storage, "save", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            exports.run_export(export_id=export_id)
    return queries.export_for(actor("ada"), export_id).state


def test_nobody_waits_for_an_export_that_keeps_failing_and_a_late_success_still_counts():
    project = judged()
    export_id = exports.start_export(actor=actor("ada"), project_id=project.id, format="jsonl")
    assert [broken(export_id) for _ in range(4)] == ["running", "running", "failed", "failed"]
    told = queries.export_for(actor("ada"), export_id)
    assert "our fault" in told.error and told.finished_at is not None
    exports.run_export(export_id=export_id)
    mended = queries.export_for(actor("ada"), export_id)
    assert (mended.state, mended.error) == ("ready", "")


def test_an_export_that_kills_who_writes_it_is_given_up_too():
    project = judged()
    export_id = exports.start_export(actor=actor("ada"), project_id=project.id, format="jsonl")
    Export.objects.update(state="running", tries=3)
    assert broken(export_id) == "failed"


def test_who_accepts_by_exporting_is_known():
    exported(judged(), accept=True)
    approvals = StoredEvent.objects.filter(name="AnswersApproved")
    assert {one.actor_id for one in approvals} == {person("ada").id}


def test_files_are_thrown_away_when_their_time_is_over():
    project = judged()
    export, _ = exported(project)
    assert exports.remove_expired_exports(now=now()) == 0
    assert exports.remove_expired_exports(now=now() + timedelta(days=31)) == 1
    assert not default_storage.exists(export.stored_as)
    with pytest.raises(Conflict, match="expired"):
        queries.export_file_for(actor("ada"), export.id)


def test_only_those_who_may_export():
    project = judged()
    export, _ = exported(project)
    acme = organisation()
    for stranger in ("cyn", "eve", "ben"):
        for ask in (
            lambda who: exports.start_export(actor=who, project_id=project.id, format="jsonl"),
            lambda who: queries.export_file_for(who, export.id),
            lambda who: queries.exports_of(who, project.id),
            lambda who: queries.records_page(who, project.id),
        ):
            with pytest.raises(NotFound):
                ask(actor(stranger))
    with pytest.raises(NotAllowed):
        exports.start_export(actor=member("vic", acme, "viewer"), project_id=project.id, format="jsonl")
    with pytest.raises(NotFound):
        queries.export_file_for(actor("ada"), "exp_aaaaaaaaaaaaaaaaaaaaaaaaaa")


def test_wrong_formats_and_options_are_refused():
    project = judged()
    for wrong, code in (
        ({"format": "xml"}, "format_unknown"),
        ({"format": "trl_preference"}, "export_without_comparison"),
        ({"format": "jsonl", "options": {"colour": "red"}}, "export_options_wrong"),
        ({"format": "jsonl", "options": {"min_confidence": 2}}, "export_options_wrong"),
    ):
        with pytest.raises(Invalid) as refused:
            exports.start_export(actor=actor("ada"), project_id=project.id, **wrong)
        assert refused.value.code == code


def test_a_comparison_becomes_preferences():
    project = launched(
        [{"question": "Why?", "answer_a": "Because.", "answer_b": "No."}],
        show=[{"text": "{{ question }}"}, {"compare": {"a": "{{ answer_a }}", "b": "{{ answer_b }}"}}],
        ask={"better": {"kind": "comparison", "of": ["a", "b"]}},
        **QUICK,
    )
    for name in ("ben", "bea"):
        do_work(project.id, name, lambda data: {"better": 1})
    judge(project.id)
    _, content = exported(project, accept=True, format="trl_preference")
    assert records(content) == [{"prompt": "Why?", "chosen": "No.", "rejected": "Because."}]
