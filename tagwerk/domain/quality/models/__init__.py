"""What judging keeps: results, where each task stands, what gold says of each worker, and how far we have read.

Rows name project, task and worker by number without foreign keys: they are written by the hundred thousand, and
what they name is never deleted while they stand.
"""

from tagwerk.domain.quality.models.fitted import AgreementDay, JudgeModel, WorkerTable
from tagwerk.domain.quality.models.gold import GoldAnswer, GoldStanding, WorkerRecord
from tagwerk.domain.quality.models.openness import INSTANCE, PublicFigures
from tagwerk.domain.quality.models.results import (
    VALUE_CHARS,
    ExcludedAnswer,
    JudgeCursor,
    Judgement,
    JudgementTally,
    Result,
    ResultChange,
    ResultTally,
)
from tagwerk.domain.quality.models.reviewing import Appeal, ProposedRejection, Review
from tagwerk.domain.quality.models.watching import (
    Intervention,
    PauseObjection,
    Signal,
    WatchCursor,
    WorkerAnswer,
    WorkerWatch,
)

__all__ = [
    "INSTANCE",
    "VALUE_CHARS",
    "AgreementDay",
    "Appeal",
    "ExcludedAnswer",
    "GoldAnswer",
    "GoldStanding",
    "Intervention",
    "JudgeCursor",
    "JudgeModel",
    "Judgement",
    "JudgementTally",
    "PauseObjection",
    "ProposedRejection",
    "PublicFigures",
    "Result",
    "ResultChange",
    "ResultTally",
    "Review",
    "Signal",
    "WatchCursor",
    "WorkerAnswer",
    "WorkerRecord",
    "WorkerTable",
    "WorkerWatch",
]
