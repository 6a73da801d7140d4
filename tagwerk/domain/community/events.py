"""What this room tells."""

from dataclasses import dataclass

from tagwerk.base.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageWritten(Event):
    """A worker or a member wrote in a thread."""

    thread_id: int
    message_id: int
    task_id: int
    author: str


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Event):
    """A member wrote a note about a task, for the other members."""

    note_id: int
    task_id: int
