"""Work that may read and never write: the database itself refuses what would change something."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InternalError, connection, transaction

READ_ONLY = "25006"  # SQLSTATE read_only_sql_transaction


@contextmanager
def read_only() -> Iterator[None]:
    """Everything inside is one transaction that cannot write; a try raises what `is_refused_write` knows."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield


def is_refused_write(error: BaseException | None) -> bool:
    """Whether this came of a write inside `read_only`."""
    return isinstance(error, InternalError) and getattr(error.__cause__, "sqlstate", "") == READ_ONLY
