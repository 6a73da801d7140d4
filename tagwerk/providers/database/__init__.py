"""PostgreSQL without an installation: starts, watches and stops a server of our own on the wheel's programs."""

from tagwerk.providers.database.embedded import EmbeddedDatabase
from tagwerk.providers.database.problems import DatabaseUnusable

__all__ = ["DatabaseUnusable", "EmbeddedDatabase"]
