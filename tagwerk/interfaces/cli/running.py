"""What `tagwerk run` does once everything serves."""

import argparse
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tagwerk.base.errors import Invalid
from tagwerk.client import ApiError, Client, Project
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.interfaces.cli import job, local
from tagwerk.interfaces.cli.exporting import format_of
from tagwerk.interfaces.cli.run_job import LONGEST_SECONDS, stamp
from tagwerk.interfaces.cli.truth import Rows
from tagwerk.simulation import Report, Workforce

SIMULATED = "simulated"


def run(
    options: argparse.Namespace, file: ProjectFile, rows: Rows, deposit: int, address: str
) -> dict[str, Any]:
    """Carry the job out; returns the summary as an object."""
    form = format_of(options.out)
    requester = local.local_requester("Local", "local@tagwerk.localhost")
    local.deposit(requester, deposit, file.pay.currency, stamp())
    with Client(address, requester.key, progress=sys.stderr.isatty()) as client:
        project = _ordered(client, file, options)
        _answered(client, project, options, rows, address)
        job.close(client, project, options.out, form=form)
        summary = job.summarise(client, project, rows.truths, options.out)
    if not options.json:
        job.print_summaries([summary])
    return job.as_object([summary])


def _ordered(client: Client, file: ProjectFile, options: argparse.Namespace) -> Project:
    raw = file.model_dump(mode="json", by_alias=True, exclude_none=True)
    if options.simulate:
        raw["audience"] = {
            "invited": local.simulated_addresses(options.simulate, SIMULATED)
        }  # no real people
        raw["pilot"] = None
    project = None
    try:
        project = client.projects.create({key: value for key, value in raw.items() if value is not None})
        report = client.tasks.upload(
            project.id, options.tasks, on_bad="skip" if options.skip_bad else "refuse"
        )
        if report.bad:
            _keep_bad_rows(report.bad, options.out)
        return client.projects.launch(project.id)
    except ApiError as error:
        if project is not None:
            client.projects.archive(project.id)  # nothing half-ordered stays
        raise _refusal(error) from None


def _refusal(error: ApiError) -> Invalid:
    return Invalid(error.code, "{text}", path=error.path, text=str(error))


def _keep_bad_rows(bad: list[Any], out: Path) -> None:
    target = out.with_suffix(".bad.txt")
    target.write_text("".join(f"row {row.number}: {row.reason}\n" for row in bad), encoding="utf-8")
    print(
        f"{len(bad)} rows did not fit and were left out; they are listed with their reasons in {target}",
        file=sys.stderr,
    )


def _answered(
    client: Client, project: Project, options: argparse.Namespace, rows: Rows, address: str
) -> None:
    """Until every task has a result, or nothing more can come."""
    if not options.simulate:
        print(f"Waiting for people: {address}/work/   (Ctrl-C stops; the project stays)", file=sys.stderr)
        while not job.settled(project):
            time.sleep(2)
        return
    report = _simulated(project, options, rows, address)
    if report.errors:
        print(
            f"tagwerk: {len(report.errors)} hitches of simulated people, such as {report.errors[0]}",
            file=sys.stderr,
        )
    if not job.settled(project):
        print(
            "tagwerk: not every task has a result: the simulated people found no more work.", file=sys.stderr
        )


def _simulated(project: Project, options: argparse.Namespace, rows: Rows, address: str) -> Report:
    keys = local.simulated_keys(options.simulate, SIMULATED)
    force = Workforce(address, keys, rows.truths, seed=options.seed, projects=[project.id])
    over = threading.Event()
    shown = threading.Thread(target=_show, args=(project, over), daemon=True)
    shown.start()
    try:
        return force.run(lambda: job.settled(project), idle_seconds=20.0, longest_seconds=LONGEST_SECONDS)
    finally:
        over.set()
        shown.join()


def _show(project: Project, over: threading.Event) -> None:
    while not over.wait(2.0):
        print(job.show_progress([project]), file=sys.stderr, flush=True)
