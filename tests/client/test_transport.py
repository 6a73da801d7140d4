"""Retries, idempotency keys, pages, uploads and downloads, against a scripted platform."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tagwerk.client import ApiError, Unreachable
from tagwerk.client.results import AnswersOf
from tagwerk.client.transport import Transport


class Script:
    """Answers one request after another as written, and notes what came."""

    def __init__(
        self, *steps: httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]
    ) -> None:
        self.steps = list(steps)
        self.came: list[httpx.Request] = []
        self.waited: list[float] = []

    def transport(self, **options: object) -> Transport:
        made: dict[str, object] = {"progress": False, "sleep": self.waited.append} | options
        return Transport("https://platform.example", "twk_x", http=httpx.MockTransport(self._answer), **made)  # type: ignore[arg-type]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.came.append(request)
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, httpx.Response) else step(request)


def test_a_broken_connection_is_tried_again_under_the_same_idempotency_key():
    script = Script(
        httpx.ConnectError("gone"), httpx.ReadTimeout("slow"), httpx.Response(201, json={"id": 1})
    )
    assert script.transport().post("/projects", {"file": "x"}) == {"id": 1}
    keys = {request.headers["Idempotency-Key"] for request in script.came}
    assert len(script.came) == 3
    assert len(keys) == 1
    assert script.waited == sorted(script.waited)


def test_two_creations_carry_two_keys():
    script = Script(httpx.Response(201, json={}), httpx.Response(201, json={}))
    transport = script.transport()
    transport.post("/projects")
    transport.post("/projects")
    assert len({request.headers["Idempotency-Key"] for request in script.came}) == 2


def test_many_answers_are_approved_in_pieces_and_all_of_them_without_a_key():
    script = Script(*(httpx.Response(200, json={"approved": count}) for count in (2000, 1, 7)))
    answers = AnswersOf(script.transport())
    assert answers.approve("prj_x", [f"asg_{number}" for number in range(2001)]) == 2001
    assert [len(json.loads(request.content)["answers"]) for request in script.came] == [2000, 1]
    assert answers.approve_all("prj_x") == 7
    assert "Idempotency-Key" not in script.came[2].headers


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_platform_is_asked_again(status):
    script = Script(httpx.Response(status), httpx.Response(200, json={"ok": True}))
    assert script.transport().get("/me") == {"ok": True}


@pytest.mark.parametrize("status", [429, 503])
def test_the_platform_says_how_long_to_wait(status):
    script = Script(httpx.Response(status, headers={"Retry-After": "7"}), httpx.Response(200, json={}))
    script.transport().get("/me")
    assert script.waited == [7.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422])
def test_a_refusal_is_not_tried_again(status):
    problem = {"code": "budget_not_raised", "message": "The new budget must be more.", "path": "budget"}
    script = Script(httpx.Response(status, json=problem))
    with pytest.raises(ApiError, match=r"budget: The new budget must be more\.") as refused:
        script.transport().post("/projects/x/budget")
    assert (refused.value.code, refused.value.path, refused.value.status) == (
        "budget_not_raised",
        "budget",
        status,
    )


def test_whoever_never_answers_is_unreachable():
    script = Script(*[httpx.ConnectError("gone")] * 3)
    with pytest.raises(Unreachable):
        script.transport(retries=2).get("/me")
    assert len(script.came) == 3


def test_the_last_busy_answer_is_the_error():
    problem = {"code": "unavailable", "message": "Come again."}
    script = Script(*[httpx.Response(503, json=problem)] * 2)
    with pytest.raises(ApiError, match=r"Come again\."):
        script.transport(retries=1).get("/me")


def test_an_answer_that_is_no_json_is_an_error():
    with pytest.raises(ApiError, match="status 200 and no JSON"):
        Script(httpx.Response(200, text="<html>")).transport().get("/me")


def test_pages_are_followed_to_the_end():
    script = Script(
        httpx.Response(200, json={"items": [{"n": 1}], "next": "c"}),
        httpx.Response(200, json={"items": [], "next": "d"}),
        httpx.Response(200, json={"items": [{"n": 2}], "next": None}),
    )
    assert [one["n"] for one in script.transport().pages("/tasks", limit=1)] == [1, 2]
    assert [request.url.params.get("cursor") for request in script.came] == [None, "c", "d"]


def test_an_upload_begins_again_whole(tmp_path: Path):
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b"x" * 1_000_000)
    script = Script(httpx.ReadError("broken"), httpx.Response(201, json={}))
    script.transport(progress=True).upload("/tasks/upload", file, "application/x-ndjson", on_bad="skip")
    assert [len(request.content) for request in script.came] == [1_000_000] * 2
    assert script.came[1].headers["Content-Length"] == "1000000"
    assert script.came[0].headers["Idempotency-Key"] == script.came[1].headers["Idempotency-Key"]
    assert script.came[0].url.params["on_bad"] == "skip"


def test_a_download_appears_whole_or_not_at_all(tmp_path: Path):
    file = tmp_path / "out.jsonl"
    script = Script(httpx.Response(500), httpx.Response(200, content=b"y" * 600_000))
    script.transport().download("/file", file)
    assert file.read_bytes() == b"y" * 600_000
    refused = Script(httpx.Response(409, json={"code": "export_not_ready", "message": "Wait."}))
    with pytest.raises(ApiError, match="Wait"):
        refused.transport().download("/file", tmp_path / "other")
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
