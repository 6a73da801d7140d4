"""Pictures, sounds and films that the project's tasks show as `media:<name>`: upload and list."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tagwerk.base.errors import Refusal, TooMany
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects import actions, queries
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.arriving import keep_piece
from tagwerk.interfaces.web.pages.requester.frame import ADD, Frame, framed, project_page
from tagwerk.interfaces.web.posting import see_other

PAGE = 100
MOST_FILES = 500


class Files(forms.FileInput):
    """Several files at once. The form looks whether there is one; the view takes all of them."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """One of the files."""
        return files.get(name)


class MediaForm(forms.Form):
    """Files, single ones or ZIP archives."""

    media_files = forms.FileField(
        label=gettext_lazy("Files or ZIP archives"),
        help_text=gettext_lazy("PNG, JPEG, WebP, GIF, MP3, WAV, Ogg, FLAC, MP4, WebM. Pictures are drawn anew, without place and camera."),
        widget=Files(attrs={"multiple": True, "accept": "image/*,audio/*,video/*,.zip", "class": "drop"}),
    )  # fmt: skip


@project_page(Permission.PROJECT_MANAGE)
def project_media(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The files of a project, and the form for more."""
    refused: list[tuple[str, str]] = []
    form = MediaForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        stored, refused = _take(request, frame)
        if stored:
            text = ngettext("{count} file is stored.", "{count} files are stored.", stored)
            messages.success(request, text.format(count=stored))
        if not refused:
            return see_other(frame.url("project_media"))
    after = request.GET.get("after", "")
    found = queries.media_page(frame.project.id, after=after, limit=PAGE + 1)
    values = framed(
        frame,
        ADD,
        form=form if form.errors else MediaForm(),
        refused=refused,
        files=[(file, queries.media_link(file)) for file in found[:PAGE]],
        older=f"?{urlencode({'after': found[PAGE - 1].name})}" if len(found) > PAGE else "",
    )
    return render(
        request, "pages/requester/project_media.html", values, status=422 if refused or form.errors else 200
    )


@require_POST
@project_page(Permission.PROJECT_MANAGE)
def project_media_piece(request: ActorRequest, frame: Frame) -> JsonResponse:
    """A piece of a file, which begins where the last one ended; without a piece, only where that is. With the last one
    the file is taken in."""
    file, received = keep_piece(request, frame.project)
    if received < file.size_bytes:
        return JsonResponse({"received": received})
    report = actions.take_pieces(actor=request.actor, project_id=frame.project.id, file=file)
    refused = [(name, refusal_text(refusal)) for name, refusal in report.refused]
    return JsonResponse({"received": received, "stored": len(report.stored), "refused": refused})


def _take(request: ActorRequest, frame: Frame) -> tuple[int, list[tuple[str, str]]]:
    """Store what can be stored; how many, and the others with the reason."""
    stored, refused = 0, []
    for number, upload in enumerate(request.FILES.getlist("media_files")):
        name = str(upload.name)
        try:
            _require_room(number)
            if name.lower().endswith(".zip"):
                report = _archive(request, frame, upload)
                stored += len(report.stored)
                refused += [(member, refusal_text(refusal)) for member, refusal in report.refused]
            else:
                _single(request, frame, name, upload)
                stored += 1
        except Refusal as refusal:
            refused.append((name, refusal_text(refusal)))
    return stored, refused


def _require_room(number: int) -> None:
    if number >= MOST_FILES:
        raise TooMany(
            "media_too_many",
            "At most {most} files at once; send the others again, or pack a ZIP archive.",
            most=MOST_FILES,
        )


def _archive(
    request: ActorRequest, frame: Frame, upload: "UploadedFile[Any]"
) -> "actions.media.ArchiveReport":
    return actions.upload_archive(actor=request.actor, project_id=frame.project.id, content=upload)


def _single(request: ActorRequest, frame: Frame, name: str, upload: "UploadedFile[Any]") -> None:
    actions.upload_media(actor=request.actor, project_id=frame.project.id, name=name, content=upload)
