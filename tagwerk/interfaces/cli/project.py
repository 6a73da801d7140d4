"""tagwerk project …: the same actions as the pages, for a member of the organisation."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tagwerk.base.errors import Invalid
from tagwerk.base.money import micros_of, plain
from tagwerk.interfaces.cli.machinery import Machinery
from tagwerk.interfaces.cli.tables import table


def add_to(words: Any) -> None:
    """Add these commands to the grammar."""
    project = words.add_parser("project", help="Order work: the same actions as the pages.")
    inner = project.add_subparsers(dest="project_word", metavar="word", required=True)
    _word(inner, "list", "List the organisation's projects, the newest first.", _list)
    create = _word(inner, "create", "Make a draft project of a project file.", _create)
    create.add_argument("file", type=Path, help="the project file")
    create.add_argument(
        "--organisation", default="", metavar="NAME", help="which, where you belong to several"
    )
    tasks = _word(
        inner, "import", "Bring tasks in; one bad row and nothing is imported.", _import, project=True
    )
    tasks.add_argument("file", type=Path, help=".jsonl, .json, .csv or .parquet")
    tasks.add_argument(
        "--skip-bad", action="store_true", help="import the good rows, write the bad ones beside the file"
    )
    tasks.add_argument(
        "--replace", action="store_true", help="replace tasks of the same _id that nobody has seen yet"
    )
    launch = _word(inner, "launch", "Reserve the money and open the tasks.", _launch, project=True)
    launch.add_argument("--pilot", type=int, metavar="N", help="only so many tasks at first")
    for word, text, handler in (
        ("show", "Say how far a project is and what it cost.", _show),
        ("pause", "Stop new claims.", _state("pause_project")),
        ("resume", "Let people claim again.", _state("resume_project")),
        ("finish", "Want no more answers; the rest of the money goes back.", _state("finish_project")),
        ("archive", "Put a draft or finished project out of sight.", _state("archive_project")),
    ):
        _word(inner, word, text, handler, project=True)
    raised = _word(inner, "raise", "Raise the budget to a new total.", _raise, project=True)
    raised.add_argument("amount", help='the new total, such as "500.00"')
    export = _word(
        inner, "export", "Write the results of approved answers into a file.", _export, project=True
    )
    export.add_argument("file", type=Path, help="the target: .jsonl, .csv or .parquet")
    export.add_argument("--accept", action="store_true", help="approve all submitted answers first")
    export.add_argument(
        "--format", default="", help="preference or kto for comparisons; default: by the file's ending"
    )
    export.add_argument("--raw", action="store_true", help="with every single answer")


def _word(
    inner: Any, name: str, text: str, handler: Any, *, project: bool = False
) -> argparse.ArgumentParser:
    word: argparse.ArgumentParser = inner.add_parser(name, help=text, description=text)
    word.add_argument("--as", dest="who", required=True, metavar="EMAIL", help="the member who does it")
    if project:
        word.add_argument("project", help="its id (prj_…)")
    word.set_defaults(handler=_as_member(handler))
    return word


def _as_member(
    handler: Callable[[argparse.Namespace, Any], int],
) -> Callable[[argparse.Namespace, Machinery], int]:
    def run(options: argparse.Namespace, machinery: Machinery) -> int:
        with machinery.database():
            from tagwerk.domain.accounts import queries

            return handler(options, queries.actor_of_person(queries.person_id_of_email(options.who)))

    return run


def _list(options: argparse.Namespace, actor: Any) -> int:
    from tagwerk.domain.projects import queries

    rows = [
        [p.public_id, p.title[:50], p.state, p.created_at.date()]
        for p in queries.projects_of(list(actor.roles))
    ]
    print(
        table(["id", "title", "state", "created"], rows)
        if rows
        else "No project yet: tagwerk project create FILE"
    )
    return 0


def _create(options: argparse.Namespace, actor: Any) -> int:
    from tagwerk.domain.accounts import queries as accounts
    from tagwerk.domain.projects import actions as projects
    from tagwerk.interfaces.cli.run_job import project_file

    file = project_file(options.file)
    mine = {view.name: view.id for view in accounts.organisations_of(actor)}
    if (options.organisation and options.organisation not in mine) or (
        len(mine) != 1 and not options.organisation
    ):
        raise Invalid(
            "organisation_which",
            "Name one of your organisations with --organisation: {names}.",
            names=", ".join(mine) or "–",
        )
    made = projects.create_project(
        actor=actor,
        organisation_id=mine[options.organisation] if options.organisation else next(iter(mine.values())),
        file=file,
    )
    print(made.public_id)
    return 0


def _import(options: argparse.Namespace, actor: Any) -> int:
    from tagwerk.domain.accounts.rules import Permission
    from tagwerk.domain.projects import queries
    from tagwerk.domain.work import actions as work
    from tagwerk.domain.work.rules.readers import kind_of_name, rows_of

    project = queries.project_for(actor, options.project, Permission.PROJECT_MANAGE)
    target = options.file.with_suffix(".bad.txt")
    bad: list[str] = []
    with options.file.open("rb") as file:
        report = work.import_tasks(
            project_id=project.id,
            rows=rows_of(file, kind_of_name(options.file.name)),
            actor_id=actor.person_id,
            on_bad="skip" if options.skip_bad else "refuse",
            replace=options.replace,
            source_name=options.file.name,
            progress=lambda rows: print(f"\r{rows} rows", end="", file=sys.stderr),
            on_bad_row=lambda row: bad.append(f"row {row.number}: {row.reason}\n"),
        )
    print(f"\n{report.imported} tasks imported, {report.unchanged} unchanged, {len(bad)} bad rows.")
    if bad:
        target.write_text("".join(bad), encoding="utf-8")
        print(f"The bad rows and their reasons are in {target}.")
    return 0


def _launch(options: argparse.Namespace, actor: Any) -> int:
    from tagwerk.base.ids import row_number
    from tagwerk.domain.work import actions as work

    work.launch(actor=actor, project_id=row_number("prj", options.project), tasks=options.pilot)
    return _show(options, actor)


def _show(options: argparse.Namespace, actor: Any) -> int:
    from tagwerk.domain.accounts.rules import Permission
    from tagwerk.domain.payments import queries as payments
    from tagwerk.domain.projects import queries
    from tagwerk.domain.work import queries as work

    project = queries.project_for(actor, options.project, Permission.PROJECT_VIEW)
    now = work.progress(project.id)
    print(
        f"{project.title}: {project.state}; {now.decided} of {now.tasks} tasks have a result, {now.answers} answers."
    )
    if project.paid:
        money = payments.project_money(project.id, project.currency)
        spent = money.pay_micros + money.fee_micros
        print(
            f"Spent {plain(spent)} {project.currency} (fee {plain(money.fee_micros)}), reserved {plain(money.reserved_micros)}."
        )
    return 0


def _state(action: str) -> Callable[[argparse.Namespace, Any], int]:
    def change(options: argparse.Namespace, actor: Any) -> int:
        from tagwerk.base.ids import row_number
        from tagwerk.domain.projects import actions as projects

        changed = getattr(projects, action)(actor=actor, project_id=row_number("prj", options.project))
        print(f"{changed.title}: {changed.state}")
        return 0

    return change


def _raise(options: argparse.Namespace, actor: Any) -> int:
    from tagwerk.base.ids import row_number
    from tagwerk.domain.projects import actions as projects

    number = row_number("prj", options.project)
    projects.raise_budget(
        actor=actor, project_id=number, amount_micros=micros_of(options.amount, path="amount")
    )
    return _show(options, actor)


def _export(options: argparse.Namespace, actor: Any) -> int:
    from tagwerk.interfaces.cli.exporting import export_now

    rows = export_now(
        actor,
        options.project,
        options.file,
        form=options.format,
        accept=options.accept,
        raw_answers=options.raw,
    )
    print(f"{rows} records written to {options.file}.")
    return 0
