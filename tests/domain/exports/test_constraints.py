"""What the database refuses, by name."""

import pytest
from django.db import IntegrityError, transaction

from tagwerk.domain.exports.models import Export, UndeliveredResult
from tests.orders import project

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"state": "lost"}, "export_state_known"),
        ({"format": "xml"}, "export_format_known"),
        ({"state": "ready"}, "export_ready_has_a_file"),
    ],
)
def test_the_database_refuses(change, name):
    facts = {"project_id": project().id, "format": "jsonl"}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Export.objects.create(**(facts | change))
    Export.objects.create(**facts)


def test_undelivered_result_once():
    UndeliveredResult.objects.create(project_id=1, task_id=2)
    with pytest.raises(IntegrityError, match="undelivered_result_once"), transaction.atomic():
        UndeliveredResult.objects.create(project_id=1, task_id=2)
