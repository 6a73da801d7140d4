"""Replacing the content of a task that nobody has had yet."""

from tagwerk.domain.work.actions.opening import locked_opening
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.rows import Row


def replace_task(*, project_id: int, row: Row) -> bool:
    """Give the task with this id another content; False if somebody had it, or if it would become gold or cease to be."""
    locked_opening(project_id=project_id)
    found = sql.row(
        "SELECT id, is_gold FROM task WHERE project_id = %s AND external_id = %s FOR UPDATE",
        [project_id, row.external_id],
    )
    assert found is not None
    task_id, is_gold = found
    # A claim that is about to take it holds its place in the queue; another one skips it while we hold it.
    sql.rows("SELECT 1 FROM queue WHERE project_id = %s AND task_id = %s FOR UPDATE", [project_id, task_id])
    sql.rows(
        "SELECT 1 FROM short_queue WHERE project_id = %s AND task_id = %s FOR UPDATE", [project_id, task_id]
    )
    had = sql.value(
        "SELECT 1 FROM assignment WHERE project_id = %s AND task_id = %s AND state <> 9 LIMIT 1",
        [project_id, task_id],
    )
    if had or is_gold or row.gold is not None:
        return False
    sql.write(
        """UPDATE task SET data = %s::json, prediction = %s::json, digest = %s, priority = %s, deadline = %s
            WHERE project_id = %s AND id = %s""",
        [row.data, row.prediction, row.digest, row.priority, row.deadline, project_id, task_id],
    )
    return True
