"""What happens in threads and among members: messages are written and read, notes are written."""

from django.db import transaction
from django.utils.timezone import now as clock

from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.community import queries
from tagwerk.domain.community.events import MessageWritten, NoteWritten
from tagwerk.domain.community.models import Message, Note, Thread
from tagwerk.domain.community.rules import Author, message_text
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import queries as work

EXCERPT_CHARS = 140
MOST_TOLD = 20  # members who are told of a worker's first message


@transaction.atomic
def write_as_worker(*, person_id: int, project_id: int, task_id: int, text: str) -> int:
    """A worker writes about a task that they have or had; the message's number."""
    queries.require_worker_on_task(person_id, project_id, task_id)
    clean = message_text(text)
    thread = _thread(project_id, task_id, person_id, Author.WORKER)
    message_id = _write(thread, Author.WORKER, person_id, clean)
    organisation_id = projects.project(project_id).organisation_id
    told = (
        queries.writers_of(thread.id)
        or accounts.members_with(organisation_id, Permission.ANSWER_REVIEW)[:MOST_TOLD]
    )
    link = f"/projects/{public_id('prj', project_id)}/threads/{public_id('msg', thread.id)}/"
    for member_id in told:
        _tell(member_id, thread, queries.name_for_members(project_id, person_id), clean, link)
    return message_id


@transaction.atomic
def write_as_member(*, actor: Actor, thread_id: int, text: str) -> int:
    """A member answers in a thread; the message's number."""
    thread = queries.thread_row_for(actor, thread_id, Permission.ANSWER_REVIEW)
    return _write_as_organisation(actor, thread, message_text(text))


@transaction.atomic
def write_to_worker(*, actor: Actor, project_id: int, assignment_id: int, text: str) -> int:
    """A member writes to whoever has or had this assignment, known by pseudonym only; the message's number."""
    project = projects.project_for(actor, project_id, Permission.ANSWER_REVIEW)
    worker_id, task_id = queries.worker_of_assignment(project, assignment_id)
    clean = message_text(text)
    return _write_as_organisation(actor, _thread(project.id, task_id, worker_id, Author.ORGANISATION), clean)


@transaction.atomic
def write_note(*, actor: Actor, project_id: int, task_id: int, text: str) -> int:
    """A member notes something about a task for the other members; the note's number."""
    project = projects.project_for(actor, project_id, Permission.ANSWER_REVIEW)
    task = work.task_for(actor, project.id, task_id)
    clean = message_text(text)
    note = Note.objects.create(project_id=project.id, task_id=task.id, person_id=actor.person_id, text=clean)
    record(
        NoteWritten(
            actor_id=actor.person_id, organisation_id=project.organisation_id, project_id=project.id, note_id=note.id,
            task_id=task.id,
        )
    )  # fmt: skip
    return note.id


@transaction.atomic
def mark_read_by_worker(*, person_id: int, project_id: int, task_id: int) -> None:
    """The worker has read the thread about a task."""
    Thread.objects.filter(project_id=project_id, task_id=task_id, worker_id=person_id).update(
        worker_read_at=clock()
    )


@transaction.atomic
def mark_read_by_organisation(*, actor: Actor, thread_id: int) -> None:
    """A member who may answer has read a thread: nobody else has to."""
    thread = queries.thread_row_for(actor, thread_id, Permission.ANSWER_REVIEW)
    Thread.objects.filter(id=thread.id).update(organisation_read_at=clock())


def _write_as_organisation(actor: Actor, thread: Thread, text: str) -> int:
    message_id = _write(thread, Author.ORGANISATION, actor.person_id, text)
    organisation = accounts.organisation(projects.project(thread.project_id).organisation_id)
    assignment_id = queries.assignment_of(thread)
    link = f"/work/task/{public_id('asg', assignment_id)}/thread/"
    _tell(thread.worker_id, thread, organisation.name, text, link)
    return message_id


def _thread(project_id: int, task_id: int, worker_id: int, author: Author) -> Thread:
    """The one thread of this worker about this task, begun with the first message."""
    key = {"project_id": project_id, "task_id": task_id, "worker_id": worker_id}
    return Thread.objects.get_or_create(**key, defaults={"last_author": author})[0]


def _write(thread: Thread, author: Author, person_id: int | None, text: str) -> int:
    message = Message.objects.create(thread=thread, author=author, person_id=person_id, text=text)
    read = "worker_read_at" if author is Author.WORKER else "organisation_read_at"
    now = clock()
    Thread.objects.filter(id=thread.id).update(last_author=author, last_message_at=now, **{read: now})
    project = projects.project(thread.project_id)
    record(
        MessageWritten(
            actor_id=person_id, organisation_id=project.organisation_id, project_id=project.id, thread_id=thread.id,
            message_id=message.id, task_id=thread.task_id, author=str(author),
        )
    )  # fmt: skip
    return message.id


def _tell(person_id: int, thread: Thread, author: str, text: str, link: str) -> None:
    excerpt = text if len(text) <= EXCERPT_CHARS else f"{text[:EXCERPT_CHARS]}…"
    title = projects.project(thread.project_id).title
    params = {"project": title, "author": author, "excerpt": excerpt}
    notices.tell(person_id=person_id, kind="thread_message", params=params, link=link)
