"""The main job over the real API: create, upload, launch, have it answered, accept, export, count."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tagwerk.base.ids import row_number
from tagwerk.base.money import plain
from tagwerk.client import Client, Project
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.cli.saving import Saving, saved_in_all
from tagwerk.interfaces.cli.tables import table
from tagwerk.interfaces.cli.truth import Truths, accuracy


@dataclass(frozen=True)
class Summary:
    """What became of one project."""

    project: str
    title: str
    tasks: int
    answers: int
    answers_per_task: float
    accuracy: float | None
    cost: str
    fee: str
    paid: str
    currency: str
    without_result: int
    out: str
    saving: Saving | None = None  # known where simulated people worked


def settled(project: Project) -> bool:
    """Whether all open tasks have their results, and no more will be opened: none is left, or the money or the
    pilot ends here."""
    now = work.progress(row_number("prj", project.id))
    at_the_end = now.waiting == 0 or now.waits_for_money or now.opened >= (project.open_limit or now.tasks)
    return now.decided >= now.opened and at_the_end


def tasks_beyond_pilot(project: Project) -> int:
    """How many tasks of a pilot wait for the launch of the rest."""
    return 0 if project.open_limit is None else work.progress(row_number("prj", project.id)).waiting


def show_progress(projects: Sequence[Project]) -> str:
    """One line: how far each project is."""
    parts = []
    for project in projects:
        now = work.progress(row_number("prj", project.id))
        parts.append(f"{project.title[:28]}: {now.decided}/{now.tasks} tasks, {now.answers} answers")
    return " · ".join(parts)


def close(client: Client, project: Project, out: Path, *, form: str = "jsonl") -> None:
    """Accept all answers, write the results, and finish; a pilot stays open for the rest."""
    client.answers.approve_all(project.id)
    client.exports.download(project.id, format=form, path=out, accept=True)
    if not tasks_beyond_pilot(project) and client.projects.get(project.id).state in ("open", "paused"):
        client.projects.finish(project.id)


def summarise(client: Client, project: Project, truths: Truths, out: Path) -> Summary:
    """Count what a finished project did and cost; money from the book itself."""
    number = row_number("prj", project.id)
    results = list(client.results(project.id))
    progress = quality.progress(number)
    now = work.progress(number)
    money = payments.project_money(number, project.price.total.currency if project.price else "EUR")
    return Summary(
        project=project.id,
        title=project.title,
        tasks=now.tasks + now.gold_tasks,
        answers=now.answers,
        answers_per_task=round(progress.answers_per_task or 0.0, 2),
        accuracy=accuracy(results, truths),
        cost=plain(money.pay_micros + money.fee_micros),
        fee=plain(money.fee_micros),
        paid=plain(money.pay_micros),
        currency=money.currency,
        without_result=sum(record.result is None for record in results),
        out=str(out),
    )


def print_summaries(summaries: Sequence[Summary]) -> None:
    """The report for people."""
    head = ["project", "tasks", "answers", "per task", "accuracy", "cost", "fee", "paid", "no result"]
    rows = [
        [
            s.title[:40],
            s.tasks,
            s.answers,
            f"{s.answers_per_task:.2f}",
            "–" if s.accuracy is None else f"{100 * s.accuracy:.1f} %",
            f"{s.cost} {s.currency}",
            f"{s.fee} {s.currency}",
            f"{s.paid} {s.currency}",
            s.without_result,
        ]
        for s in summaries
    ]
    print(table(head, rows))
    _print_savings(summaries)
    print(f"Drift of the book: {plain(ledger.drift_micros())}")
    print("All answers were approved at the end, so that their results could be delivered.")
    for s in summaries:
        print(f"  {s.title[:40]} → {s.out}")


def _print_savings(summaries: Sequence[Summary]) -> None:
    """What asking no more than is worth it has saved, beside fixed numbers of answers from the same people."""
    known = [(s.title[:40], s.saving) for s in summaries if s.saving]
    if not known:
        return
    most = max(len(saving.fixed) for _, saving in known)
    head = [
        "answers that decide",
        "per task",
        "right",
        *(f"fixed {n + 1}" for n in range(most)),
        "as right as fixed",
        "saved",
    ]
    rows = [
        [
            title, f"{one.answers_per_task:.2f}", f"{100 * one.accuracy:.1f} %",
            *(f"{100 * one.fixed[n + 1]:.1f} %" if n + 1 in one.fixed else "–" for n in range(most)),
            f"above {one.equal:.0f}" if one.best else f"{one.equal:.2f}",
            f"{100 * one.saved:.0f} %",
        ]
        for title, one in known
    ]  # fmt: skip
    print(table(head, rows))
    print(
        "Fixed: so many answers to every task, from the same simulated people, ten times over, by the same rules."
    )
    share = saved_in_all([one for _, one in known])
    print(f"Saved: {100 * share:.0f} % of the answers that fixed numbers would have taken to be as right.")


def exit_code(done: Mapping[str, Any], *, partial: bool = False) -> int:
    """0 where the book is right and (unless `partial`) every task has a result; else 1, and why."""
    missing = sum(project["without_result"] for project in done["projects"])
    complaints = []
    if done["drift_micros"]:
        complaints.append(
            f"the book is wrong by {plain(done['drift_micros'])}: balances and transfers differ; see “tagwerk doctor”."
        )
    if missing and not partial:
        complaints.append(f"not every task has a result: {missing} have none; the file says why.")
    for complaint in complaints:
        print(f"tagwerk: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


def as_object(summaries: Sequence[Summary]) -> dict[str, Any]:
    """The report for programs."""
    return {"projects": [asdict(s) for s in summaries], "drift_micros": ledger.drift_micros()}
