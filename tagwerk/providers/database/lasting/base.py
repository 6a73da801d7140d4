"""A pooled connection that the server has closed is never handed out.

Django can ask the server about each connection before its use, one round trip for every request. The kernel knows
already: a connection that is idle and has something to read has been closed. Asking it costs a microsecond.
"""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, with connections that live."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        while True:
            connection = super().get_new_connection(conn_params)
            if self.pool is None or not has_something_to_say(connection.fileno()):
                return connection
            connection.close()
            self.pool.putconn(connection)  # which replaces it


def has_something_to_say(descriptor: int) -> bool:
    """Whether an idle connection can be read from: its end, or at best a notice that nobody waits for."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
