"""What the database refuses, by name."""

import pytest
from django.db import IntegrityError, transaction

from tagwerk.domain.community.models import Message, Note, Thread
from tests.orders import project
from tests.people import person

pytestmark = pytest.mark.django_db


def thread(**changes) -> Thread:
    facts = {"project_id": project().id, "task_id": 1, "worker": person("ben"), "last_author": "worker"}
    return Thread.objects.create(**(facts | changes))


def test_thread_once():
    first = thread()
    with pytest.raises(IntegrityError, match="thread_once"), transaction.atomic():
        thread(project_id=first.project_id)


def test_thread_author_known():
    with pytest.raises(IntegrityError, match="thread_author_known"), transaction.atomic():
        thread(last_author="model")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"author": "model"}, "message_author_known"),
        ({"text": ""}, "message_length"),
        ({"text": "x" * 4001}, "message_length"),
    ],
)
def test_messages(change, name):
    facts = {"thread": thread(), "author": "worker", "text": "Hello"}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Message.objects.create(**(facts | change))
    Message.objects.create(**facts)


@pytest.mark.parametrize("text", ["", "x" * 4001])
def test_note_length(text):
    with pytest.raises(IntegrityError, match="note_length"), transaction.atomic():
        Note.objects.create(project_id=project().id, task_id=1, text=text)
