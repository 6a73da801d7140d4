"""The two roles: one owns and migrates the tables, the other works in them and can change no structure."""

import psycopg
from psycopg import sql

OWNER = "tagwerk_owner"
APP = "tagwerk_app"

# What the owner makes, the app may use. The ledger's migration takes UPDATE and DELETE on the book away again.
_RIGHTS = f"""
ALTER SCHEMA public OWNER TO {OWNER};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {APP};
"""


def ensure_roles(connection: psycopg.Connection, *, owner_password: str, app_password: str) -> None:
    """Make both roles where they are missing."""
    for name, password in ((OWNER, owner_password), (APP, app_password)):
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone():
            statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Literal(password)))


def ensure_database(connection: psycopg.Connection, name: str) -> bool:
    """Make the database where it is missing; tells whether it is new."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        return False
    statement = sql.SQL("CREATE DATABASE {} OWNER {}")
    connection.execute(statement.format(sql.Identifier(name), sql.Identifier(OWNER)))
    return True


def grant_rights(connection: psycopg.Connection) -> None:
    """Give the app role its rights in the database of this connection; to be repeated without harm."""
    connection.execute(_RIGHTS)
