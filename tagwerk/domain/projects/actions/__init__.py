"""What happens to projects and their media."""

from tagwerk.domain.projects.actions.agreeing import agree_price
from tagwerk.domain.projects.actions.lengths import media_seconds
from tagwerk.domain.projects.actions.life import (
    archive_project,
    create_project,
    finish_project,
    mark_launched,
    note_prepared,
    note_task_pay,
    pause_all,
    pause_project,
    raise_budget,
    release_rest,
    reserve,
    resume_project,
    revise_project,
)
from tagwerk.domain.projects.actions.media import upload_archive, upload_media
from tagwerk.domain.projects.actions.pieces import (
    Arriving,
    forget_old_pieces,
    piece_received,
    take_pieces,
    whole_file,
)
from tagwerk.domain.projects.actions.qualifications import create_qualification
from tagwerk.domain.projects.actions.teams import delete_team

__all__ = [
    "Arriving",
    "agree_price",
    "archive_project",
    "create_project",
    "create_qualification",
    "delete_team",
    "finish_project",
    "forget_old_pieces",
    "mark_launched",
    "media_seconds",
    "note_prepared",
    "note_task_pay",
    "pause_all",
    "pause_project",
    "piece_received",
    "raise_budget",
    "release_rest",
    "reserve",
    "resume_project",
    "revise_project",
    "take_pieces",
    "upload_archive",
    "upload_media",
    "whole_file",
]
