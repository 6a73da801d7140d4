"""The worker's side: find a project, hold a task, hand in an answer."""

from collections.abc import Iterator
from typing import Any

from tagwerk.client.shapes import Answers, Design, Held, NoTask, Submitted, WorkProject, read
from tagwerk.client.transport import Transport


class Work:
    """What a worker's key can do: of a model, of a simulated person, or of a person where the project allows it."""

    def __init__(self, transport: Transport) -> None:
        self._api = transport

    def projects(self) -> Iterator[WorkProject]:
        """The projects that have work for this worker."""
        return (read(WorkProject, facts) for facts in self._api.pages("/work/projects", limit=200))

    def enrol(self, project: str, *, consent: bool = False) -> WorkProject:
        """Take part in a project; `consent` agrees to what its warning says."""
        return read(WorkProject, self._api.post(f"/work/projects/{project}/enrol", {"consent": consent}))

    def design(self, project: str, design: str) -> Design:
        """What a task shows and asks, by the id that a held task names. It never changes: keep it."""
        return read(Design, self._api.get(f"/work/projects/{project}/designs/{design}"))

    def next(self, project: str) -> Held | NoTask:
        """Hold the next task; asked again while one is held, that one."""
        return _next(self._api.post(f"/work/projects/{project}/next", once=False))

    def submit(
        self, held: Held, answers: Answers, *, active_ms: int | None = None, order: str | None = None
    ) -> Submitted:
        """Hand in the answers to a held task. Sent twice, it counts once."""
        return self._submit(held, "submit", answers, active_ms, order)

    def submit_and_next(
        self, held: Held, answers: Answers, *, active_ms: int | None = None, order: str | None = None
    ) -> Submitted:
        """Hand in, and hold the next task in the same step: `next` of what comes back."""
        return self._submit(held, "submit-and-next", answers, active_ms, order)

    def return_(self, held: Held) -> None:
        """Give a task back; it does not come again."""
        self._api.post(f"{_path(held)}/return", once=False)

    def skip(self, held: Held, reason: str, *, active_ms: int = 0) -> None:
        """Give a task back and say what is wrong with it. `active_ms` as in `stop`."""
        self._api.post(f"{_path(held)}/skip", {"reason": reason, "active_ms": active_ms}, once=False)

    def change(self, held: Held, answers: Answers) -> int:
        """Hand in other answers instead, as long as they have not been judged; the number of the revision."""
        body = {"answers": answers, "design": held.design}
        return int(self._api.ask("PUT", f"{_path(held)}/answer", body=body)["revision"])

    def save_draft(self, held: Held, answers: Answers) -> None:
        """Keep what there is so far, unchecked."""
        self._api.ask("PUT", f"{_path(held)}/draft", body={"answers": answers})

    def stop(self, held: Held, *, active_ms: int = 0) -> None:
        """Stop at a task of a sensitive project, with pay. `active_ms`: how long it took, which counts by the hour where
        no timer ran."""
        self._api.post(f"{_path(held)}/stop", {"active_ms": active_ms}, once=False)

    def renew(self, held: Held) -> Held:
        """Hold a task longer, up to a limit."""
        return read(Held, self._api.post(f"{_path(held)}/renew", once=False))

    def time(self, held: Held) -> dict[str, Any]:
        """Where tasks are paid by the hour: what the timer of a task has measured, and what of it is paid."""
        facts: dict[str, Any] = self._api.get(f"{_path(held)}/time")
        return facts

    def start_timer(self, held: Held) -> dict[str, Any]:
        """Start the timer of a task, or go on; that of any other stops. Call it again at least every two minutes."""
        facts: dict[str, Any] = self._api.post(f"{_path(held)}/time/start", once=False)
        return facts

    def pause_timer(self, held: Held) -> dict[str, Any]:
        """Stop the timer of a task until it is started again."""
        facts: dict[str, Any] = self._api.post(f"{_path(held)}/time/pause", once=False)
        return facts

    def ask_for_time(self, held: Held, seconds: int, reason: str) -> dict[str, Any]:
        """Ask, while a task is in hand, that it may take so long in all: more than is paid without asking."""
        body = {"seconds": seconds, "reason": reason}
        facts: dict[str, Any] = self._api.post(f"{_path(held)}/time/ask", body, once=False)
        return facts

    def correct_time(self, held: Held, seconds: int, reason: str) -> dict[str, Any]:
        """State another time for a task that was handed in within the last seven days."""
        body = {"seconds": seconds, "reason": reason}
        facts: dict[str, Any] = self._api.post(f"{_path(held)}/time/correct", body, once=False)
        return facts

    def mine(self) -> Iterator[dict[str, Any]]:
        """What this worker has done, newest first."""
        return self._api.pages("/work/assignments")

    def judged(self, project: str) -> dict[str, Any]:
        """How this worker's work is judged in a project: rules, figures, what happened, an objection."""
        facts: dict[str, Any] = self._api.get(f"/work/projects/{project}/judged")
        return facts

    def object_to_pause(self, project: str, text: str) -> dict[str, Any]:
        """Say why this worker should not be paused; somebody else decides within seven days."""
        facts: dict[str, Any] = self._api.post(
            f"/work/projects/{project}/objection", {"text": text}, once=False
        )
        return facts

    def tests(self) -> Iterator[dict[str, Any]]:
        """The entry tests that this worker can take, and what their next attempt pays."""
        return self._api.pages("/work/tests")

    def begin_test(self, test: str) -> dict[str, Any]:
        """Begin an attempt at a test, or go on with the one under way: its tasks, and the design that they are shown by."""
        attempt: dict[str, Any] = self._api.post(f"/work/tests/{test}/attempts", once=False)
        return attempt

    def attempt(self, attempt: str) -> dict[str, Any]:
        """An attempt of this worker's: what is answered and, once it is finished, what came out."""
        found: dict[str, Any] = self._api.get(f"/work/attempts/{attempt}")
        return found

    def answer_test(self, attempt: str, task: str, answers: Answers) -> None:
        """Answer a task of an attempt, or answer it otherwise."""
        self._api.ask("PUT", f"/work/attempts/{attempt}/tasks/{task}", body={"answers": answers})

    def finish_test(self, attempt: str) -> dict[str, Any]:
        """Have an attempt scored, whose tasks are all answered."""
        finished: dict[str, Any] = self._api.post(f"/work/attempts/{attempt}/finish", once=False)
        return finished

    def earnings(self) -> list[dict[str, Any]]:
        """What this worker has earned, by currency: available, and pending until it is approved."""
        found: list[dict[str, Any]] = self._api.get("/work/earnings")["earnings"]
        return found

    def movements(self, *, currency: str | None = None) -> Iterator[dict[str, Any]]:
        """What moved into and out of what this worker has (of the first currency, if none is named), newest first."""
        return self._api.pages("/work/movements", currency=currency)

    def payouts(self) -> Iterator[dict[str, Any]]:
        """What was paid out to this worker, the newest first, with its state and why it came back."""
        return self._api.pages("/work/payouts")

    def next_payout(self) -> dict[str, Any]:
        """When this worker is paid next, and what is in the way."""
        facts: dict[str, Any] = self._api.get("/work/payouts/next")
        return facts

    def _submit(
        self, held: Held, how: str, answers: Answers, active_ms: int | None, order: str | None
    ) -> Submitted:
        body: dict[str, Any] = {"answers": answers, "design": held.design}
        if active_ms is not None:
            body["active_ms"] = active_ms
        if order is not None:
            body["order"] = order
        facts = self._api.post(f"{_path(held)}/{how}", body, once=False)
        following = facts.get("next")
        return Submitted(
            facts["assignment"],
            facts["revision"],
            facts["status"],
            facts["undo_seconds"],
            _next(following) if following else None,
        )


def _path(held: Held) -> str:
    return f"/work/projects/{held.project}/assignments/{held.assignment}"


def _next(facts: dict[str, Any]) -> Held | NoTask:
    if facts["held"] is not None:
        return read(Held, facts["held"])
    return NoTask(facts.get("reason") or "no_task", facts.get("message") or "")
