"""Tasks as their requester sees them: one after another on a page, or made up for a design that has none yet."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tagwerk.base.errors import Refusal
from tagwerk.domain.designs.rules.design import CompiledBlock, DesignView, design_view, spec_of
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.render import MEDIA_KINDS
from tagwerk.interfaces.web.pages.worker.showing import Shown, loading_from, shown_task

SAMPLE_CHAT = ({"role": "user", "content": "…"}, {"role": "assistant", "content": "…"})


class Showing:
    """Renders tasks of one design, and remembers from where their pictures, sounds and films come."""

    def __init__(self, design: DesignView, project_id: int | None) -> None:
        self.design, self.project_id = design, project_id
        self.origins: dict[str, None] = {}

    def task(self, data: Mapping[str, Any]) -> Shown:
        """What a task shows, sides in their own order; nothing where its data does not fit the design any more."""
        try:
            shown = shown_task(self.design, data, project_id=self.project_id, order="ab")
        except Refusal:
            return Shown([])
        self.origins |= dict.fromkeys(shown.origins)
        return shown

    def let_in(self, request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
        """The response, which may load what was shown."""
        return loading_from(request, response, tuple(self.origins))


def unsaved_design(file: ProjectFile) -> DesignView:
    """The design of a file that nobody has saved."""
    return design_view(id=0, organisation_id=0, spec=spec_of(file.design), digest="")


def columns_of(design: DesignView) -> list[str]:
    """The columns that a row must have, in the order in which they are shown."""
    places = [place for block in design.blocks for text in block.templates.values() for place in text.needs]
    return list(dict.fromkeys(str(place[0]) for place in places))


def sample_row(design: DesignView) -> dict[str, Any]:
    """A made-up row that fits the design: the names of its columns stand for their content."""
    row: dict[str, Any] = {}
    for block in design.blocks:
        for place, text in block.templates.items():
            for need in text.needs:
                _put(row, need, _sample(block, place, str(need[-1])))
    return row


def _sample(block: CompiledBlock, place: tuple[str, ...], name: str) -> Any:
    compare = block.block.compare
    if block.block.kind == "chat":
        return list(SAMPLE_CHAT)
    if place[-1] == "url" or (compare is not None and compare.as_ in MEDIA_KINDS):
        return f"media:{name}"
    return f"({name})"


def _put(row: dict[str, Any], place: tuple[Any, ...], value: Any) -> None:
    """Put a value at its place; places inside lists are left to the requester."""
    at: Any = row
    for part in place[:-1]:
        if not isinstance(part, str) or not isinstance(at.setdefault(part, {}), dict):
            return
        at = at[part]
    if isinstance(place[-1], str):
        at.setdefault(place[-1], value)
