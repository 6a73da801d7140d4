"""Notes about a task: what members write to one another. Workers never see them, and no export has them."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.community import actions, queries
from tagwerk.domain.community.queries import NoteView
from tagwerk.domain.community.rules import LONGEST_CHARS
from tagwerk.interfaces.api.asking import Key, asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Body

router = Router(tags=["notes"])


class NoteOut(BaseModel):
    """A note about a task."""

    id: str
    author: str = Field(description="The member who wrote it; empty where a key did")
    text: str
    at: datetime


class NoteIn(Body):
    """What is to be noted."""

    text: str = Field(min_length=1, max_length=LONGEST_CHARS, description="Members read it, workers do not")


class Noted(BaseModel):
    """The new note."""

    id: str


@router.get(
    "/projects/{project}/tasks/{task}/notes",
    auth=Key(Permission.PROJECT_VIEW),
    response=Page[NoteOut],
    operation_id="list_notes",
    summary="List notes about a task",
)
def list_notes(request: HttpRequest, project: str, task: str, paging: Query[Paging]) -> dict[str, Any]:
    """What members noted about a task, the first first."""
    view = project_of(request, project, Permission.PROJECT_VIEW)
    number = row_number("tsk", task)
    after = place_of(request, paging.cursor) or 0
    found = queries.notes_for(asking(request), view.id, number, after=after, limit=paging.limit)
    places = [one.id for one in found]
    return {"items": [_note(one) for one in found], "next": next_cursor(request, places, paging.limit)}


@router.post(
    "/projects/{project}/tasks/{task}/notes",
    auth=Key(Permission.ANSWER_REVIEW),
    response={201: Noted},
    operation_id="write_note",
    summary="Write a note about a task",
)
def write_note(request: HttpRequest, project: str, task: str, data: NoteIn) -> Noted:
    """Note something about a task for the other members."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    number = actions.write_note(
        actor=asking(request), project_id=view.id, task_id=row_number("tsk", task), text=data.text
    )
    return Noted(id=public_id("nte", number))


def _note(one: NoteView) -> NoteOut:
    return NoteOut(id=public_id("nte", one.id), author=one.name, text=one.text, at=one.at)
