"""What `tagwerk run` does once everything serves."""

import argparse
import json
import sys
import threading
import time

from tagwerk.base.errors import Invalid, Refusal
from tagwerk.client import ApiError, Client, Project
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.interfaces.cli import job, local
from tagwerk.interfaces.cli.files import bad_rows_beside, format_of
from tagwerk.interfaces.cli.run_job import LONGEST_SECONDS, stamp
from tagwerk.interfaces.cli.truth import Rows
from tagwerk.simulation import Report, Workforce

LOCAL = "local@tagwerk.localhost"
SIMULATED = "simulated"


def run(options: argparse.Namespace, file: ProjectFile, rows: Rows, deposit: int, address: str) -> int:
    """Carry the job out; the exit code."""
    form = format_of(options.out)
    with (
        local.ordering("Local", LOCAL) as requester,
        Client(address, requester.key, progress=sys.stderr.isatty()) as client,
    ):
        project = _ordered(client, requester, file, options, deposit)
        _answered(client, project, options, rows, address)
        job.close(client, project, options.out, form=form)
        summary = job.summarise(client, project, rows.truths, options.out)
        beyond_pilot = job.tasks_beyond_pilot(project)
    done = job.as_object([summary])
    if options.json:
        print(json.dumps(done, ensure_ascii=False))
    else:
        job.print_summaries([summary])
    if beyond_pilot:
        print(
            f"tagwerk: the pilot ends here; {beyond_pilot} tasks wait. For the rest: "
            f"tagwerk project launch --as {LOCAL} {project.id}",
            file=sys.stderr,
        )
    return job.exit_code(done, partial=options.partial or beyond_pilot > 0)


def _ordered(
    client: Client,
    requester: local.Requester,
    file: ProjectFile,
    options: argparse.Namespace,
    deposit: int,
) -> Project:
    """The project, launched; what is refused leaves no draft and no money."""
    raw = file.model_dump(mode="json", by_alias=True, exclude_none=True)
    if options.simulate:
        invited = local.simulated_addresses(options.simulate, SIMULATED)
        raw["audience"] = {"invited": invited}  # no real people
        raw.pop("pilot", None)
    booking, project, deposited = stamp(), None, False
    try:
        project = client.projects.create(raw)
        _bring_tasks(client, project, options)
        local.deposit(requester, deposit, file.pay.currency, booking)
        deposited = True
        return client.projects.launch(project.id)
    except (ApiError, Refusal) as error:
        if deposited:
            local.refund(requester, deposit, file.pay.currency, f"{booking}-back")
        if project is not None:
            client.projects.archive(project.id)
        raise _refusal(error) from None


def _refusal(error: ApiError | Refusal) -> Refusal:
    if isinstance(error, Refusal):
        return error
    return Invalid(error.code, "{text}", path=error.path, text=error.message)


def _bring_tasks(client: Client, project: Project, options: argparse.Namespace) -> None:
    """Import the rows; those that do not fit are written beside the results."""
    report = client.tasks.upload(project.id, options.tasks, on_bad="skip" if options.skip_bad else "report")
    if not report.bad_count:
        return
    assert report.id is not None, "an upload has a report of its own"
    target = client.tasks.bad_rows(project.id, report.id, bad_rows_beside(options.out))
    if not options.skip_bad:
        first = report.bad[0]
        raise Invalid(
            "bad_rows",
            "Nothing was imported. Rows that cannot be used: {count}, written with their reasons to {target}. "
            "Row {number}: {reason}",
            count=report.bad_count,
            target=str(target),
            number=first.number,
            reason=first.reason,
        )
    print(f"Rows left out: {report.bad_count}; they are in {target} with their reasons.", file=sys.stderr)


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


def _simulated(project: Project, options: argparse.Namespace, rows: Rows, address: str) -> Report:
    over = threading.Event()
    shown = threading.Thread(target=_show, args=(project, over), daemon=True)
    shown.start()
    try:
        with local.simulated_people(options.simulate, SIMULATED) as keys:
            force = Workforce(address, keys, rows.truths, seed=options.seed, projects=[project.id])
            return force.run(lambda: job.settled(project), idle_seconds=20.0, longest_seconds=LONGEST_SECONDS)
    finally:
        over.set()
        shown.join()


def _show(project: Project, over: threading.Event) -> None:
    while not over.wait(2.0):
        print(job.show_progress([project]), file=sys.stderr, flush=True)
