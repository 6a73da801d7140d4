"""The tables of work: the hot ones, and what is counted beside them."""

from tagwerk.domain.work.models.deciding import Deferral, Rejection, Rework
from tagwerk.domain.work.models.extras import Bonus, TestPay, TopUp
from tagwerk.domain.work.models.figures import ActiveTime, ApprovedCount, HourWorker, WorkHour
from tagwerk.domain.work.models.hours import HourlyAnswer, TimeEntry, TimeRequest
from tagwerk.domain.work.models.tables import (
    Answer,
    Assignment,
    Batch,
    Draft,
    Enrolment,
    FedAnswer,
    Gold,
    Hold,
    Import,
    Inbox,
    OpenedTask,
    Opening,
    Queue,
    ReturnedSlot,
    ShortQueue,
    Task,
)
from tagwerk.domain.work.models.wages import ProjectWage

__all__ = [
    "ActiveTime",
    "Answer",
    "ApprovedCount",
    "Assignment",
    "Batch",
    "Bonus",
    "Deferral",
    "Draft",
    "Enrolment",
    "FedAnswer",
    "Gold",
    "Hold",
    "HourWorker",
    "HourlyAnswer",
    "Import",
    "Inbox",
    "OpenedTask",
    "Opening",
    "ProjectWage",
    "Queue",
    "Rejection",
    "ReturnedSlot",
    "Rework",
    "ShortQueue",
    "Task",
    "TestPay",
    "TimeEntry",
    "TimeRequest",
    "TopUp",
    "WorkHour",
]
