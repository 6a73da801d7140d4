"""What to say when the embedded database cannot be used."""


class DatabaseUnusable(RuntimeError):
    """The embedded database cannot start; the text says why and what to do."""
