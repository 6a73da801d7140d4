"""What the platform answers, as typed records. Fields that a newer platform adds are ignored."""

import types
import typing
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
Answers = dict[str, Any]


@dataclass(frozen=True)
class Money:
    """An exact amount."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


@dataclass(frozen=True)
class Price:
    """What one answer costs; `fee_bp` is of the reward, `take_bp` of the total, both in basis points."""

    reward: Money
    fee: Money
    total: Money
    fee_bp: int
    take_bp: int


@dataclass(frozen=True)
class Project:
    """A project; `file` is there where one project was asked for."""

    id: str
    name: str
    title: str
    state: str
    version: int
    price: Price | None = None
    budget: Money | None = None
    api_work: bool = False
    open_limit: int | None = None
    created_at: datetime | None = None
    launched_at: datetime | None = None
    finished_at: datetime | None = None
    file: dict[str, Any] | None = None


@dataclass(frozen=True)
class Case:
    """One of three that an estimate tells: cost with the fee, answers, the share of right results and what one costs, days, pay per hour."""

    cost: Money
    pay: Money
    fee: Money
    answers: int
    answers_per_task: float
    right: float | None = None
    days: float | None = None
    work_seconds: int | None = None
    hourly: Money | None = None
    vat: Money | None = None
    per_right: Money | None = None


@dataclass(frozen=True)
class Assumption:
    """A number that an estimate rests on, and where it comes from: file, measured, given or default."""

    name: str
    source: str
    value: int | None = None


@dataclass(frozen=True)
class Suggestion:
    """A price at which most people should earn the minimum wage (`floor`), and how the present one compares."""

    reward: Money
    seconds: float
    measured: bool
    floor: Money
    floor_country: str
    simulated_share: float
    present_per_hour: Money
    present_below_floor: bool
    present_simulated_share: float | None = None


@dataclass(frozen=True)
class Estimate:
    """What a project can cost, and one answer of it. Bonuses, and guaranteed hours beyond their part, come on top of `cap`."""

    tasks: int
    gold_tasks: int
    largest: Money
    cap: Money
    expected: Money
    low: Case
    likely: Case
    high: Case
    assumptions: list[Assumption]
    guarantee: Money | None = None
    price: Price | None = None
    suggestion: Suggestion | None = None
    most_answer: Money | None = None


@dataclass(frozen=True)
class BadRow:
    """A row that did not fit."""

    number: int
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """What became of the rows that were sent: `unchanged` were there already; `bad` has the first thousand, and of an
    upload `tasks.bad_rows(project, report.id, path)` fetches all of them."""

    batch: str | None
    imported: int
    gold: int
    unchanged: int
    replaced: int
    bad_count: int
    bad: list[BadRow]
    id: str | None = None


@dataclass(frozen=True)
class Task:
    """A task as its requester sees it. `gold`: the right answers, if they are known; `wanted`: answers asked for."""

    id: str
    own_id: str | None
    batch: str
    data: dict[str, Any]
    prediction: Answers | None
    gold: Answers | None
    is_gold: bool
    state: str
    wanted: int | None
    priority: int
    deadline: datetime | None
    added_at: datetime


@dataclass(frozen=True)
class Answer:
    """An answer as the feed has it; its worker by a name that holds in this project only."""

    id: str
    task: str
    worker: str
    revision: int
    answers: Answers
    state: str
    is_gold: bool
    submitted_at: datetime
    active_seconds: float
    channel: str
    design: str
    instructions_version: int
    order: str | None


@dataclass(frozen=True)
class Worker:
    """A worker of a project by the name that holds there; `paused_at`: since when they get no more tasks."""

    worker: str
    answers: int
    gold_answers: int
    gold_right: int
    paused_at: datetime | None
    pause_reason: str | None


@dataclass(frozen=True)
class Result:
    """What the answers to a task add up to; `result` is None with the `reason` where nothing is delivered."""

    id: str
    data: dict[str, Any]
    result: dict[str, Any] | None
    confidence: dict[str, Any] | None
    agreement: dict[str, Any] | None
    answers: int
    gold: bool
    reason: str | None
    raw_answers: list[Any] | None = None
    method: dict[str, Any] | None = None
    model: dict[str, Any] | None = None


@dataclass(frozen=True)
class Export:
    """A file of results: waiting, running, ready, failed or expired."""

    id: str
    format: str
    state: str
    tasks_total: int
    tasks_written: int
    rows: int | None
    size_bytes: int | None
    sha256: str
    error: str
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True)
class Question:
    """One question of a design; `options` are those of its kind."""

    name: str
    kind: str
    label: str
    help: str
    required: bool
    when: str | None
    options: dict[str, Any]


@dataclass(frozen=True)
class Design:
    """What a task shows and asks."""

    id: str
    language: str
    instructions: str
    show: list[Any]
    ask: list[Question]


@dataclass(frozen=True)
class Wages:
    """What an hour of work on a project pays: the estimate and, once ten people have decided work, what was measured."""

    measured: bool
    workers: int
    answers: int
    estimate: Money | None = None
    per_hour: Money | None = None
    median: Money | None = None
    tenth: Money | None = None
    floor: Money | None = None
    floor_country: str | None = None
    share_at_least_floor: float | None = None


@dataclass(frozen=True)
class OwnPay:
    """What the next task pays this worker, where people are paid differently: the price times level and volume, but at
    least the floor of where they live."""

    reward: Money
    factor: float
    level: float
    volume: float
    approved: int
    floor: float
    score: int | None = None
    volume_after: int | None = None


@dataclass(frozen=True)
class WorkProject:
    """A project as a worker sees it. `reasons`: why not eligible; `has_tasks`: something is open for somebody."""

    id: str
    title: str
    state: str
    language: str
    reward: Money | None
    estimate_seconds: int
    sensitivity: int
    eligible: bool
    reasons: list[str]
    paused: bool
    has_tasks: bool
    held: int
    submitted: int
    consented: bool
    hour_guarantee: bool = False
    wages: Wages | None = None
    own: OwnPay | None = None
    per: str = "answer"  # what is paid: answer, hour, audio_minute, word, deliverable, milestone, or none


@dataclass(frozen=True)
class Held:
    """A task that this worker holds until `expires_at`. `media`: links of the files that the data names."""

    assignment: str
    project: str
    task: str
    design: str
    instructions_version: int
    data: dict[str, Any]
    claimed_at: datetime
    expires_at: datetime | None
    order: str | None = None
    reward: Money | None = None
    prediction: Answers | None = None
    draft: Answers | None = None
    media: dict[str, str] | None = None


@dataclass(frozen=True)
class NoTask:
    """There is nothing to do here now; `reason` is a stable word, `message` says it."""

    reason: str
    message: str = ""


@dataclass(frozen=True)
class Submitted:
    """An answer is in. `status`: submitted, or late: kept, but not counted; `next`: the next task if asked for."""

    assignment: str
    revision: int
    status: str
    undo_seconds: int
    next: Held | NoTask | None = None


def read(shape: type[T], facts: dict[str, Any]) -> T:
    """A record of a dataclass from the JSON object that describes it."""
    hints = _hints(shape)  # type: ignore[arg-type]  # classes can be hashed
    if "_id" in facts:  # a record as it leaves the house; no field of Python should begin with a line
        facts = {**facts, "id": facts["_id"]}
    values = {name: _read(hint, facts[name]) for name, hint in hints.items() if name in facts}
    return shape(**values)


@cache
def _hints(shape: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(shape)
    return {field.name: hints[field.name] for field in fields(shape)}


def _read(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    if typing.get_origin(hint) is list:
        return [_read(typing.get_args(hint)[0], item) for item in value]
    if is_dataclass(hint) and isinstance(hint, type):
        return read(hint, value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    return Decimal(value) if hint is Decimal else value
