"""What the database refuses, by name."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tagwerk.domain.quality.models import (
    Appeal,
    GoldStanding,
    Intervention,
    Judgement,
    JudgeModel,
    PauseObjection,
    ProposedRejection,
    Result,
    Review,
    Signal,
    WorkerRecord,
    WorkerTable,
    WorkerWatch,
)

pytestmark = pytest.mark.django_db

RESULT = {"project_id": 1, "task_id": 2, "question": "q", "value": "a", "answers": 2}
JUDGEMENT = {"project_id": 1, "task_id": 2, "answers": 2, "wanted": 2}
STANDING = {"project_id": 1, "task_id": 2, "seen": 2, "correct": 1}
RECORD = {"project_id": 1, "worker_id": 3, "question": "q", "gold_seen": 2, "gold_correct": 1}
SIGNAL = {"project_id": 1, "worker_id": 3, "kind": "streak", "about": "q", "up_to": 9}
STEP = {"project_id": 1, "worker_id": 3, "step": "pause"}
OBJECTION = {
    "project_id": 1, "worker_id": 3, "paused_at": timezone.now(), "pause_reason": "x", "text": "No",
    "decide_by": timezone.now(),
}  # fmt: skip

MODEL = {
    "project_id": 1, "question": "q", "version": 1, "method": "ibcc", "reason": "usual", "cause": "growth", "figures": {},
    "classes": [], "log_priors": [], "somebody": b"", "crowd": [], "others": 0,
}  # fmt: skip
TABLE = {
    "project_id": 1, "question": "q", "version": 1, "worker_id": 3, "answers": 2, "accuracy": 0.9, "tables": b"",
}  # fmt: skip

WHEN = "2026-11-29T12:00Z"
APPEAL = {
    "project_id": 1, "assignment_id": 2, "organisation_id": 3, "worker_id": 4, "text": "No.", "due_at": WHEN,
}  # fmt: skip
PROPOSED = {
    "project_id": 1, "assignment_id": 2, "organisation_id": 3, "worker_id": 4, "code": "copied", "until": WHEN,
}  # fmt: skip
REVIEW = {"project_id": 1, "assignment_id": 2, "task_id": 3, "round": 0, "reviewer_id": 4, "kind": "first"}


@pytest.mark.parametrize(
    ("model", "facts", "change", "name"),
    [
        (Appeal, APPEAL, {"state": "lost", "decided_at": WHEN}, "appeal_state_known"),
        (
            ProposedRejection,
            PROPOSED,
            {"state": "lost", "decided_at": WHEN},
            "proposed_rejection_state_known",
        ),
        (ProposedRejection, PROPOSED, {"state": "lapsed"}, "proposed_rejection_decided_or_waiting"),
        (
            ProposedRejection,
            PROPOSED,
            {"state": "confirmed", "decided_at": WHEN},
            "proposed_rejection_confirmed_by_somebody",
        ),
        (Review, REVIEW, {"verdict": "approve"}, "review_committed_with_verdict"),
        (Review, REVIEW, {"kind": "third"}, "review_kind_known"),
        (Result, RESULT, {"reason": "no_answers"}, "result_value_or_reason"),
        (Result, RESULT, {"value": None}, "result_value_or_reason"),
        (Result, RESULT, {"confidence": 1.2}, "result_confidence_is_a_probability"),
        (Result, RESULT, {"source": "guess"}, "result_source_known"),
        (Judgement, JUDGEMENT, {"state": "lost"}, "judgement_state_known"),
        (Judgement, JUDGEMENT, {"wanted": 0}, "judgement_counts_not_negative"),
        (WorkerRecord, RECORD, {"gold_correct": 3}, "worker_record_correct_within_seen"),
        (GoldStanding, STANDING, {"state": "lost"}, "gold_standing_state_known"),
        (GoldStanding, STANDING, {"correct": 3}, "gold_standing_correct_within_seen"),
        (
            WorkerWatch,
            {"project_id": 1, "worker_id": 3},
            {"new_answers": -1},
            "worker_watch_new_answers_not_negative",
        ),
        (Signal, SIGNAL, {"kind": "mood"}, "signal_kind_known"),
        (Signal, SIGNAL, {"state": "lost"}, "signal_state_known"),
        (Intervention, STEP, {"step": "refuse"}, "intervention_step_known"),
        (
            PauseObjection,
            OBJECTION,
            {"state": "lost", "decided_at": timezone.now()},
            "pause_objection_state_known",
        ),
        (PauseObjection, OBJECTION, {"decided_at": timezone.now()}, "pause_objection_decided_or_open"),
        (JudgeModel, MODEL, {"version": 0}, "judge_model_version_counts_from_one"),
        (WorkerTable, TABLE, {"accuracy": 1.2}, "worker_table_accuracy_is_a_probability"),
    ],
)
def test_the_database_refuses(model, facts, change, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(**(facts | change))
    model.objects.create(**facts)


@pytest.mark.parametrize(
    ("model", "facts", "name"),
    [
        (Review, REVIEW, "review_once_each"),
        (Result, RESULT, "result_once"),
        (Judgement, JUDGEMENT, "judgement_once"),
        (WorkerRecord, RECORD, "worker_record_once"),
        (Signal, SIGNAL, "signal_once"),
        (Intervention, STEP, "intervention_one_pause"),
        (PauseObjection, OBJECTION, "pause_objection_once"),
        (JudgeModel, MODEL, "judge_model_once"),
        (WorkerTable, TABLE, "worker_table_once"),
    ],
)
def test_nothing_is_there_twice(model, facts, name):
    model.objects.create(**facts)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(**facts)


def test_no_value_is_null_in_the_table():
    Result.objects.create(**(RESULT | {"value": None, "reason": "no_answers"}))
    assert Result.objects.filter(value__isnull=True).count() == 1
