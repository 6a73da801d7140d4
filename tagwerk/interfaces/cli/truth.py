"""What `_truth` and `_gold` of a task file say, for simulations and for the report. It never leaves this process."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tagwerk.base.errors import Invalid
from tagwerk.client import Result, data_digest
from tagwerk.domain.work.rules.units import ONE, Length, Meter, amount_of

Truths = dict[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Rows:
    """A task file, counted: rows, how many of them are gold, and what is known about each."""

    count: int
    gold: int
    truths: Truths
    units: list[int] = field(default_factory=list)  # of the ordinary ones, in millionths
    gold_units: int = 0  # of the dearest gold


def read_rows(rows: Iterable[Mapping[str, Any]], meter: Meter) -> Rows:
    """Count the rows and what they are paid for; keep what is known by the fingerprint of their data."""
    count = gold = dearest = 0
    units = []
    truths: Truths = {}
    for row in rows:
        count += 1
        right = row.get("_gold") or {}
        gold += bool(right)
        if right:
            dearest = max(dearest, _units(meter, row))
        else:
            units.append(_units(meter, row))
        known = {**right, **(row.get("_truth") or {})}
        if known:
            truths[data_digest(dict(row))] = known
    return Rows(count, gold, truths, units, dearest)


def _units(meter: Meter, row: Mapping[str, Any]) -> int:
    """What a row is paid for; nothing where it is bad, which its import will tell."""
    if not meter.measures:
        return ONE
    try:
        found = meter.of(row, amount_of(row.get("_amount")))
    except Invalid:
        return 0
    if isinstance(found, Length):
        raise Invalid(
            "run_without_uploads", "Here a recording is paid by its length in seconds: there are no uploads."
        )
    return found


def is_right(value: Any, truth: Any) -> bool:
    """Whether a result says what is true: the same value, or of many options the same set."""
    if isinstance(value, list) and isinstance(truth, list):
        return sorted(map(str, value)) == sorted(map(str, truth))
    return bool(value == truth)


def accuracy(results: Iterable[Result], truths: Truths) -> float | None:
    """The share of results that are right, gold left out, free text left out; None where nothing is known."""
    known = right = 0
    for record in results:
        truth = truths.get(data_digest(record.data), {})
        for question, value in (record.result or {}).items():
            if question in truth and value is not None and not record.gold and not _is_text(truth[question]):
                known += 1
                right += is_right(value, truth[question])
    return right / known if known else None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value.split()) > 4
