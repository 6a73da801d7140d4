"""What this room tells."""

from dataclasses import dataclass

from tagwerk.base.events import Event


@dataclass(frozen=True, kw_only=True)
class ExportRequested(Event):
    """A member wants a file; it is written in the background."""

    export_id: int


@dataclass(frozen=True, kw_only=True)
class ExportReady(Event):
    """The file can be downloaded."""

    export_id: int
