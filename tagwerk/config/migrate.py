"""Bring the database up to date: as the role that owns the tables, one process at a time."""

import logging
import time

from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

log = logging.getLogger(__name__)
LOCK = 7_100_000
ATTEMPTS = 6


def is_up_to_date(app_role: str) -> bool:
    """Whether all migrations are applied, all tables that none makes are there, and the role has its rights."""
    with connection.cursor() as cursor:
        cursor.execute(_MAY_LOOK)
        if not cursor.fetchone()[0]:
            return False  # a restore leaves rights out
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    with connection.cursor() as cursor:
        cursor.execute(_ALL_THERE, {"role": app_role})
        return bool(cursor.fetchone()[0])


_MAY_LOOK = """
select coalesce(has_table_privilege(to_regclass('public.django_migrations'), 'select'), true)
"""

# A role that owns the tables or everything has rights that cannot be taken from it.
_ALL_THERE = """
select to_regclass('shared_cache') is not null and (role.rolsuper or role.oid = book.relowner
    or has_table_privilege(role.oid, 'event', 'insert') and not has_table_privilege(role.oid, book.oid, 'update'))
from pg_roles role, pg_class book where role.rolname = %(role)s and book.oid = 'ledger_transfer'::regclass
"""


def migrate_under_lock(*, app_role: str) -> None:
    """Migrate under an advisory lock; whoever waits for it finds the work done."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOCK])
    try:
        if not is_up_to_date(app_role):
            _migrate()
            call_command("createcachetable", verbosity=0)
            grant_rights(app_role)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("reset lock_timeout")
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])


def _migrate() -> None:
    """A table that is in use for long is tried again: waiting for it would make everybody behind us wait too."""
    with connection.cursor() as cursor:
        cursor.execute("set lock_timeout = '5s'")
    for attempt in range(ATTEMPTS):
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            if "lock timeout" not in str(error) or attempt == ATTEMPTS - 1:
                raise
            log.warning("A table is in use; trying again in %s s", 2**attempt)
            time.sleep(2**attempt)
        else:
            return


def grant_rights(app_role: str) -> None:
    """What the platform's own role may do: everything in the tables, except to change what is booked."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        if cursor.fetchone()[0] == app_role:
            return  # one role for both: then the triggers alone keep the book append-only
    name = connection.ops.quote_name(app_role)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"grant usage on schema public to {name}")
        cursor.execute(f"grant select, insert, update, delete on all tables in schema public to {name}")
        cursor.execute(f"grant usage, select, update on all sequences in schema public to {name}")
        cursor.execute("select ledger_restrict(%s::name)", [app_role])


def words_of(error: Exception) -> str:
    """Why the database could not be brought up to date, and what to do."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if isinstance(error, ProgrammingError) and "permission denied" in text:
        return (
            f"The database has to be brought up to date, and its role may not do that ({text}): "
            "set DATABASE_OWNER_URL to the role that owns the tables."
        )
    return f"The database could not be brought up to date: {text}"
