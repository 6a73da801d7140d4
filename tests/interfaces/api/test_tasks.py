import json

import pytest

from tests import orders, people
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import ok

pytestmark = pytest.mark.django_db
JSONL = b'{"text": "a", "_id": 1}\n{"text": "b", "_gold": {"sentiment": "neutral"}}\n'


@pytest.fixture
def key() -> str:
    return people.key_for("ada", people.organisation())


@pytest.fixture
def tasks(key) -> str:
    return f"/projects/{ok(call('POST', '/projects', key, {'file': orders.FILE}))['id']}/tasks"


@pytest.mark.parametrize(
    ("content_type", "raw"),
    [
        ("application/x-ndjson", JSONL),
        ("application/jsonl; charset=utf-8", JSONL),
        ("text/csv", b"text,_id,_gold.sentiment\na,1,\nb,,neutral\n"),
        ("application/json", b'[{"text": "a", "_id": 1}, {"text": "b", "_gold": {"sentiment": "neutral"}}]'),
    ],
)
def test_a_file_becomes_tasks(key, tasks, content_type, raw):
    report = ok(call("POST", f"{tasks}/upload?name=rows", key, raw=raw, content_type=content_type))
    assert (report["imported"], report["gold"], report["bad_count"]) == (2, 1, 0)
    found = ok(call("GET", tasks, key))["items"]
    assert [(one["own_id"], one["data"], one["gold"]) for one in found] == [
        ("1", {"text": "a"}, None), (None, {"text": "b"}, {"sentiment": "neutral"}),
    ]  # fmt: skip
    assert ok(call("GET", f"{tasks}/{found[0]['id']}", key)) == found[0]


def test_bad_rows_stop_an_import_are_reported_or_skipped(key, tasks):
    raw = b'{"text": "a"}\nno json\n{"other": 1}\n'
    send = {"raw": raw, "content_type": "application/x-ndjson"}
    refused = call("POST", f"{tasks}/upload", key, **send)
    assert (refused.status, refused.code) == (422, "bad_rows")
    report = ok(call("POST", f"{tasks}/upload?on_bad=report", key, **send))
    assert (report["imported"], report["bad_count"]) == (0, 2)
    assert [row["number"] for row in report["bad"]] == [2, 3]
    assert ok(call("GET", tasks, key))["items"] == []
    report = ok(call("POST", f"{tasks}/upload?on_bad=skip", key, **send))
    assert (report["imported"], report["bad_count"]) == (1, 2)


@pytest.mark.parametrize("on_bad", ["report", "skip"])
def test_all_bad_rows_of_an_upload_come_back_in_the_askers_language(key, tasks, on_bad):
    raw = b'{"text": "a"}\nno json\n{"other": "\xc3\xa4"}\n' + b'{"x": 1}\n' * 1_500
    report = ok(
        call(
            "POST", f"{tasks}/upload?on_bad={on_bad}", key,
            raw=raw, content_type="application/x-ndjson", Accept_Language="de",
        )
    )  # fmt: skip
    assert (report["bad_count"], len(report["bad"])) == (1_502, 1_000)
    assert "Diese Zeile" in report["bad"][0]["reason"]
    where = f"{tasks.removesuffix('/tasks')}/imports/{report['id']}/bad-rows"
    answer = call("GET", where, key, Accept_Language="de")
    rows = [json.loads(line) for line in answer.value.splitlines()]
    assert len(rows) == 1_502
    assert (rows[0]["_line"], rows[0]["_row"]) == ("no json", 2)
    assert (rows[1]["other"], rows[1]["_row"]) == ("ä", 3)
    assert "Die Spalte" in rows[1]["_reason"]


@pytest.mark.parametrize("on_bad", ["refuse", "report", "skip"])
def test_bad_rows_sent_as_json_are_treated_alike(key, tasks, on_bad):
    answered = call("POST", tasks, key, {"tasks": [{"text": "a"}, {"x": 1}], "on_bad": on_bad})
    assert answered.status == (422 if on_bad == "refuse" else 201)
    kept = ok(call("GET", tasks, key))["items"]
    assert len(kept) == (on_bad == "skip")


@pytest.mark.parametrize(
    ("content_type", "raw", "code"),
    [
        ("text/plain", b"x", "content_type_unknown"),
        ("", b"x", "content_type_unknown"),
        ("text/csv", b"\xff\xfe\x00", "file_not_utf8"),
        ("application/json", b"{}", "file_not_a_list"),
        ("application/json", b"[[[", "file_broken"),
        ("application/vnd.apache.parquet", b"PAR1x", "file_broken_parquet"),
    ],
)
def test_a_file_that_is_none_is_refused(key, tasks, content_type, raw, code):
    refused = call("POST", f"{tasks}/upload", key, raw=raw, content_type=content_type)
    assert (refused.status, refused.code) == (422, code)


def test_a_file_that_is_too_large_is_refused(key, tasks, settings):
    settings.UPLOAD_LIMIT_BYTES = 10
    refused = call("POST", f"{tasks}/upload", key, raw=JSONL, content_type="application/x-ndjson")
    assert (refused.status, refused.code) == (413, "body_too_large")


def test_an_upload_is_carried_out_once(key, tasks):
    raw = b'{"text": "a"}\n'
    first, again = (
        call(
            "POST", f"{tasks}/upload", key, raw=raw, content_type="application/x-ndjson", Idempotency_Key="u"
        )
        for _ in range(2)
    )
    assert first.value == again.value
    assert len(ok(call("GET", tasks, key))["items"]) == 1
    other = call(
        "POST", f"{tasks}/upload", key, raw=raw * 2, content_type="application/x-ndjson", Idempotency_Key="u"
    )
    assert other.code == "idempotency_key_reused"


def test_tasks_come_in_pages_while_more_are_added(key, tasks):
    call("POST", tasks, key, {"tasks": [{"text": str(n)} for n in range(5)]})
    seen, cursor = [], ""
    while cursor is not None:
        page = ok(call("GET", f"{tasks}?limit=2{cursor and '&cursor=' + cursor}", key))
        seen += [one["data"]["text"] for one in page["items"]]
        if len(seen) == 2:
            call("POST", tasks, key, {"tasks": [{"text": "late"}]})
        cursor = page["next"]
    assert seen == ["0", "1", "2", "3", "4", "late"]
