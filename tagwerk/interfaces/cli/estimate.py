"""tagwerk estimate: what a project file will cost, how long it takes and how right it will be; without any instance."""

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from tagwerk.base.errors import Invalid
from tagwerk.base.money import fee_micros, for_units, plain
from tagwerk.domain.accounts.rules import Wage, in_force, wages_of_csv
from tagwerk.domain.designs.rules.pay import HOUR
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.work.rules.comparing import Variant, Way, variants
from tagwerk.domain.work.rules.coverage import largest_cost, with_guarantee
from tagwerk.domain.work.rules.estimating import (
    RANGES,
    Assumptions,
    Case,
    Source,
    assumptions_of_file,
    dearest_of,
    forecast,
    halfway,
)
from tagwerk.domain.work.rules.units import meter_of
from tagwerk.interfaces.cli.files import how_many, rows_file
from tagwerk.interfaces.cli.machinery import Machinery
from tagwerk.interfaces.cli.run_job import counted_rows, largest_micros, project_file
from tagwerk.interfaces.cli.tables import table
from tagwerk.interfaces.cli.truth import Rows

FEE_BP = 2_000  # what an instance takes that nobody has told otherwise
CENT_MICROS = 10_000
WAYS = {
    Way.PLAN: "as planned, until certain", Way.ONE: "one answer for each", Way.THREE: "three answers, majority",
    Way.FIVE: "five answers, majority", Way.EXPERT: "one expert's answer", Way.MODEL: "a model alone",
    Way.MODEL_AND_PEOPLE: "a model, and people where it is not sure",
}  # fmt: skip


def add_to(words: Any) -> None:
    """Add this command to the grammar."""
    text = (
        "What a project file will cost, how long it takes and how right it will be: low, likely, high, and what that rests "
        "on. Needs no running instance and changes nothing; it promises nothing either."
    )
    estimate = words.add_parser(
        "estimate", help="Estimate cost, days and accuracy of a project file.", description=text
    )
    estimate.add_argument("project", type=Path, help="the project file (YAML or JSON)")
    estimate.add_argument(
        "tasks", type=Path, nargs="?", help="the tasks: .jsonl, .json, .csv or .parquet; they are counted"
    )
    estimate.add_argument(
        "--count", type=how_many, metavar="N", help="so many tasks, where there is no file of them yet"
    )
    estimate.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="given",
        help=f"another assumption, a whole number; may be repeated. NAME is one of: {', '.join(RANGES)} (bp: 100 are 1 %%)",
    )  # fmt: skip
    estimate.add_argument("--json", action="store_true", help="print one JSON object")
    estimate.set_defaults(handler=_run)


def _run(options: argparse.Namespace, machinery: Machinery) -> int:
    file = project_file(options.project)
    rows = counted_rows(rows_file(options.tasks), file) if options.tasks is not None else None
    rests_on, gold = _assumptions(options, file, rows), rows.gold if rows else 0
    largest = _largest_micros(file, rows, rests_on, shipped_wages())
    cap = largest if file.budget_micros is None else min(largest, file.budget_micros)
    if options.json:
        print(json.dumps(_facts(file, rests_on, gold, cap), ensure_ascii=False))
    else:
        _print(file, rests_on, gold, cap)
    return 0


def shipped_wages() -> Mapping[str, Wage]:
    """The minimum wages that tagwerk brings along, as they are today."""
    text = files("tagwerk.domain.accounts.rules").joinpath("minimum_wages.csv").read_text(encoding="utf-8")
    return in_force(wages_of_csv(text), datetime.now(tz=UTC).date())


