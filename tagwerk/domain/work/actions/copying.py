"""Tasks into their table, as fast as the database takes them: ids from the sequence, rows by COPY."""

from collections.abc import Sequence

from django.db import connection

from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.rows import Row

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def reserve_ids(*, count: int) -> list[int]:
    """So many fresh task ids, ascending."""
    found = sql.rows("SELECT nextval('task_id_seq') FROM generate_series(1, %s)", [count])
    return sorted(number for (number,) in found)


def known_ids(*, project_id: int, external_ids: Sequence[str]) -> dict[str, str | None]:
    """Those of the requester's ids that are taken → the digest of the content under them."""
    found = sql.rows(
        "SELECT external_id, digest FROM task WHERE project_id = %s AND external_id = ANY(%s)",
        [project_id, list(external_ids)],
    )
    return {external_id: digest and digest.hex for external_id, digest in found}


def copy_tasks(*, project_id: int, batch_id: int, rows: Sequence[Row], ids: Sequence[int]) -> None:
    """Write the rows as tasks with these ids."""
    lines = [_line(project_id, batch_id, task_id, row) for task_id, row in zip(ids, rows, strict=True)]
    _copy(
        "COPY task (project_id, id, batch_id, external_id, digest, data, prediction, is_gold, priority, deadline, units,"
        " amount_micros) FROM STDIN",
        lines,
    )


def copy_gold(*, project_id: int, gold: Sequence[tuple[int, str, str]]) -> None:
    """Write the right answers of these tasks (id, JSON, explanation); positions follow the ids of the tasks."""
    lines = [
        f"{project_id}\t{task_id}\t{task_id}\t{answers.translate(_ESCAPES)}\t{explanation.translate(_ESCAPES)}\n"
        for task_id, answers, explanation in gold
    ]
    _copy("COPY gold (project_id, pos, task_id, answers, explanation) FROM STDIN", lines)


def _line(project_id: int, batch_id: int, task_id: int, row: Row) -> str:
    data = row.data
    if "\\" in data:  # JSON has no other sign that COPY would take for its own
        data = data.replace("\\", "\\\\")
    if (
        row.external_id is None
        and row.gold is None
        and row.prediction is None
        and not row.priority
        and row.deadline is None
        and row.amount_micros is None
    ):
        return f"{project_id}\t{task_id}\t{batch_id}\t\\N\t\\N\t{data}\t\\N\tf\t0\t\\N\t{row.units}\t\\N\n"
    external_id = "\\N" if row.external_id is None else row.external_id.translate(_ESCAPES)
    prediction = "\\N" if row.prediction is None else row.prediction.translate(_ESCAPES)
    deadline = "\\N" if row.deadline is None else row.deadline.isoformat()
    gold = "f" if row.gold is None else "t"
    digest = "\\N" if row.digest is None else row.digest
    amount = "\\N" if row.amount_micros is None else row.amount_micros
    return (
        f"{project_id}\t{task_id}\t{batch_id}\t{external_id}\t{digest}\t{data}\t{prediction}\t{gold}"
        f"\t{row.priority}\t{deadline}\t{row.units}\t{amount}\n"
    )


def _copy(statement: str, lines: Sequence[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("".join(lines).encode())
