"""What the database refuses, by name."""

import pytest
from django.db import IntegrityError, transaction

from tagwerk.domain.quality.models import Judgement, JudgeModel, Result, WorkerRecord, WorkerTable

pytestmark = pytest.mark.django_db

RESULT = {"project_id": 1, "task_id": 2, "question": "q", "value": "a", "answers": 2}
JUDGEMENT = {"project_id": 1, "task_id": 2, "answers": 2, "wanted": 2}
RECORD = {"project_id": 1, "worker_id": 3, "question": "q", "gold_seen": 2, "gold_correct": 1}

MODEL = {
    "project_id": 1, "question": "q", "version": 1, "method": "ibcc", "reason": "usual", "cause": "growth", "figures": {},
    "classes": [], "log_priors": [], "somebody": b"", "crowd": [], "others": 0,
}  # fmt: skip
TABLE = {
    "project_id": 1, "question": "q", "version": 1, "worker_id": 3, "answers": 2, "accuracy": 0.9, "tables": b"",
}  # fmt: skip


@pytest.mark.parametrize(
    ("model", "facts", "change", "name"),
    [
        (Result, RESULT, {"reason": "no_answers"}, "result_value_or_reason"),
        (Result, RESULT, {"value": None}, "result_value_or_reason"),
        (Result, RESULT, {"confidence": 1.2}, "result_confidence_is_a_probability"),
        (Result, RESULT, {"source": "guess"}, "result_source_known"),
        (Judgement, JUDGEMENT, {"state": "lost"}, "judgement_state_known"),
        (Judgement, JUDGEMENT, {"wanted": 0}, "judgement_counts_not_negative"),
        (WorkerRecord, RECORD, {"gold_correct": 3}, "worker_record_correct_within_seen"),
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
        (Result, RESULT, "result_once"),
        (Judgement, JUDGEMENT, "judgement_once"),
        (WorkerRecord, RECORD, "worker_record_once"),
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
