"""What an hour pays is measured off the hot path and kept, so that no page counts answers."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from tagwerk.domain.work.actions.opening import locked_opening
from tagwerk.domain.work.models import ProjectWage
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.wages import MEASURE, MEASURED, PEOPLE, projects_to_measure
from tagwerk.domain.work.rules.wages import WorkerPart, wages_of

STALE = -1  # no project has so many approved answers, so its wages are measured again


def measure_wages(*, now: datetime) -> int:
    """Measure again what an hour pays where answers have been decided; in how many projects that was."""
    found = projects_to_measure()
    one_by_one(found, lambda project_id: measure_wage(project_id=project_id, now=now))
    return len(found)


def one_by_one(project_ids: Iterable[int], action: Callable[[int], object]) -> None:
    """Do something to each project; one that fails does not keep the others waiting, and is told at the end."""
    errors = []
    for project_id in project_ids:
        try:
            action(project_id)
        except Exception as error:
            error.add_note(f"at project {project_id}")
            errors.append(error)
    if errors:
        raise ExceptionGroup("Some projects could not be looked at.", errors)


@transaction.atomic
def measure_wage(*, project_id: int, now: datetime) -> None:
    """Measure one project. The same answers give the same figures, so doing it twice does no harm."""
    # Before the answers: what comes between is found next time. A bonus waits, and then has it measured again.
    opening = locked_opening(project_id=project_id)
    rows = sql.rows(MEASURE, {"project": project_id, "most": MEASURED, "channels": PEOPLE})
    found = wages_of(WorkerPart(answers, active, pay) for _worker, answers, active, pay, _middle in rows)
    ProjectWage.objects.update_or_create(
        project_id=project_id,
        defaults={
            "measured_at": now, "approved": opening.approved, "rejected": opening.rejected,
            "answers": found.answers, "workers": found.workers, "active_ms": found.active_ms,
            "pay_micros": found.pay_micros, "median_micros": found.median_micros, "tenth_micros": found.tenth_micros,
            "answer_ms": rows[0][4] if rows else 0, "spread": list(found.spread),
        },
    )  # fmt: skip
