"""Designs, read."""

from functools import lru_cache

from tagwerk.base.errors import NotFound
from tagwerk.domain.designs.models import Design
from tagwerk.domain.designs.rules.design import DesignView, design_view


@lru_cache(maxsize=4096)
def design(design_id: int) -> DesignView:
    """A design by id, kept in the process: it never changes."""
    row = Design.objects.filter(pk=design_id).values("id", "organisation_id", "spec", "digest").first()
    if row is None:
        raise NotFound("unknown_design", "There is no such design.")
    return design_view(**row)
