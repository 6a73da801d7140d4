"""tagwerk project …: the same actions as the pages, for a member of the organisation."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tagwerk.base.errors import Invalid
from tagwerk.base.money import micros_of, plain
from tagwerk.domain.designs.rules.pay import COUNTED
from tagwerk.interfaces.cli.files import how_many
from tagwerk.interfaces.cli.machinery import Machinery
from tagwerk.interfaces.cli.project_files import import_rows, upload_media
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
    revise = _word(
        inner, "revise", "Give a project a new version of its project file.", _revise, project=True
    )
    revise.add_argument("file", type=Path, help="the project file")
    tasks = _word(
        inner, "import", "Bring tasks in; one bad row and nothing is imported.", import_rows, project=True
    )
    tasks.add_argument("file", type=Path, help=".jsonl, .json, .csv or .parquet")
    tasks.add_argument(
        "--skip-bad", action="store_true", help="import the good rows; the bad ones go to NAME.bad.jsonl"
    )
    tasks.add_argument(
        "--replace", action="store_true", help="replace tasks of the same _id that nobody has seen yet"
    )
    media = _word(inner, "media", "Upload files that tasks show as media:<name>.", upload_media, project=True)
    media.add_argument(
        "path", type=Path, help="a file, a ZIP archive, or a folder: its files keep their path within it"
    )
    _word(inner, "estimate", "Say what the tasks can cost.", _estimate, project=True)
    launch = _word(
        inner, "launch", "Say what it can cost, reserve the money and open the tasks.", _launch, project=True
    )
    launch.add_argument("--pilot", type=how_many, metavar="N", help="only so many tasks at first")
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
    bonus = _word(inner, "bonus", "Pay the bonuses of a CSV file, all of them or none.", _bonus, project=True)
    bonus.add_argument(
        "file", type=Path, help="columns: amount, reason, and worker (pseudonym) or answer (id)"
    )
    bonus.add_argument(
        "--key",
        default="",
        help="the same key again pays nothing again; default: made of what is in the file",
    )
    bonus.add_argument(
        "--sure", action="store_true", help="bonuses of more than 20 times what an answer pays are meant"
    )
    export = _word(
        inner, "export", "Write the results of approved answers into a file.", _export, project=True
    )
    export.add_argument("file", type=Path, help="the target: .jsonl, .csv or .parquet")
    export.add_argument("--accept", action="store_true", help="approve all submitted answers first")
    export.add_argument(
        "--format", default="", help="preference or kto for comparisons; default: by the file's ending"
    )
    export.add_argument("--raw", action="store_true", help="with every single answer and its weight")


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


def _revise(options: argparse.Namespace, actor: Any) -> int:
    from tagwerk.base.ids import row_number
    from tagwerk.domain.work import actions as work
    from tagwerk.interfaces.cli.run_job import project_file

    number = row_number("prj", options.project)
    changed = work.revise(actor=actor, project_id=number, file=project_file(options.file))
    print(f"{changed.title}: version {changed.version}")
    return 0


def _bonus(options: argparse.Namespace, actor: Any) -> int:
    from hashlib import sha256

    from django.utils import timezone

    from tagwerk.domain.accounts.rules import Permission
    from tagwerk.domain.projects import queries as projects
    from tagwerk.domain.work import actions, queries
    from tagwerk.domain.work.rules.bonuses import gifts_of_csv
    from tagwerk.domain.work.rules.extras import BonusSource

    project = projects.project_for(actor, options.project, Permission.PROJECT_MANAGE)
    text = options.file.read_text(encoding="utf-8-sig")
    key = options.key or f"file-{sha256(text.encode()).hexdigest()[:40]}"
    gifts = queries.gifts_of(project.id, gifts_of_csv(text), key=key)
    given = actions.give_bonuses(
        actor=actor, project_id=project.id, gifts=gifts, source=BonusSource.FILE, sure=options.sure, now=timezone.now()
    )  # fmt: skip
    total = sum(one.reward_micros for one in gifts)
    print(f"{len(gifts)} bonuses, {plain(total)} {project.currency} in all; paid now: {given}.")
    return 0


def _estimate(options: argparse.Namespace, actor: Any) -> int:
    _print_estimate(options.project, actor, tasks=None)
    return 0


def _print_estimate(project_id: str, actor: Any, *, tasks: int | None) -> None:
    from tagwerk.domain.accounts.rules import Permission
    from tagwerk.domain.projects import queries
    from tagwerk.domain.work import queries as work

    project = queries.project_for(actor, project_id, Permission.PROJECT_VIEW)
    limit = tasks or (None if project.launched_at else project.open_limit)
    cost = work.estimate(project.id, tasks=limit)
    low, _likely, high = cost.forecast.cases
    print(
        f"Tasks: {cost.tasks}, and {cost.gold_tasks} with known answers; {cost.answers_min} to {cost.answers_max} answers each."
    )
    if project.paid:
        budget = "none" if cost.budget_micros is None else f"{plain(cost.budget_micros)} {cost.currency}"
        print(
            f"Cost: probably {plain(cost.expected_micros)} {cost.currency} ({plain(low.net_micros)} to "
            f"{plain(min(high.net_micros, cost.largest_micros))}), at most {plain(cost.largest_micros)} "
            f"{cost.currency}, of which gold {plain(cost.gold_micros)}; budget: {budget}."
        )
        differ = ", on average" if project.measures else ""
        print(
            f"One answer{differ}: {plain(cost.reward_micros)} {cost.currency}, fee {plain(cost.fee_micros)} {cost.currency}."
        )
        if project.hour_micros:
            print(
                f"One hour: {plain(project.hour_micros)} {cost.currency}, for up to {project.most_seconds // 60} minutes of a task."
            )
        if project.pay_per in COUNTED:
            unit = project.pay_per.replace("_", " ")
            print(f"One {unit}: {plain(project.reward_micros)} {cost.currency}.")
        _print_suggestion(project)


def _print_suggestion(project: Any) -> None:
    from django.utils import timezone

    from tagwerk.domain.work import queries as work

    found = work.suggestion(project, on=timezone.localdate())
    if found is None:
        return
    floor, currency = found.floor, found.floor.currency
    how = "measured" if found.measured else "estimated"
    print(
        f"An hour pays {plain(found.present_micros)} {currency} at {found.answer_ms / 1000:g} s an answer ({how}); "
        f"minimum wage in {floor.country}: {plain(floor.per_hour_micros)} {currency}."
    )
    if found.is_below:
        print("That is below the minimum wage.")
    print(
        f"Suggestion: {plain(found.reward_micros)} {currency} for an answer (1.4 times the minimum wage); in a simulation "
        f"{found.suggested_share:.0%} of people earn at least the minimum wage at it."
    )


def _launch(options: argparse.Namespace, actor: Any) -> int:
    from tagwerk.base.ids import row_number
    from tagwerk.domain.work import actions as work

    _print_estimate(options.project, actor, tasks=options.pilot)
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
