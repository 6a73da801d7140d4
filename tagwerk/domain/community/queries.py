"""Threads and their messages; the gates through which either side comes to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.community.models import Message, Note, Thread
from tagwerk.domain.community.rules import Author
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.models import Assignment, Enrolment
from tagwerk.domain.work.queries import project_with_answers
from tagwerk.domain.work.rules.states import State

NEWEST_MESSAGES = 200
NEWEST_NOTES = 200


@dataclass(frozen=True)
class MessageView:
    """One message; `name` is what the reader may know of its author."""

    id: int
    author: Author
    name: str
    text: str
    at: datetime


@dataclass(frozen=True)
class ThreadView:
    """A thread as one side sees it; the organisation knows own staff by name, others by pseudonym only."""

    id: int
    project_id: int
    project_title: str
    task_id: int
    worker: str
    last_message_at: datetime
    unread: bool
    messages: tuple[MessageView, ...] = ()


@dataclass(frozen=True)
class NoteView:
    """A note of a member about a task; `name` is empty where a key wrote it."""

    id: int
    name: str
    text: str
    at: datetime


def notes_for(
    actor: Actor, project_id: int, task_id: int, *, after: int = 0, limit: int = NEWEST_NOTES
) -> list[NoteView]:
    """The gate to what members noted about a task, the first first; nobody who works on the project reads it."""
    project = project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    return notes_of_task(project.id, task_id, after=after, limit=limit)


def notes_of_task(
    project_id: int, task_id: int, *, after: int = 0, limit: int = NEWEST_NOTES
) -> list[NoteView]:
    """The same, for who has passed the project's gate."""
    rows = Note.objects.filter(project_id=project_id, task_id=task_id, id__gt=after).order_by("id")
    found = rows.values_list("id", "person__display_name", "text", "at")[:limit]
    return [NoteView(number, name or "", text, at) for number, name, text, at in found]


def thread_of_worker(person_id: int, project_id: int, task_id: int) -> ThreadView | None:
    """A worker's thread about a task that they have or had; None while nobody has written."""
    require_worker_on_task(person_id, project_id, task_id)
    row = Thread.objects.filter(project_id=project_id, task_id=task_id, worker_id=person_id).first()
    return _with_messages(row, Author.WORKER) if row else None


def threads_of_worker(person_id: int, *, limit: int = 50) -> list[ThreadView]:
    """A worker's threads, the newest message first."""
    rows = Thread.objects.filter(worker_id=person_id).order_by("-last_message_at", "-id")[:limit]
    return _views(rows, Author.WORKER)


def threads_about(person_id: int, task_ids: Collection[int]) -> dict[tuple[int, int], bool]:
    """Of a worker's tasks, those about which something was written, by (project, task): whether it is unread."""
    rows = Thread.objects.filter(worker_id=person_id, task_id__in=task_ids)
    return {(row.project_id, row.task_id): _is_unread(row, Author.WORKER) for row in rows}


def threads_of_project(
    actor: Actor, project_id: int, *, unread: bool = False, before: int | None = None, limit: int = 50
) -> list[ThreadView]:
    """The threads about a project's tasks, the newest message first; `before`: those that follow this thread."""
    project = project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    rows = Thread.objects.filter(project_id=project.id).order_by("-last_message_at", "-id")
    if before is not None:
        last = rows.filter(id=before).first()
        if last is None:
            raise _missing()
        rows = rows.filter(
            Q(last_message_at__lt=last.last_message_at)
            | Q(last_message_at=last.last_message_at, id__lt=last.id)
        )
    return _views((rows.filter(UNREAD_BY_ORGANISATION) if unread else rows)[:limit], Author.ORGANISATION)


@dataclass(frozen=True, slots=True)
class Asked:
    """What workers asked organisations about tasks: a conversation each, by the time to the first answer."""

    people: int
    questions: int
    answered: int
    median_seconds: int  # of those that were answered; 0: none was


def asked_since(since: datetime) -> Asked:
    """Of the conversations that workers have begun since then."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [since])
        return Asked(*cursor.fetchone())


_ASKED = """
SELECT count(DISTINCT worker_id), count(*), count(answered_at),
    coalesce(round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - asked_at)))::numeric), 0)::bigint
FROM (SELECT t.worker_id, q.at AS asked_at, (SELECT min(m.at) FROM message m WHERE m.thread_id = t.id AND m.author = 'organisation') AS answered_at
    FROM thread t, LATERAL (SELECT m.at, m.author FROM message m WHERE m.thread_id = t.id ORDER BY m.id LIMIT 1) q
    WHERE t.started_at > %s AND q.author = 'worker') asked
"""


@dataclass(frozen=True, slots=True)
class TaskThread:
    """A conversation with one worker about a task, as members have it in a list."""

    id: int
    worker_id: int
    pseudonym: str
    last_message_at: datetime
    unread: bool


def threads_of_task(project_id: int, task_id: int, *, limit: int = 50) -> list[TaskThread]:
    """The newest conversations about one task, for who has passed the project's gate; one query."""
    enrolled = Enrolment.objects.filter(project_id=project_id, worker_id=OuterRef("worker_id"))
    rows = Thread.objects.filter(project_id=project_id, task_id=task_id).order_by("-last_message_at", "-id")
    return [
        TaskThread(
            row.id, row.worker_id, row.pseudonym, row.last_message_at, _is_unread(row, Author.ORGANISATION)
        )
        for row in rows.annotate(pseudonym=Subquery(enrolled.values("pseudonym")[:1]))[:limit]
    ]


