"""Large files that a page sends in pieces before its form: kept as they come, then taken as if they came with the form."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from tagwerk.domain.projects import actions
from tagwerk.domain.projects.actions import Arriving
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.interfaces.web.guards import ActorRequest


def keep_piece(request: ActorRequest, project: ProjectView) -> tuple[Arriving, int]:
    """Keep the posted piece, if one was posted; the file, and how many bytes of it are here."""
    file, upload = _arriving(request), request.FILES.get("piece")
    received = actions.piece_received(
        actor=request.actor,
        project_id=project.id,
        file=file,
        offset=_whole(request.POST.get("offset", "")),
        piece=upload.file if upload else None,
    )
    return file, received


@contextmanager
def sent_file(request: ActorRequest, project: ProjectView, name: str) -> Iterator["UploadedFile[Any] | None"]:
    """The file of a form, whichever way it came; None: there is none."""
    upload = request.FILES.get(name)
    if upload is not None or "arrived_name" not in request.POST:
        yield upload
        return
    file = _arriving(request, "arrived_")
    with actions.whole_file(actor=request.actor, project_id=project.id, file=file) as whole:
        yield UploadedFile(whole, name=file.name, size=file.size_bytes)


def _arriving(request: HttpRequest, before: str = "") -> Arriving:
    name, size, changed = (request.POST.get(f"{before}{key}", "") for key in ("name", "size", "changed"))
    return Arriving(name[:500], _whole(size), changed[:40])


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
