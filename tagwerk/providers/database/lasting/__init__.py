"""Django's PostgreSQL backend, for a platform that outlasts its database's restarts."""
