"""One thread between a worker and the organisation about a task."""

import pytest

from tagwerk.base.errors import Invalid, NotAllowed, NotFound
from tagwerk.base.models import StoredEvent
from tagwerk.domain.community import actions as community
from tagwerk.domain.community import queries
from tagwerk.domain.community.models import Thread
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.work.models import Assignment, Enrolment
from tests.people import actor, member, organisation, person
from tests.workshop import do_work, launched

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered():
    """A project with one task that Ben has answered: (project, task, assignment)."""
    project = launched([{"text": "good"}])
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"})
    mine = Assignment.objects.get(project_id=project.id)
    return project, mine.task_id, mine.id


def ask(project, task_id, text="What counts as neutral?", name="ben") -> int:
    return community.write_as_worker(
        person_id=person(name).id, project_id=project.id, task_id=task_id, text=text
    )


def test_a_worker_asks_and_a_member_answers(answered):
    project, task_id, _ = answered
    ben = person("ben").id
    assert queries.thread_of_worker(ben, project.id, task_id) is None
    ask(project, task_id)
    (thread,) = queries.threads_of_project(actor("ada"), project.id, unread=True)
    assert thread.unread and queries.unread_threads(project.id) == 1
    community.write_as_member(actor=actor("ada"), thread_id=thread.id, text="Neither good nor bad.")
    mine = queries.thread_of_worker(ben, project.id, task_id)
    assert queries.threads_about(ben, [task_id]) == {(project.id, task_id): True}
    assert queries.threads_about(person("cyn").id, [task_id]) == {}
    assert mine.unread and [one.text for one in mine.messages] == [
        "What counts as neutral?",
        "Neither good nor bad.",
    ]
    assert [str(one.author) for one in mine.messages] == ["worker", "organisation"]
    community.mark_read_by_worker(person_id=ben, project_id=project.id, task_id=task_id)
    assert not queries.threads_of_worker(ben)[0].unread and queries.unread_threads(project.id) == 0
    assert StoredEvent.objects.filter(name="MessageWritten").count() == 2


def test_there_is_one_thread_per_task_and_worker(answered):
    project, task_id, assignment_id = answered
    community.write_to_worker(
        actor=actor("ada"), project_id=project.id, assignment_id=assignment_id, text="Why?"
    )
    ask(project, task_id, "Because.")
    ask(project, task_id, "And so on.")
    assert Thread.objects.count() == 1
    thread = queries.thread_for(actor("ada"), Thread.objects.get().id)
    assert [one.text for one in thread.messages] == ["Why?", "Because.", "And so on."]


def test_each_side_knows_of_the_other_only_what_it_may(answered):
    project, task_id, _ = answered
    ask(project, task_id)
    thread = queries.threads_of_project(actor("ada"), project.id)[0]
    community.write_as_member(actor=actor("ada"), thread_id=thread.id, text="Neither.")
    pseudonym = Enrolment.objects.get(project_id=project.id, worker_id=person("ben").id).pseudonym
    theirs = queries.thread_for(actor("ada"), thread.id)
    assert theirs.worker == pseudonym and [one.name for one in theirs.messages] == [pseudonym, "Ada"]
    mine = queries.thread_of_worker(person("ben").id, project.id, task_id)
    assert "Ada" not in [one.name for one in mine.messages]


def test_own_staff_stands_there_by_name(answered):
    project, task_id, _ = answered
    member("ben", organisation(), "viewer")
    ask(project, task_id)
    (thread,) = queries.threads_of_project(actor("ada"), project.id)
    assert thread.worker == "Ben"
    assert [one.name for one in queries.thread_for(actor("ada"), thread.id).messages] == ["Ben"]
    told = Notice.objects.get(person_id=person("ada").id, kind="thread_message")
    assert told.params["author"] == "Ben"


def test_both_sides_are_told(answered):
    project, task_id, _ = answered
    ask(project, task_id, "x" * 500)
    told = Notice.objects.get(person_id=person("ada").id, kind="thread_message")
    assert len(told.params["excerpt"]) == 141 and "ben" not in str(told.params).lower()
    thread = Thread.objects.get()
    community.write_as_member(actor=actor("ada"), thread_id=thread.id, text="Short.")
    assert Notice.objects.get(person_id=person("ben").id, kind="thread_message").params["author"] == "acme"


def test_members_who_wrote_are_told_rather_than_all(answered):
    project, task_id, _ = answered
    rio = member("rio", organisation(), "reviewer")
    ask(project, task_id)
    assert Notice.objects.filter(kind="thread_message").count() == 2  # Ada and Rio
    community.write_as_member(actor=rio, thread_id=Thread.objects.get().id, text="I look after it.")
    ask(project, task_id, "Thanks.")
    assert Notice.objects.filter(kind="thread_message", person_id=rio.person_id).count() == 2
    assert Notice.objects.filter(kind="thread_message", person_id=person("ada").id).count() == 1


def test_who_never_had_the_task_finds_nothing(answered):
    project, task_id, _ = answered
    ask(project, task_id)
    with pytest.raises(NotFound) as refused:
        ask(project, task_id, name="cyn")
    assert refused.value.code == "task_not_found"
    with pytest.raises(NotFound):
        queries.thread_of_worker(person("cyn").id, project.id, task_id)


def test_other_organisations_and_roles_are_kept_out(answered):
    project, task_id, assignment_id = answered
    ask(project, task_id)
    thread = Thread.objects.get()
    organisation("other", "eve")
    for name in ("cyn", "eve", "ben"):
        for attempt in (
            lambda who: queries.thread_for(who, thread.id),
            lambda who: queries.threads_of_project(who, project.id),
            lambda who: community.write_as_member(actor=who, thread_id=thread.id, text="Hello"),
            lambda who: community.mark_read_by_organisation(actor=who, thread_id=thread.id),
            lambda who: community.write_to_worker(
                actor=who, project_id=project.id, assignment_id=assignment_id, text="Hello"
            ),
        ):
            with pytest.raises(NotFound):
                attempt(actor(name))
    vic = member("vic", organisation(), "viewer")
    assert queries.thread_for(vic, thread.id).messages
    for attempt in (
        lambda: community.write_as_member(actor=vic, thread_id=thread.id, text="Hello"),
        lambda: community.mark_read_by_organisation(actor=vic, thread_id=thread.id),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_an_empty_message_is_refused(answered):
    project, task_id, _ = answered
    with pytest.raises(Invalid):
        ask(project, task_id, "  ")
    assert not Thread.objects.exists()
