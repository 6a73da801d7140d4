"""What members note about a task for one another."""

import pytest

from tagwerk.base.errors import Invalid, NotAllowed, NotFound
from tagwerk.base.models import StoredEvent
from tagwerk.domain.community import actions as community
from tagwerk.domain.community import queries
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.models import Assignment
from tests.people import actor, member, organisation
from tests.workshop import do_work, launched

pytestmark = pytest.mark.django_db


@pytest.fixture
def task():
    """(project, task)"""
    made = launched([{"text": "good"}])
    return made.id, work.tasks_after(made.id, 0, 1)[0].id


def note(who, task, text="Two readings: keep it."):
    return community.write_note(actor=who, project_id=task[0], task_id=task[1], text=text)


def test_members_read_what_members_noted(task):
    note(actor("ada"), task)
    note(member("rob", organisation(), "reviewer"), task, " Agreed. ")
    found = queries.notes_for(member("vic", organisation(), "viewer"), *task)
    assert [(one.name, one.text) for one in found] == [("Ada", "Two readings: keep it."), ("Rob", "Agreed.")]
    assert [one.text for one in queries.notes_for(actor("ada"), *task, after=found[0].id)] == ["Agreed."]
    event = StoredEvent.objects.filter(name="NoteWritten").first()
    assert event.facts["task_id"] == task[1] and "text" not in event.facts


def test_who_may_not_review_writes_none_and_strangers_find_nothing(task):
    with pytest.raises(NotAllowed):
        note(member("vic", organisation(), "viewer"), task)
    organisation("other", "eve")
    for who in (actor("eve"), actor("ben")):
        with pytest.raises(NotFound):
            note(who, task)
        with pytest.raises(NotFound):
            queries.notes_for(who, *task)
    with pytest.raises(NotFound):
        note(actor("ada"), (task[0], task[1] + 1))
    with pytest.raises(Invalid):
        note(actor("ada"), task, "  ")


def test_who_works_on_the_project_reads_no_notes(task):
    note(actor("ada"), task)
    hal = member("hal", organisation(), "reviewer")
    do_work(task[0], "hal", lambda data: {"sentiment": "positive"})
    assert Assignment.objects.filter(project_id=task[0]).exists()
    with pytest.raises(NotAllowed, match="You work on this project"):
        queries.notes_for(hal, *task)
