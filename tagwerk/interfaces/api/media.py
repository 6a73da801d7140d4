"""Pictures, sounds and films that tasks show as `media:<name>`."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects import actions, queries
from tagwerk.domain.projects.queries import MediaView
from tagwerk.interfaces.api.asking import Key, asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.problems import words
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.reading import takes_upload, uploaded
from tagwerk.interfaces.api.shapes import upload_body

router = Router(tags=["media"])
VIEW = Key(Permission.PROJECT_VIEW)
MANAGE = Key(Permission.PROJECT_MANAGE)


class MediaOut(BaseModel):
    """An uploaded file."""

    name: str
    media_type: str
    size_bytes: int
    url: str = Field(description="A link that works for some hours")


class RefusedFile(BaseModel):
    """A file of an archive that was not taken in."""

    name: str
    reason: str


class ArchiveOut(BaseModel):
    """What became of the files of an archive."""

    stored: list[str]
    refused: list[RefusedFile]


class Name(BaseModel):
    """What an uploaded file is called."""

    name: str = Field(max_length=120, description="Its name, with folders if you like: `birds/017.png`")


@router.get(
    "/projects/{project}/media",
    auth=VIEW,
    response=Page[MediaOut],
    operation_id="list_media",
    summary="List media",
)
def list_media(request: HttpRequest, project: str, paging: Query[Paging]) -> dict[str, Any]:
    """The project's uploaded files by name."""
    view = project_of(request, project, Permission.PROJECT_VIEW)
    found = queries.media_page(view.id, after=place_of(request, paging.cursor) or "", limit=paging.limit)
    places = [media.name for media in found]
    return {"items": [_media(media) for media in found], "next": next_cursor(request, places, paging.limit)}


@router.post(
    "/projects/{project}/media",
    auth=MANAGE,
    response={201: MediaOut},
    operation_id="upload_media",
    summary="Upload a file",
    openapi_extra=upload_body("application/octet-stream", what="The file itself"),
)
@takes_upload
def upload_media(request: HttpRequest, project: str, name: Query[Name]) -> MediaOut:
    """Take in one file. Its type is read from its bytes; pictures are drawn anew, without metadata."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    with uploaded(request) as upload:
        stored = actions.upload_media(
            actor=asking(request), project_id=view.id, name=name.name, content=upload.file
        )
    return _media(stored)


@router.post(
    "/projects/{project}/media/archive",
    auth=MANAGE,
    response={201: ArchiveOut},
    operation_id="upload_archive",
    summary="Upload an archive of files",
    openapi_extra=upload_body("application/zip", what="A ZIP archive"),
)
@takes_upload
def upload_archive(request: HttpRequest, project: str) -> ArchiveOut:
    """Take in every file of a ZIP archive; what cannot be shown is named with the reason."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    with uploaded(request) as upload:
        report = actions.upload_archive(actor=asking(request), project_id=view.id, content=upload.file)
    refused = [RefusedFile(name=name, reason=words(request, refusal)) for name, refusal in report.refused]
    return ArchiveOut(stored=report.stored, refused=refused)


def _media(view: MediaView) -> MediaOut:
    return MediaOut(
        name=view.name,
        media_type=view.media_type,
        size_bytes=view.size_bytes,
        url=queries.media_link(view),
    )
