"""Work that is paid by the hour, in tests: a timer that ran for so long, without waiting for it."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.queries import sql
from tests.domain.work import scene

PAY = {"per": "hour", "amount": "18.00", "most_minutes": 30, "estimate_seconds": 600}
HOLD = {"tasks": 1, "minutes": 30}


def running(tasks: int = 5, **changes: Any) -> ProjectView:
    """A launched project that pays 18.00 for an hour, up to 30 minutes of a task."""
    return scene.running(tasks, **{"pay": PAY, "hold": HOLD, "quality": scene.answers(1), **changes})


def timed(person_id: int, project: ProjectView, seconds: int, *, runs: bool = False) -> Any:
    """Take a task and let its timer run for so long; the task in hand. It is paused then, unless it still `runs`."""
    held = scene.taken(person_id, project)
    start(person_id, held, seconds, runs=runs)
    return held


def start(person_id: int, held: Any, seconds: int, *, runs: bool = False) -> None:
    """Let the timer of a task in hand run for so long up to now."""
    mine = {"person_id": person_id, "project_id": held.project_id, "assignment_id": held.assignment_id}
    work.start_timer(**mine, now=now())
    ended = "" if runs else ", ended_at = now(), ended_by = 'paused'"
    sql.write(
        f"UPDATE time_entry SET started_at = now() - make_interval(secs => %s), seen_at = now(){ended}"
        " WHERE assignment_id = %s AND ended_at IS NULL",
        [seconds, held.assignment_id],
    )
    sql.write(
        "UPDATE assignment SET claimed_at = least(claimed_at, now() - make_interval(secs => %s)) WHERE id = %s",
        [seconds + 7_200, held.assignment_id],
    )


def worked(person_id: int, project: ProjectView, seconds: int) -> int:
    """Take a task, work on it for so long, hand in; the assignment."""
    held = timed(person_id, project, seconds)
    scene.submit(held, person_id)
    return int(held.assignment_id)


def untimed(person_id: int, project: ProjectView, seconds: int = 7_200) -> Any:
    """Take a task and have it in hand for so long without a timer; the task in hand."""
    held = scene.taken(person_id, project)
    sql.write(
        "UPDATE assignment SET claimed_at = claimed_at - make_interval(secs => %s) WHERE id = %s",
        [seconds, held.assignment_id],
    )
    return held


def ask_ahead(person_id: int, held: Any, seconds: int, **more: Any) -> int:
    """Ask for more time while at the task."""
    given = {"reason": "It is longer than the others.", "now": now(), **more}
    return work.ask_ahead(
        person_id=person_id, project_id=held.project_id, assignment_id=held.assignment_id, seconds=seconds, **given
    )  # fmt: skip


def reward(assignment_id: int) -> tuple[int, int, int]:
    """What an assignment pays, its fee, and what is committed beyond that."""
    found = sql.row(
        "SELECT reward_micros, fee_micros, spare_micros FROM assignment WHERE id = %s", [assignment_id]
    )
    assert found is not None
    return found[0], found[1], found[2]


def correct(person_id: int, project: ProjectView, assignment_id: int, seconds: int, **more: Any) -> Any:
    """State another time."""
    given = {"reason": "I read the text twice.", "now": now(), **more}
    return work.correct_time(
        person_id=person_id, project_id=project.id, assignment_id=assignment_id, seconds=seconds, **given
    )


def later(days: float) -> Any:
    """So many days from now."""
    return now() + timedelta(days=days)
