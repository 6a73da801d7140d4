"""One writer of a project's results at a time."""

from django.db import connection

LOCK = 0x6A756467  # "judg": the first key of the advisory lock, the project is the second


def judge_lock(*, project_id: int) -> bool:
    """Take the lock until the transaction ends, if nobody has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s::int, %s::int)", [LOCK, project_id & 0x7FFFFFFF])
        return bool(cursor.fetchone()[0])


def wait_for_judge(*, project_id: int) -> None:
    """Take the lock as soon as the judge has written what it is at; else both could wait for rows of the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [LOCK, project_id & 0x7FFFFFFF])
