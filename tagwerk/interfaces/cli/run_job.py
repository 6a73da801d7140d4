"""tagwerk run: the main job without a browser."""

import argparse
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.base.money import fee_micros, for_units, plain
from tagwerk.domain.accounts.rules import Wage
from tagwerk.domain.designs.rules.project_file import ProjectFile, gold_cost_bp
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tagwerk.domain.work.rules.coverage import cost_with_gold, money_for_gold, with_guarantee
from tagwerk.domain.work.rules.estimating import dearest_of
from tagwerk.domain.work.rules.factors import WorkerFactors
from tagwerk.domain.work.rules.readers import kind_of_name, rows_of
from tagwerk.domain.work.rules.units import meter_of
from tagwerk.interfaces.cli.files import existing_file, format_of, how_many, rows_file
from tagwerk.interfaces.cli.machinery import Machinery
from tagwerk.interfaces.cli.truth import Rows, read_rows

LONGEST_SECONDS = 3600.0


def add_to(words: Any) -> None:
    """Add this command to the grammar."""
    text = (
        "The main job in one go: import the tasks, have them answered (by simulated people over the real API, or by real "
        "ones while it waits), judge, approve, pay, export."
    )
    run = words.add_parser(
        "run", help="The main job in one go: import, answer, judge, pay, export.", description=text
    )
    run.add_argument("project", type=Path, help="the project file (YAML or JSON)")
    run.add_argument("tasks", type=Path, help="the tasks: .jsonl, .json, .csv or .parquet")
    run.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="where the results go: .jsonl, .csv or .parquet",
    )
    run.add_argument(
        "--simulate",
        type=how_many,
        metavar="N",
        help="let N simulated people answer; they know `_truth`, nobody else does",
    )
    run.add_argument(
        "--seed", type=int, default=1, metavar="N", help="the same seed gives the same simulated people"
    )
    run.add_argument(
        "--skip-bad", action="store_true", help="import the good rows and write the bad ones beside --out"
    )
    run.add_argument(
        "--partial", action="store_true", help="begin although the budget does not cover all tasks"
    )
    run.add_argument("--json", action="store_true", help="print the summary as one JSON object")
    run.set_defaults(handler=_run)


def _run(options: argparse.Namespace, machinery: Machinery) -> int:
    file = project_file(options.project)
    format_of(options.out)
    rows = counted_rows(rows_file(options.tasks), file)
    if options.simulate:
        os.environ["TAGWERK_UNDO_SECONDS"] = "0"
    with machinery.database():
        from tagwerk.domain.accounts.queries import floors, instance
        from tagwerk.interfaces.cli import running

        needed = largest_micros(file, rows, instance().fee_bp, floors(datetime.now(tz=UTC).date()))
        _require_budget(file, needed, partial=options.partial)
        with machinery.serving() as address:
            return running.run(options, file, rows, file.budget_micros or needed, address)


def project_file(path: Path) -> ProjectFile:
    """The project file at this path."""
    try:
        text = existing_file(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Invalid("file_unreadable", "{file} is not UTF-8 text.", file=str(path)) from None
    return read_project_file(text, name=str(path))


def counted_rows(path: Path, project: ProjectFile) -> Rows:
    """The rows of a task file, counted; refused where there is none."""
    meter = meter_of(project.model_dump(mode="json", exclude_none=True))

    def good() -> Iterator[dict[str, Any]]:
        with path.open("rb") as file:
            for row in rows_of(file, kind_of_name(path.name)):
                if isinstance(row, dict):
                    yield row

    rows = read_rows(good(), meter)
    if rows.count == 0:
        raise Invalid("no_tasks", "{file} has no tasks.", file=str(path))
    return rows


def largest_micros(file: ProjectFile, rows: Rows, fee_bp: int | Decimal, wages: Mapping[str, Wage]) -> int:
    """The most that these rows can cost: every task answered as often as the file allows, by who is paid most, gold on top,
    with the fee."""
    if not file.paid:
        return 0
    most = dearest_of(file, wages, usual_micros=usual_micros(file, rows.units))
    total = sum(_price(file, units, fee_bp, most) for units in rows.units)
    share = gold_cost_bp(file.gold_share_bp, file.gold_start_bp) if rows.gold else 0
    kept = money_for_gold(
        share,
        gold_micros=_price(file, rows.gold_units, fee_bp, most),
        ordinary_micros=total,
        tasks=len(rows.units),
    )
    cost = cost_with_gold(file.answers.max * total, gold_share_bp=kept)
    return with_guarantee(cost, guaranteed=bool(file.pay.hour_guarantee))


def usual_micros(file: ProjectFile, units: Sequence[int]) -> int:
    """What a task pays on average; half a micro counts as one."""
    total = sum(for_units(file.pay.rate_micros, one) for one in units)
    return (total + len(units) // 2) // len(units) if units else file.pay.reward_micros


def _price(file: ProjectFile, units: int, fee_bp: int | Decimal, most: WorkerFactors) -> int:
    reward = for_units(file.pay.rate_micros, most.of(units))
    return reward + fee_micros(reward, fee_bp)


def _require_budget(file: ProjectFile, needed: int, *, partial: bool) -> None:
    budget = file.budget_micros
    if budget is not None and budget < needed and not partial:
        raise Conflict(
            "budget_too_small",
            "All tasks can cost up to {needed} {currency}, and the budget is {budget} {currency}. Nothing was imported: "
            "raise the budget, or add --partial to do what it covers.",
            needed=plain(needed),
            budget=plain(budget),
            currency=file.pay.currency,
        )


def stamp() -> str:
    """A key for this run's deposit."""
    return f"run-{time.time_ns()}-{os.getpid()}"
