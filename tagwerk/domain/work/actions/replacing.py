"""Replacing the content of a task that nobody has had yet."""

from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.actions.opening import funds_of, locked_opening
from tagwerk.domain.work.models import OpenedTask, Opening
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.factors import most_factors
from tagwerk.domain.work.queries.prices import task_price
from tagwerk.domain.work.rules.rows import Row
from tagwerk.domain.work.rules.units import meter_of, times


def replace_task(*, project_id: int, row: Row) -> bool:
    """Give the task with this id another content; False if somebody had it, or if it would become gold or cease to be."""
    opening = locked_opening(project_id=project_id)
    found = sql.row(
        "SELECT id, is_gold, is_urgent FROM task WHERE project_id = %s AND external_id = %s FOR UPDATE",
        [project_id, row.external_id],
    )
    assert found is not None
    task_id, is_gold, is_urgent = found
    # A claim that is about to take it holds its place in the queue; another one skips it while we hold it.
    sql.rows("SELECT 1 FROM queue WHERE project_id = %s AND task_id = %s FOR UPDATE", [project_id, task_id])
    sql.rows(
        "SELECT 1 FROM short_queue WHERE project_id = %s AND task_id = %s FOR UPDATE", [project_id, task_id]
    )
    had = sql.value(
        "SELECT 1 FROM assignment WHERE project_id = %s AND task_id = %s AND state <> 9 LIMIT 1",
        [project_id, task_id],
    )
    assert isinstance(row.units, int)
    units = times(row.units, _urgent_bp(project_id)) if is_urgent else row.units
    if had or is_gold or row.gold is not None or not _reprice(opening, task_id, units):
        return False
    sql.write(
        """UPDATE task SET data = %s::json, prediction = %s::json, digest = %s, priority = %s, deadline = %s, units = %s,
                amount_micros = %s
            WHERE project_id = %s AND id = %s""",
        [
            row.data,
            row.prediction,
            row.digest,
            row.priority,
            row.deadline,
            units,
            row.amount_micros,
            project_id,
            task_id,
        ],
    )
    return True


def _urgent_bp(project_id: int) -> int:
    return meter_of(projects.project(project_id).file).factors.urgent_bp


def _reprice(opening: Opening, task_id: int, units: int) -> bool:
    """Have an open task cost what its new content is worth; False if the money for that is not there."""
    task = OpenedTask.objects.filter(project_id=opening.project_id, task_id=task_id).first()
    project = projects.project(opening.project_id)
    if task is None or not project.paid or not project.measures:
        return True
    price = task_price(project, units, most_factors(project))
    more = 0 if task.closed else task.most * (price - task.price_micros)
    if more > 0 and funds_of(project=project, opening=opening).free_micros < more:
        return False
    OpenedTask.objects.filter(project_id=project.id, task_id=task_id).update(price_micros=price)
    opening.committed_micros += more
    opening.save(update_fields=["committed_micros"])
    return True