def _most_micros(file: ProjectFile, rests_on: Assumptions, wages: Mapping[str, Wage]) -> int:
    """What an answer costs at most, by who is paid most; by the hour, for the longest time that is paid without asking."""
    usual = most = rests_on.reward_micros
    if file.pay.per == HOUR:
        most = -(-usual * file.pay.rate_micros // file.pay.usual_micros)
    reward = dearest_of(file, wages, usual_micros=usual).of(most)
    return reward + fee_micros(reward, rests_on.fee_bp)


def _largest_micros(
    file: ProjectFile, rows: Rows | None, rests_on: Assumptions, wages: Mapping[str, Wage]
) -> int:
    """What launching sets aside: by the rows themselves, unless there are none or something about them is assumed."""
    assumed = any(
        rests_on.source(name) is Source.GIVEN for name in ("tasks", "reward_micros", "most", "gold_bp")
    )
    if rows is not None and not assumed:
        return largest_micros(file, rows, rests_on.fee_bp, wages)
    answers = largest_cost(
        tasks=rests_on.tasks, answers=rests_on.most, gold_share_bp=rests_on.gold_bp,
        answer_micros=_most_micros(file, rests_on, wages),
    )  # fmt: skip
    return with_guarantee(answers, guaranteed=bool(file.pay.hour_guarantee))


def _assumptions(options: argparse.Namespace, file: ProjectFile, rows: Rows | None) -> Assumptions:
    tasks, gold, units = options.count or 0, 0, list[int]()
    if rows is not None:
        tasks, gold, units = rows.count - rows.gold, rows.gold, rows.units
    given = _given(options.given)
    reward = None if "reward_micros" in given else _usual_micros(file, units)
    if not tasks and "tasks" not in given:
        raise Invalid(
            "estimate_no_tasks", "Name a file of tasks, or say how many there will be with --count N."
        )
    gold_comes = gold or (rows is None and file.gold_share_bp)
    known = assumptions_of_file(file, tasks=tasks, gold_tasks=gold_comes, fee_bp=FEE_BP)
    rests_on = known.said({"fee_bp": FEE_BP}, Source.DEFAULT)
    if reward:
        rests_on = rests_on.said({"reward_micros": reward}, Source.FILE)
    if file.pay.differs_by_worker:
        most = dearest_of(file, shipped_wages(), usual_micros=rests_on.reward_micros)
        rests_on = rests_on.said(halfway(most), Source.FILE)
    if rows is None:
        rests_on = rests_on.said({"tasks": tasks}, Source.GIVEN)
    return rests_on.said(given, Source.GIVEN)


def _usual_micros(file: ProjectFile, units: list[int]) -> int | None:
    """What a task pays on average, where tasks differ; rounded up."""
    meter = meter_of(file.model_dump(mode="json", exclude_none=True))
    if not meter.measures:
        return None
    rate = (
        file.pay.usual_micros if file.pay.per == HOUR else meter.rate_micros
    )  # of the usual time, not of the longest
    if units:
        return -(-sum(for_units(rate, one) for one in units) // len(units))
    if file.pay.per not in ("answer", HOUR):
        raise Invalid(
            "estimate_needs_tasks",
            "Tasks pay by their own length or amount here: name the file of tasks, or say what one pays with "
            "--set reward_micros=N.",
        )
    units_of_one = meter.of({}, None)
    assert isinstance(units_of_one, int)
    return for_units(rate, units_of_one)


def _given(texts: list[str]) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not value.strip().isascii() or not value.strip().isdecimal():
            raise Invalid("estimate_set", "“{text}” is not NAME=VALUE with a whole number.", text=text)
        found[name.strip()] = int(value)
    return found


def _print(file: ProjectFile, given: Assumptions, gold: int, cap: int) -> None:
    cases, currency = forecast(given).cases, file.pay.currency
    print(f"Tasks: {given.tasks}, and {gold} with known answers; {given.least} to {given.most} answers each.")
    rows = [[label, *cells] for label, cells in _rows(cases, given.tasks, currency, file.paid) if any(cells)]
    print(table(["", "low", "likely", "high"], [[cell or "–" for cell in row] for row in rows]))
    if file.paid:
        mid = cases[1]
        share = 100 * given.fee_bp / (10_000 + given.fee_bp)
        print(f"Of each {currency}: {100 - share:.1f} % to workers, {share:.1f} % to the operator; VAT comes on top where it is due.")  # fmt: skip
        print(f"Spending on answers stops at {plain(cap)} {currency}; bonuses, and guaranteed hours beyond their part, come on top.")  # fmt: skip
        if mid.net_micros > cap:
            print("That is less than the likely cost: the rest of the tasks would stay closed.")
        if file.pay.location == "floor_by_country":
            print("Minimum wages are those of today that tagwerk brings along; an instance can have others.")
    _print_ways(given, currency, paid=file.paid)
    print("Answers are taken for independent; people err together, so measure it on gold.")
    print("It rests on: " + ", ".join(
        f"{name} {given.shown(name)} ({given.source(name)})" for name in RANGES if given.shown(name) is not None
    ) + ".")  # fmt: skip


def _print_ways(given: Assumptions, currency: str, *, paid: bool) -> None:
    """The same tasks done in other ways, where answers can be voted on."""
    ways = variants(given)
    if not ways:
        return
    money = [f"cost, {currency}", f"for each right result, {currency}"] if paid else []
    rows = [
        [
            WAYS[one.way], *([_cents(one.net_micros), _cents(one.per_right_micros)] if paid else []),
            f"{100 * one.accuracy:.1f}", "–" if one.days is None else f"{one.days:.1f}",
        ]
        for one in ways
    ]  # fmt: skip
    print("The same tasks in other ways:")
    print(table(["", *money, "right results, %", "days"], rows))


def _cents(micros: int | None) -> str:
    return "" if micros is None else plain(-(-micros // CENT_MICROS) * CENT_MICROS)


def _rows(cases: tuple[Case, ...], tasks: int, currency: str, paid: bool) -> list[tuple[str, list[str]]]:
    rows = []
    if paid:
        rows += [
            (f"cost with fee, {currency}", [plain(-(-one.net_micros // CENT_MICROS) * CENT_MICROS) for one in cases]),
            (f"of it fee, {currency}", [plain(-(-one.fee_micros // CENT_MICROS) * CENT_MICROS) for one in cases]),
            (f"for each right result, {currency}", [_cents(one.per_right_micros(tasks)) for one in cases]),
            (f"pay per hour, {currency}", ["" if one.hourly_micros is None else plain(one.hourly_micros // CENT_MICROS * CENT_MICROS) for one in cases]),
        ]  # fmt: skip
    return [
        *rows,
        ("right results, %", ["" if one.accuracy is None else f"{100 * one.accuracy:.1f}" for one in cases]),
        ("days", ["" if one.days is None else f"{one.days:.1f}" for one in cases]),
        ("answers for each task", [f"{one.answers_per_task:.2f}" for one in cases]),
        ("answers", [str(one.answers) for one in cases]),
    ]


def _facts(file: ProjectFile, given: Assumptions, gold: int, cap: int) -> dict[str, Any]:
    found = forecast(given)
    return {
        "currency": file.pay.currency if file.paid else None, "gold_tasks": gold, "cap": plain(cap) if file.paid else None,
        "low": _case(found.low, given.tasks), "likely": _case(found.mid, given.tasks), "high": _case(found.high, given.tasks),
        "variants": [_way(one) for one in variants(given)],
        "assumptions": {name: {"value": given.shown(name), "source": given.source(name)} for name in RANGES},
    }  # fmt: skip


def _way(one: Variant) -> dict[str, Any]:
    return {
        "way": one.way.value, "cost": plain(one.net_micros), "right": one.accuracy, "answers": one.answers, "days": one.days,
        "per_right": None if one.per_right_micros is None else plain(one.per_right_micros), "rests_on": list(one.rests_on),
    }  # fmt: skip


def _case(one: Case, tasks: int) -> dict[str, Any]:
    per_right = one.per_right_micros(tasks)
    return {
        "cost": plain(one.net_micros), "pay": plain(one.pay_micros), "fee": plain(one.fee_micros),
        "vat": None if one.vat_micros is None else plain(one.vat_micros), "answers": one.answers,
        "answers_per_task": one.answers_per_task, "right": one.accuracy, "days": one.days, "work_seconds": one.seconds,
        "hourly": None if one.hourly_micros is None else plain(one.hourly_micros),
        "per_right": None if per_right is None else plain(per_right),
    }  # fmt: skip
