"""The sample projects, ordered by a sample organisation and worked on by simulated people."""

import contextlib
import json
import os
import secrets
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from tagwerk.client import Client, Project
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries as accounts_queries
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tagwerk.domain.work.rules.readers import kind_of_name, rows_of
from tagwerk.interfaces.cli import job, local
from tagwerk.interfaces.cli.run_job import largest_micros, stamp
from tagwerk.interfaces.cli.tables import table
from tagwerk.interfaces.cli.truth import Rows, read_rows
from tagwerk.simulation import Workforce

SAMPLES = Path(__file__).parent / "samples"
ORDER = ("sentiment", "comparison", "moderation", "comparison-check")
STAGE_TASKS = 400  # so many tasks of a later stage the deposit covers
LONGEST_SECONDS = 1800.0
SIGN_INS = (
    ("worker", "worker@demo.localhost", "Wanda Worker"),
    ("requester", "requester@demo.localhost", "Rita Requester"),
    ("operator", "operator@demo.localhost", "Otto Operator"),
)


def run_once(out: Path, people: int, address: str, *, quiet: bool) -> dict[str, Any]:
    """New sample projects, worked on until each task has a result; exports written, summary printed and returned."""
    out.mkdir(parents=True, exist_ok=True)
    requester = local.local_requester("Demo", SIGN_INS[1][1])
    with Client(address, requester.key, progress=False) as client:
        projects = _order_all(client, requester)
        _work(list(projects), people, address, _truths(projects), quiet=quiet)
        done = []
        for project, rows in projects.items():
            target = out / f"{project.name}.jsonl"
            job.close(client, project, target)
            done.append(job.summarise(client, project, rows.truths, target))
    if not quiet:
        job.print_summaries(done)
    return job.as_object(done)


@contextlib.contextmanager
def at_work(people: int, address: str, data: Path) -> Iterator[None]:
    """The sample projects ordered (once), simulated people at their pace, sign-ins printed."""
    passwords = _sign_ins(data)
    requester = local.local_requester("Demo", SIGN_INS[1][1])
    with Client(address, requester.key, progress=False) as client:
        there = [project for project in client.projects.list() if project.state == "open"]
        if not there:
            _order_all(client, requester)
    _print_sign_ins(address, passwords)
    truths = {key: value for name in ORDER[:3] for key, value in _sample_rows(name).truths.items()}
    force = Workforce(address, local.simulated_keys(people, "demo"), truths, speed=1.5)
    thread = threading.Thread(target=lambda: force.run(idle_seconds=1e9), name="workforce", daemon=True)
    thread.start()
    try:
        yield
    finally:
        force.stop()
        thread.join(30)


def _order_all(client: Client, requester: local.Requester) -> dict[Project, Rows]:
    ordered: dict[Project, Rows] = {}
    for name in ORDER:
        text = (SAMPLES / name / "project.yaml").read_text(encoding="utf-8")
        file = read_project_file(text, name=f"{name}/project.yaml")
        rows = _sample_rows(name)
        expected = rows if file.from_ is None else Rows(STAGE_TASKS, 0, {})
        local.deposit(
            requester, largest_micros(file, expected, settings.FEE_BP), file.pay.currency, f"{name}-{stamp()}"
        )
        raw = file.model_dump(mode="json", by_alias=True, exclude_none=True)
        if file.from_ is not None:
            raw["from"]["project"] = next(
                project.id for project in ordered if project.title == file.from_.project
            )
        project = client.projects.create(raw)
        tasks = SAMPLES / name / "tasks.jsonl"
        if tasks.exists():
            client.tasks.upload(project.id, tasks)
        ordered[client.projects.launch(project.id)] = rows
    return ordered


def _sample_rows(name: str) -> Rows:
    path = SAMPLES / name / "tasks.jsonl"
    if not path.exists():
        return Rows(0, 0, {})
    with path.open("rb") as file:
        return read_rows(row for row in rows_of(file, kind_of_name(path.name)) if isinstance(row, dict))


def _truths(projects: dict[Project, Rows]) -> dict[str, Any]:
    return {key: value for rows in projects.values() for key, value in rows.truths.items()}


def _work(
    projects: Sequence[Project], people: int, address: str, truths: dict[str, Any], *, quiet: bool
) -> None:
    """Have all projects answered; stages get their tasks while the projects before them run."""
    keys = local.simulated_keys(people, "demo")
    force = Workforce(address, keys, truths, seed=7, projects=[project.id for project in projects])
    over = threading.Event()

    def show() -> None:
        while not over.wait(2.0):
            print(job.show_progress(projects), file=sys.stderr, flush=True)

    thread = threading.Thread(target=show, daemon=True)
    if not quiet:
        thread.start()
    try:
        report = force.run(_all_settled(projects), idle_seconds=30.0, longest_seconds=LONGEST_SECONDS)
    finally:
        over.set()
    for error in report.errors[:3]:
        print(f"tagwerk: {error}", file=sys.stderr)


def _all_settled(projects: Sequence[Project]) -> Any:
    quiet_looks = 0

    def look() -> bool:
        # A stage is only at its end when the ones before it are, and its last tasks have come over.
        nonlocal quiet_looks
        quiet_looks = quiet_looks + 1 if all(job.settled(project) for project in projects) else 0
        return quiet_looks >= 30

    return look


def _sign_ins(data: Path) -> dict[str, str]:
    """Ready-made sign-ins; their passwords are made at the first start and kept where only this user reads them."""
    path = data / "demo-sign-ins.json"
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text())
        return kept
    made = {}
    for role, email, name in SIGN_INS:
        made[email] = secrets.token_urlsafe(12)
        person_id = local.person_of(
            email,
            name,
            password=made[email],
            country="DE",
            languages=local.ALL_LANGUAGES,
            is_operator=role == "operator",
        )
        actor = accounts_queries.actor_of_person(person_id)
        accounts.agree_to_terms(actor=actor, version=settings.TERMS_VERSION, adult=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(made, file)
    return made


def _print_sign_ins(address: str, passwords: dict[str, str]) -> None:
    rows = [[role, email, passwords[email]] for role, email, _ in SIGN_INS]
    print(f"\ntagwerk is ready: {address}   (Ctrl-C stops everything)\n")
    print(table(["role", "sign in as", "password"], rows))
    print(
        "\nSimulated people work on the sample projects while you look around. What they earn is theirs when the\n"
        "requester accepts it (Review, or Results), or by itself after a few days.",
        flush=True,
    )
