"""What is right for projects: their life, and the media that they show. Pure."""

from tagwerk.domain.projects.rules.life import (
    FROZEN_WITH_ANSWERS,
    MOVES,
    OVER,
    TEAMS,
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

__all__ = [
    "FROZEN_WITH_ANSWERS",
    "MOVES",
    "OVER",
    "TEAMS",
    "Price",
    "State",
    "changed_keys",
    "media_type_of",
    "picture_again",
    "price",
    "require_more",
    "require_move",
    "require_not_over",
    "require_revisable",
    "require_within",
    "safe_name",
]
