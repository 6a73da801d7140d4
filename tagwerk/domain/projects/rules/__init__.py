"""What is right for projects: their life, and the media that they show. Pure."""

from tagwerk.domain.projects.rules.life import (
    FROZEN_WITH_ANSWERS,
    MOVES,
    OVER,
    UNRESOLVED,
    Price,
    State,
    changed_keys,
    price,
    require_more,
    require_move,
    require_not_over,
    require_revisable,
)
from tagwerk.domain.projects.rules.media import media_type_of, picture_again, require_within, safe_name
from tagwerk.domain.projects.rules.preparing import (
    DESIGN,
    QUALITY,
    SAID_BY_A_FILE,
    STEPS,
    next_step,
    prepared_with,
)

__all__ = [
    "DESIGN",
    "FROZEN_WITH_ANSWERS",
    "MOVES",
    "OVER",
    "QUALITY",
    "SAID_BY_A_FILE",
    "STEPS",
    "UNRESOLVED",
    "Price",
    "State",
    "changed_keys",
    "media_type_of",
    "next_step",
    "picture_again",
    "prepared_with",
    "price",
    "require_more",
    "require_move",
    "require_not_over",
    "require_revisable",
    "require_within",
    "safe_name",
]
