"""What a score is, how a list of grants is read, when a test counts as passed. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import comb
from statistics import median
from typing import Any
from uuid import UUID

from tagwerk.base.errors import Invalid, minutes_said
from tagwerk.base.money import MICROS


class Source(StrEnum):
    """Where a holding comes from."""

    GRANTED = "granted"
    TEST = "test"
    CSV = "csv"
    API = "api"


_BETWEEN = re.compile(r"[\s,;]+")  # a worker and their score, however a table is pasted
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_ROWS = 10_000  # of one list of grants
MOST_PASTED = 1_000  # lines of a list that is pasted: all of them are shown before they count
MOST_TEST_TASKS = 2_000
UNPAID_MINUTES = 10  # a test that takes longer is work, and paid
LONGEST_MINUTES = 600
MOST_TEST_PAY = 1_000  # units of the currency: more is a typing error
MOST_OF_SMALL = 1_000_000
SMALL_UNITS = frozenset([  # currencies of which a hundred units pay an hour nowhere
    "AMD", "AOA", "ARS", "BDT", "BIF", "CDF", "CLP", "COP", "CRC", "DJF", "DZD", "GNF", "GYD",
    "HUF", "IDR", "INR", "IQD", "IRR", "ISK", "JMD", "JPY", "KES", "KHR", "KMF", "KRW", "KZT",
    "LAK", "LBP", "LKR", "MGA", "MMK", "MNT", "MWK", "NGN", "NPR", "PHP", "PKR", "PYG", "RSD",
    "RUB", "RWF", "SDG", "SLL", "SOS", "SYP", "TWD", "TZS", "UGX", "UZS", "VND", "VUV", "XAF",
    "XOF", "XPF", "YER",
])  # fmt: skip
MOST_PAID_ATTEMPTS = 100_000
# For each minute that a test takes: who ends it sooner has clicked through, and is not paid.
SHORTEST_SECONDS = 12
# The share of attempts by guessing that may reach what is paid, where nobody has said from where.
GUESSED = 0.2
MEASURED_ATTEMPTS = 10  # from so many on, how long a test takes is known


def slug(text: str) -> str:
    """The name by which projects require it; refuses other than lower-case letters, digits and single hyphens."""
    if len(text) > 60 or not _SLUG.fullmatch(text):
        raise Invalid(
            "slug_unreadable",
            "“{slug}” cannot be used; write up to 60 lower-case letters and digits with hyphens, like rlhf-basics.",
            path="slug",
            slug=text[:60],
        )
    return text


def score_of(value: object, *, path: str = "score") -> int:
    """A score 0–100 from a number or its text."""
    try:
        score = int(str(value))
    except ValueError:
        score = -1
    if not 0 <= score <= 100:
        raise Invalid(
            "score_out_of_range", "“{score}” is not a score; write a whole number from 0 to 100.",
            path=path, score=str(value)[:20],
        )  # fmt: skip
    return score


def moment_of(text: str, *, path: str = "expires") -> datetime | None:
    """A date or time of ISO 8601, in UTC where it names no zone; None for an empty text."""
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(
            "moment_unreadable",
            "“{text}” is not a date; write it like 2027-01-31.",
            path=path,
            text=text[:40],
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True)
class GrantRow:
    """One line of a list of grants, as it was written."""

    number: int  # 1: the first after the header
    worker: str  # a worker's code (UUID), or the address of somebody whom the organisation knows by name
    score: object
    expires: str = ""
    revoke: str = ""


def grants_of_csv(text: str) -> list[GrantRow]:
    """The rows of a CSV with the columns worker and score and, optionally, expires and revoke."""
    try:
        return _grants_in(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=None)))
    except csv.Error:
        raise Invalid(
            "list_unreadable", "This cannot be read as a CSV; a quotation mark may not end."
        ) from None


def _grants_in(reader: "csv.DictReader[str]") -> list[GrantRow]:
    names = [(name or "").strip().lower() for name in reader.fieldnames or []]
    if "worker" not in names or {"score", "revoke"}.isdisjoint(names):
        raise Invalid(
            "columns_missing",
            "The first line must name the columns worker and score, or worker and revoke.",
            path="line 1",
        )
    reader.fieldnames = names
    rows = []
    for number, row in enumerate(reader, start=1):
        if number > MOST_ROWS:
            raise Invalid("rows_too_many", "A list has at most {most} rows.", most=MOST_ROWS)
        worker, score, expires, revoke = (
            (row.get(name) or "").strip() for name in ("worker", "score", "expires", "revoke")
        )
        rows.append(GrantRow(number, worker, score, expires, revoke))
    return rows


def grants_of_lines(text: str, *, score: object, expires: str = "") -> list[GrantRow]:
    """The rows of a pasted list: a worker in each line and, if it differs from `score`, theirs behind it."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    filled = [(number, line) for number, line in lines if line]
    if not filled:
        raise Invalid("list_empty", "Paste at least one worker.", path="workers")
    if len(filled) > MOST_PASTED:
        raise Invalid(
            "lines_too_many", "At most {most} workers can be pasted; send more as a CSV.",
            path="workers", most=MOST_PASTED,
        )  # fmt: skip
    rows = []
    for number, line in filled:
        worker, _, own = _BETWEEN.sub(" ", line).partition(" ")
        rows.append(GrantRow(number, worker, own.strip() or score, expires))
    return rows