def unread_threads(project_id: int) -> int:
    """In how many threads of a project a worker waits to be read; for who has passed its gate."""
    return Thread.objects.filter(UNREAD_BY_ORGANISATION, project_id=project_id).count()


def thread_for(actor: Actor, thread_id: int) -> ThreadView:
    """A member's gate to a thread with its messages."""
    return _with_messages(thread_row_for(actor, thread_id, Permission.PROJECT_VIEW), Author.ORGANISATION)


def thread_row_for(actor: Actor, thread_id: int, permission: Permission) -> Thread:
    """The row behind a thread that a member may see or write in; another organisation's does not exist."""
    row = Thread.objects.select_related("project").filter(id=thread_id).first()
    if row is None:
        raise _missing()
    try:
        project_with_answers(actor, row.project_id, permission)
    except NotFound:
        raise _missing() from None
    return row


def require_worker_on_task(person_id: int, project_id: int, task_id: int) -> None:
    """Refuse who never had the task: for them it does not exist."""
    mine = Assignment.objects.filter(project_id=project_id, task_id=task_id, worker_id=person_id)
    if not mine.exclude(state=State.BARRED).exists():
        raise NotFound("task_not_found", "There is no such task.")


def worker_of_assignment(project: ProjectView, assignment_id: int) -> tuple[int, int]:
    """(worker, task) of an assignment of a project whose gate was passed."""
    rows = Assignment.objects.filter(project_id=project.id, id=assignment_id).exclude(state=State.BARRED)
    found = rows.values_list("worker_id", "task_id").first()
    if found is None:
        raise NotFound("assignment_not_found", "There is no such answer.")
    return found


def assignment_of(thread: Thread) -> int:
    """The assignment of the thread's worker on its task."""
    rows = Assignment.objects.filter(
        project_id=thread.project_id, task_id=thread.task_id, worker_id=thread.worker_id
    )
    return rows.values_list("id", flat=True)[0]


def writers_of(thread_id: int) -> list[int]:
    """The members who wrote in a thread."""
    rows = Message.objects.filter(thread_id=thread_id, author=Author.ORGANISATION, person__isnull=False)
    return list(rows.order_by("person_id").values_list("person_id", flat=True).distinct())


UNREAD_BY_ORGANISATION = Q(last_author=Author.WORKER) & (
    Q(organisation_read_at=None) | Q(organisation_read_at__lt=F("last_message_at"))
)


def _views(rows: QuerySet[Thread], side: Author) -> list[ThreadView]:
    """Three queries, however many there are."""
    found = list(rows.select_related("project"))
    workers = [row.worker_id for row in found]
    staff: dict[int, dict[int, str]] = {}
    for number in {row.project.organisation_id for row in found}:
        staff[number] = accounts.staff_names(number, workers)
    pseudonyms = {
        (project_id, worker_id): pseudonym
        for project_id, worker_id, pseudonym in Enrolment.objects.filter(
            project_id__in={row.project_id for row in found}, worker_id__in=workers
        ).values_list("project_id", "worker_id", "pseudonym")
    }
    return [
        _view(
            row,
            side,
            staff[row.project.organisation_id].get(row.worker_id)
            or pseudonyms.get((row.project_id, row.worker_id), "–"),
        )
        for row in found
    ]


def _with_messages(row: Thread, side: Author) -> ThreadView:
    newest = list(Message.objects.filter(thread_id=row.id).order_by("-id")[:NEWEST_MESSAGES])
    worker = name_for_members(row.project_id, row.worker_id)
    return _view(row, side, worker, _messages(newest[::-1], side, worker))


def name_for_members(project_id: int, worker_id: int) -> str:
    """How members know a worker: own staff by name, to which they agreed, others by pseudonym."""
    organisation_id = projects.project(project_id).organisation_id
    if worker_id in (names := accounts.staff_names(organisation_id, [worker_id])):
        return names[worker_id]
    rows = Enrolment.objects.filter(project_id=project_id, worker_id=worker_id)
    return rows.values_list("pseudonym", flat=True).first() or "–"


def _messages(rows: Sequence[Message], side: Author, worker: str) -> tuple[MessageView, ...]:
    # Members of the organisation see who of them wrote; a worker reads the organisation, not a person.
    members = {row.person_id for row in rows if row.author == Author.ORGANISATION and row.person_id}
    names = accounts.names_of(members) if side is Author.ORGANISATION else {}
    return tuple(
        MessageView(
            row.id,
            Author(row.author),
            worker if row.author == Author.WORKER else names.get(row.person_id or 0, ""),
            row.text,
            row.at,
        )
        for row in rows
    )


def _view(row: Thread, side: Author, worker: str, messages: tuple[MessageView, ...] = ()) -> ThreadView:
    return ThreadView(
        row.id,
        row.project_id,
        row.project.title,
        row.task_id,
        worker,
        row.last_message_at,
        _is_unread(row, side),
        messages,
    )


def _is_unread(row: Thread, side: Author) -> bool:
    read_at = row.worker_read_at if side is Author.WORKER else row.organisation_read_at
    return row.last_author != side and (read_at is None or read_at < row.last_message_at)


def _missing() -> NotFound:
    return NotFound("thread_not_found", "There is no such conversation.")
