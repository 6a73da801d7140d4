"""What happens to projects and their media."""

from tagwerk.domain.projects.actions.life import (
    archive_project,
    create_project,
    finish_project,
    mark_launched,
    note_prepared,
    pause_project,
    raise_budget,
    release_rest,
    reserve,
    resume_project,
    revise_project,
)
from tagwerk.domain.projects.actions.media import upload_archive, upload_media

__all__ = [
    "archive_project",
    "create_project",
    "finish_project",
    "mark_launched",
    "note_prepared",
    "pause_project",
    "raise_budget",
    "release_rest",
    "reserve",
    "resume_project",
    "revise_project",
    "upload_archive",
    "upload_media",
]
