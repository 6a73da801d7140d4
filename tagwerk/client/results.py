"""Answers, results and exports: what comes out."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagwerk.client import tables
from tagwerk.client.errors import ApiError
from tagwerk.client.shapes import Answer, Export, Result, Worker, read
from tagwerk.client.transport import Transport

if TYPE_CHECKING:
    import pandas as pd

APPROVED_AT_ONCE = 2_000


class AnswersOf:
    """The answers to a project, and their review."""

    def __init__(self, transport: Transport) -> None:
        self._api = transport

    def feed(self, project: str, *, after: str | None = None) -> Iterator[Answer]:
        """All answers there are now, in the order they came; `feed_page` continues where one left off."""
        while True:
            answers, after = self.feed_page(project, after=after)
            if not answers:
                return
            yield from answers

    def feed_page(
        self, project: str, *, after: str | None = None, limit: int = 500
    ) -> tuple[list[Answer], str]:
        """Some answers and the cursor behind them, which stays valid: ask with it again later for what is new."""
        page = self._api.get(f"/projects/{project}/answers", cursor=after, limit=limit)
        return [read(Answer, facts) for facts in page["items"]], page["next"]

    def of_task(self, project: str, task: str) -> Iterator[dict[str, Any]]:
        """The answers to one task in their newest revision, the first first, with the reason if one was rejected."""
        return self._api.pages(f"/projects/{project}/tasks/{task}/answers", limit=200)

    def approve(self, project: str, answers: list[str]) -> int:
        """Approve answers, which pays them, 2,000 at a time; returns how many were approved by this."""
        pieces = [
            answers[start : start + APPROVED_AT_ONCE] for start in range(0, len(answers), APPROVED_AT_ONCE)
        ]
        where = f"/projects/{project}/answers/approve"
        return sum(int(self._api.post(where, {"answers": piece})["approved"]) for piece in pieces)

    def approve_all(self, project: str) -> int:
        """Approve everything that waits for it."""
        return int(self._api.post(f"/projects/{project}/answers/approve-all", once=False)["approved"])

    def reject(self, project: str, answer: str, code: str, reason: str) -> bool:
        """Reject an answer for a reason of the closed list (`code`) and in words that its worker reads. False: many were
        rejected lately, so it waits for a second person."""
        sent = {"code": code, "reason": reason}
        return bool(self._api.post(f"/projects/{project}/answers/{answer}/reject", sent)["rejected"])

    def overrule(self, project: str, task: str, question: str, value: Any) -> None:
        """Decide the result of one question of a task by hand: it is certain, and judging leaves it alone."""
        self._api.post(f"/projects/{project}/tasks/{task}/results/{question}", {"value": value})


class Workers:
    """Who works on a project."""

    def __init__(self, transport: Transport) -> None:
        self._api = transport

    def list(self, project: str) -> Iterator[Worker]:
        """All workers of a project."""
        return (read(Worker, facts) for facts in self._api.pages(f"/projects/{project}/workers"))

    def get(self, project: str, worker: str) -> dict[str, Any]:
        """A worker with figures, signals (evidence side by side) and what happened because of them."""
        facts: dict[str, Any] = self._api.get(f"/projects/{project}/workers/{worker}")
        return facts

    def signals(self, project: str, *, state: str = "") -> Iterator[dict[str, Any]]:
        """What was noticed in a project, the newest first; `state`: open, seen or dismissed."""
        return self._api.pages(f"/projects/{project}/signals", **({"state": state} if state else {}))

    def decide_signal(self, project: str, signal: str, state: str) -> None:
        """Note that a signal was "seen", or is "dismissed"."""
        self._api.post(f"/projects/{project}/signals/{signal}", {"state": state}, once=False)

    def preview(self, project: str, rule: dict[str, Any]) -> dict[str, Any]:
        """Whom a control rule would have met so far; nothing happens to anybody."""
        facts: dict[str, Any] = self._api.post(
            f"/projects/{project}/rules/preview", {"rule": rule}, once=False
        )
        return facts

    def objections(self, project: str, *, only_open: bool = False) -> Iterator[dict[str, Any]]:
        """Objections to pauses, the newest first."""
        return self._api.pages(
            f"/projects/{project}/objections", **({"only_open": "true"} if only_open else {})
        )

    def decide_objection(self, project: str, objection: str, *, granted: bool, answer: str = "") -> None:
        """Let a paused worker go on, or say why not."""
        body = {"granted": granted, "answer": answer}
        self._api.post(f"/projects/{project}/objections/{objection}", body, once=False)

    def pause(self, project: str, worker: str, reason: str) -> Worker:
        """Give a worker no more tasks of the project; they read the reason."""
        return read(Worker, self._api.post(f"/projects/{project}/workers/{worker}/pause", {"reason": reason}))

    def resume(self, project: str, worker: str) -> Worker:
        """Give a paused worker tasks again."""
        return read(Worker, self._api.post(f"/projects/{project}/workers/{worker}/resume"))


class Reviews:
    """Answers judged by members, one by one and blind."""

    def __init__(self, transport: Transport) -> None:
        self._api = transport

    def next(self, project: str, **asked: str) -> dict[str, Any] | None:
        """The next answer to review, None: nothing waits; only of a `worker`, a `rule`, a kind of `signal`, or the
        `evidence` of one."""
        facts: dict[str, Any] | None = self._api.post(f"/projects/{project}/reviews/next", asked, once=False)[
            "next"
        ]
        return facts

    def commit(self, project: str, answer: str, verdict: str, **found: Any) -> dict[str, Any]:
        """Say what you find; gives what others answered and found, the result, and why the answer came."""
        body = {"verdict": verdict, **found}
        facts: dict[str, Any] = self._api.post(f"/projects/{project}/answers/{answer}/review", body)
        return facts

    def pointed_at(self, project: str) -> list[dict[str, Any]]:
        """What `next` can be asked for: the rules that met somebody, and the kinds of signals, with how many wait."""
        found: list[dict[str, Any]] = self._api.get(f"/projects/{project}/reviews/pointed-at")["items"]
        return found


class Results:
    """What the answers add up to, as records, a table or a frame."""

    def __init__(self, transport: Transport) -> None:
        self._api = transport

    def all(self, project: str, raw_answers: bool) -> Iterator[Result]:
        """One record per task, delivered ones with their values, the others with null and the reason."""
        return (read(Result, facts) for facts in self._records(project, raw_answers))

    def table(self, project: str, raw_answers: bool) -> Any:
        """The records as a pyarrow.Table (needs pyarrow, which says nothing about its types)."""
        return tables.table(self._records(project, raw_answers))

    def frame(self, project: str, raw_answers: bool) -> "pd.DataFrame":
        """The records as a pandas frame (needs pandas)."""
        import pandas as pd

        frame = pd.DataFrame([tables.flat(facts) for facts in self._records(project, raw_answers)])
        return frame.reindex(columns=tables.in_order(frame.columns))

    def _records(self, project: str, raw_answers: bool) -> Iterator[dict[str, Any]]:
        wish = {"answers": "true"} if raw_answers else {}
        return self._api.pages(f"/projects/{project}/results", limit=1000, **wish)


class Exports:
    """Files of results, made by the platform."""

    def __init__(self, transport: Transport) -> None:
        self._api = transport

    def start(
        self,
        project: str,
        format: str = "jsonl",
        *,
        accept: bool = False,
        options: dict[str, Any] | None = None,
    ) -> Export:
        """Have a file made: jsonl, csv, parquet, trl_preference or kto; `accept` approves the rest first.

        `options`: raw_answers, min_confidence, question, prompt, completion, desirable, from_pairs, margin.
        """
        body = {"format": format, "accept": accept, "options": options or {}}
        return read(Export, self._api.post(f"/projects/{project}/exports", body))

    def get(self, project: str, export: str) -> Export:
        """How far an export is."""
        return read(Export, self._api.get(f"/projects/{project}/exports/{export}"))

    def list(self, project: str) -> Iterator[Export]:
        """The project's exports, newest first."""
        return (read(Export, facts) for facts in self._api.pages(f"/projects/{project}/exports"))

    def download(
        self,
        project: str,
        format: str,
        path: str | Path,
        *,
        accept: bool = False,
        wait_seconds: float = 3600,
        **options: Any,
    ) -> Path:
        """Have a file made, wait for it, and write it to `path`; `options` as those of `start`: raw_answers=True."""
        export = self.start(project, format, accept=accept, options=options)
        end = time.monotonic() + wait_seconds
        while export.state in ("waiting", "running"):
            if time.monotonic() > end:
                raise ApiError("export_slow", f"The export is not ready after {wait_seconds:g} seconds.")
            time.sleep(0.5)
            export = self.get(project, export.id)
        if export.state != "ready":
            raise ApiError("export_failed", export.error or "The export failed.")
        self._api.download(f"/projects/{project}/exports/{export.id}/file", Path(path))
        return Path(path)
