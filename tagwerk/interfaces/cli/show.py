"""The sample projects, ordered by a sample organisation and worked on by simulated people."""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import row_number
from tagwerk.client import Client, Project
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.rules.readers import kind_of_name, rows_of
from tagwerk.domain.work.rules.units import ONE, Meter
from tagwerk.interfaces.cli import job, local, payday
from tagwerk.interfaces.cli.run_job import largest_micros, stamp
from tagwerk.interfaces.cli.saving import saving_of
from tagwerk.interfaces.cli.sign_ins import REQUESTER, make_sign_ins, print_sign_ins
from tagwerk.interfaces.cli.truth import Rows, read_rows
from tagwerk.simulation import CHARACTERS, Workforce
from tagwerk.simulation.workforce import Report

SAMPLES = Path(__file__).parent / "samples"
ORDER = ("sentiment", "comparison", "moderation", "comparison-check")
STAGE_TASKS = 400  # so many tasks of a later stage the deposit covers
LONGEST_SECONDS = 1800.0
LOOK_SECONDS = 10.0
ENOUGH = 3  # answers, before somebody is paused for being slow
AT_WORK = ("open", "paused")


def run_once(out: Path, people: int, address: str, data: Path, *, quiet: bool) -> dict[str, Any]:
    """New sample projects, worked on until each task has a result; exports written, summary printed and returned."""
    out.mkdir(parents=True, exist_ok=True)
    make_sign_ins(data)
    with (
        local.ordering("Demo", REQUESTER) as requester,
        Client(address, requester.key, progress=False) as client,
    ):
        projects = dict(_order_all(client, requester, there={}))
        report = _work(list(projects), people, address, _truths(projects), quiet=quiet)
        done = []
        for project, rows in projects.items():
            target = out / f"{project.name}.jsonl"
            job.close(client, project, target)
            one = job.summarise(client, project, rows.truths, target)
            done.append(replace(one, saving=saving_of(client, project, report, rows.truths)))
        paid = payday.payday(requester, out)
    if not quiet:
        job.print_summaries(done)
        if paid:
            payday.print_payday(paid)
    return job.as_object(done) | {"payday": payday.as_object(paid)}


@contextlib.contextmanager
def at_work(people: int, address: str, data: Path) -> Iterator[None]:
    """The sample projects ordered, as far as they are not at work yet; simulated people at their pace, sign-ins
    printed."""
    passwords = make_sign_ins(data)
    payday.set_up_company()
    with (
        local.ordering("Demo", REQUESTER) as requester,
        Client(address, requester.key, progress=False) as client,
    ):
        there = {project.title: project for project in client.projects.list() if project.state in AT_WORK}
        projects = dict(_order_all(client, requester, there))
        print_sign_ins(address, passwords)
        with local.simulated_people(people, "demo") as keys:
            cast = CHARACTERS if people >= 2 * len(CHARACTERS) else ()
            order = [project.id for project in projects]
            force = Workforce(address, keys, _truths(projects), cast=cast, first=order, speed=1.5)
            works: list[Callable[[], object]] = [lambda: force.run(idle_seconds=1e9)]
            if cast:
                slow = keys[len(keys) - len(cast) + cast.index("slow")]
                works.append(lambda: _pause_the_slow_one(client, order[0], slow, force))
            threads = [threading.Thread(target=one, name="demo", daemon=True) for one in works]
            for thread in threads:
                thread.start()
            try:
                yield
            finally:
                force.stop()
                for thread in threads:
                    thread.join(30)


def _pause_the_slow_one(client: Client, project: str, key: str, force: Workforce) -> None:
    """Pause somebody for being slow, once they have worked a little: the objection that follows is there to be decided."""
    slow = accounts.actor_of_key(key)
    while slow is not None and slow.person_id is not None and not force.wait(LOOK_SECONDS):
        with contextlib.suppress(NotFound):  # not at work there yet
            theirs = work.enrolment(slow.person_id, row_number("prj", project))
            if theirs.submitted < ENOUGH:
                continue
            if theirs.pause_reason is None:
                client.workers.pause(project, theirs.pseudonym, "Much slower than the others.")
            return


def _order_all(
    client: Client, requester: local.Requester, there: Mapping[str, Project]
) -> Iterator[tuple[Project, Rows]]:
    """Each sample with its rows: the project of that title that is there, or else a new one."""
    ordered = dict(there)
    for name in ORDER:
        text = (SAMPLES / name / "project.yaml").read_text(encoding="utf-8")
        file = read_project_file(text, name=f"{name}/project.yaml")
        rows = _sample_rows(name)
        if file.title not in ordered:
            ordered[file.title] = _order(client, requester, name, file, rows, ordered)
        yield ordered[file.title], rows


def _order(
    client: Client,
    requester: local.Requester,
    name: str,
    file: ProjectFile,
    rows: Rows,
    ordered: Mapping[str, Project],
) -> Project:
    expected = rows if file.from_ is None else Rows(STAGE_TASKS, 0, {}, [ONE] * STAGE_TASKS)
    local.deposit(
        requester,
        largest_micros(
            file, expected, accounts.instance().fee_bp, accounts.floors(datetime.now(tz=UTC).date())
        ),
        file.pay.currency,
        f"{name}-{stamp()}",
    )
    raw = file.model_dump(mode="json", by_alias=True, exclude_none=True)
    if file.from_ is not None:
        raw["from"]["project"] = ordered[file.from_.project].id
    project = client.projects.create(raw)
    tasks = SAMPLES / name / "tasks.jsonl"
    if tasks.exists():
        client.tasks.upload(project.id, tasks)
    return client.projects.launch(project.id)


def _sample_rows(name: str) -> Rows:
    path = SAMPLES / name / "tasks.jsonl"
    if not path.exists():
        return Rows(0, 0, {})
    with path.open("rb") as file:
        rows = (row for row in rows_of(file, kind_of_name(path.name)) if isinstance(row, dict))
        return read_rows(rows, Meter("answer", 0))


def _truths(projects: dict[Project, Rows]) -> dict[str, Any]:
    return {key: value for rows in projects.values() for key, value in rows.truths.items()}


def _work(
    projects: Sequence[Project], people: int, address: str, truths: dict[str, Any], *, quiet: bool
) -> Report:
    """Have all projects answered; stages get their tasks while the projects before them run."""
    over = threading.Event()

    def show() -> None:
        while not over.wait(2.0):
            print(job.show_progress(projects), file=sys.stderr, flush=True)

    thread = threading.Thread(target=show, daemon=True)
    if not quiet:
        thread.start()
    try:
        with local.simulated_people(people, "once") as keys:
            force = Workforce(address, keys, truths, seed=7, projects=[project.id for project in projects])
            report = force.run(_all_settled(projects), idle_seconds=30.0, longest_seconds=LONGEST_SECONDS)
    finally:
        over.set()
    for error in report.errors[:3]:
        print(f"tagwerk: {error}", file=sys.stderr)
    return report


def _all_settled(projects: Sequence[Project]) -> Any:
    quiet_looks = 0

    def look() -> bool:
        # A stage is only at its end when the ones before it are, and its last tasks have come over.
        nonlocal quiet_looks
        quiet_looks = quiet_looks + 1 if all(job.settled(project) for project in projects) else 0
        return quiet_looks >= 30

    return look