def revokes(row: GrantRow) -> bool:
    """Whether a row takes away; "yes" or "no" in so many words, because the other one would be a disaster."""
    answer = row.revoke.lower()
    if answer not in ("yes", "no", ""):
        raise Invalid(
            "revoke_unreadable",
            "“{text}” is neither yes nor no.",
            path="revoke",
            text=row.revoke[:20],
        )
    return answer == "yes"


def worker_code(text: str) -> UUID | None:
    """The worker's code in a text; None: it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


# Entry tests ---------------------------------------------------------------------------------------------


def is_right(distances: Iterable[float], *, tolerance_bp: int) -> bool:
    """Whether a task counts as right: each question that has gold is answered within the tolerance."""
    return all(distance * 10_000 <= tolerance_bp for distance in distances)


def attempt_score(right: Sequence[bool]) -> int:
    """The share of tasks that are right, 0–100, rounded down, so that 100 means all."""
    return 100 * sum(right) // len(right)


LEAST_IN_CATEGORY = 3  # tasks: fewer would say of a single one whether it was right
LONGEST_CATEGORY = 60


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """How many tasks of a kind, or how many answers to a question, were right in an attempt."""

    name: str
    right: int
    tasks: int

    @property
    def score(self) -> int:
        """The share that is right, 0–100, rounded down."""
        return 100 * self.right // self.tasks


def category_scores(judged: Iterable[tuple[str, bool]]) -> list[CategoryScore]:
    """What an attempt came to by category, those first that went worst: of each at least `LEAST_IN_CATEGORY`, and nothing
    where there is one category alone, whose score is that of the attempt."""
    found: dict[str, list[bool]] = {}
    for name, right in judged:
        found.setdefault(name, []).append(right)
    if len(found) < 2:
        return []
    scores = [
        CategoryScore(name, sum(right), len(right))
        for name, right in found.items()
        if len(right) >= LEAST_IN_CATEGORY
    ]
    return sorted(scores, key=lambda one: (one.score, one.name))


def next_attempt_at(last_started_at: datetime | None, retry_after_seconds: int) -> datetime | None:
    """When the next attempt may begin; None: at once."""
    if last_started_at is None:
        return None
    return last_started_at + timedelta(seconds=retry_after_seconds)


@dataclass(frozen=True, slots=True)
class TestPay:
    """What an attempt pays: to whoever reaches a score, so that clicking through is not paid; at most so many times.

    `paid_from` None: `paid_from_above_chance`.
    """

    __test__ = False  # pytest: this is no test of ours

    pay_micros: int
    currency: str
    paid_from: int | None
    paid_attempts: int


def check_pay(pay: TestPay | None, *, minutes: int | None, pass_mark: int) -> None:
    """Refuse a test that takes longer than ten minutes and pays nothing, and pay that cannot work."""
    if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
        raise Invalid(
            "test_plan_wrong",
            "A test takes {low} to {high} minutes.",
            path="minutes",
            low=1,
            high=LONGEST_MINUTES,
        )
    if pay is None:
        if minutes is not None and minutes > UNPAID_MINUTES:
            raise Invalid(
                "test_unpaid", "A test that takes longer than {minutes} is paid: say what an attempt pays.",
                path="pay", minutes=minutes_said(UNPAID_MINUTES),
            )  # fmt: skip
        return
    most = MOST_OF_SMALL if pay.currency in SMALL_UNITS else MOST_TEST_PAY
    if not 0 < pay.pay_micros <= most * MICROS:
        raise Invalid(
            "test_pay_wrong", "An attempt pays more than 0 and at most {most}.", path="pay", most=most
        )
    if not 1 <= pay.paid_attempts <= MOST_PAID_ATTEMPTS:
        raise Invalid(
            "test_pay_wrong", "Say how many attempts are paid at most: 1 to {high}.",
            path="paid_attempts", high=MOST_PAID_ATTEMPTS,
        )  # fmt: skip
    if pay.paid_from is not None:
        _in_range(
            "paid_from", pay.paid_from, 0, pass_mark, "An attempt is paid from a score of {low} to {high} on."
        )


def paid_from_above_chance(chances: Sequence[float], *, draw: int, pass_mark: int) -> int:
    """From which score an attempt is paid, if nobody says: half of the pass mark, or what few reach by guessing.

    `chances`: of each task, how likely it is right by chance; an attempt is as if each had the mean of them.
    """
    p = sum(chances) / len(chances)
    right, reached = 0, 1.0  # how likely it is that at least so many are right
    while reached > GUESSED and right < draw:
        reached -= comb(draw, right) * p**right * (1 - p) ** (draw - right)
        right += 1
    return min(pass_mark, max(pass_mark // 2, 100 * right // draw))


def shortest_seconds(minutes: int | None) -> int:
    """How long an attempt has to take to be paid, at a test that takes so many minutes; None: nobody has said."""
    return (minutes or 0) * SHORTEST_SECONDS


def takes_long(minutes: Sequence[float]) -> bool:
    """Whether attempts that took so long show that a test takes longer than ten minutes: the middle one does."""
    return len(minutes) >= MEASURED_ATTEMPTS and median(minutes) > UNPAID_MINUTES


def check_plan(*, draw: int, pass_mark: int, tolerance: float, retry_after_seconds: int, tasks: int) -> None:
    """Refuse a test whose numbers cannot work."""
    _in_range("draw", draw, 1, tasks, "A test draws 1 to {high} of its tasks.")
    _in_range("pass_mark", pass_mark, 1, 100, "The pass mark is a whole number from {low} to {high}.")
    _in_range("retry_after_seconds", retry_after_seconds, 0, 31_536_000, "The pause is at most a year.")
    if not 0 <= tolerance < 1:
        raise Invalid("test_plan_wrong", "The tolerance is a distance from 0 to below 1.", path="tolerance")


def _in_range(path: str, value: int, low: int, high: int, message: str) -> None:
    if not low <= value <= high:
        raise Invalid("test_plan_wrong", message, path=path, low=low, high=high)


def category_of_row(row: Mapping[str, Any], number: int) -> str:
    """What kind of task a row is, by its _category; empty: it does not say."""
    name = row.get("_category", "")
    if not isinstance(name, str) or len(name.strip()) > LONGEST_CATEGORY or not name.isprintable():
        raise Invalid(
            "test_category_wrong", "A category is a text of at most {longest} characters on one line.",
            path=f"row {number}, _category", longest=LONGEST_CATEGORY,
        )  # fmt: skip
    return name.strip()


def split_row(row: Mapping[str, Any], number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A row's data and its gold; refuses a row without gold."""
    gold = row.get("_gold")
    if not isinstance(gold, Mapping) or not gold:
        raise Invalid(
            "test_gold_missing", "A task of a test needs its right answers in _gold.", path=f"row {number}"
        )
    return {name: value for name, value in row.items() if not name.startswith("_")}, dict(gold)
