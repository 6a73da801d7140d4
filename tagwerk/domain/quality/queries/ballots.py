"""The questions of a design, ready for judging."""

from functools import lru_cache

from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.domain.quality.rules.judging import Ballot, ballot


@lru_cache(maxsize=256)
def ballots_of(design_id: int) -> tuple[Ballot, ...]:
    """The design's questions in order; a design never changes, so this is made once per process."""
    design = designs.design(design_id)
    return tuple(
        ballot(q.name, KINDS[q.kind], q.options, decides=q.name in design.decides, when=q.when_json)
        for q in design.questions
    )
