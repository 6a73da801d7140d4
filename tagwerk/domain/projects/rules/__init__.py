"""What is right for projects: their life, and the media that they show. Pure."""

from tagwerk.domain.projects.rules.agreed import (
    FEE_PLACES,
    MOST_FEE_BP,
    agreed_fee_bp,
    fee_after_revision,
    fee_for_price,
)
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
    "FEE_PLACES",
    "FROZEN_WITH_ANSWERS",
    "MOST_FEE_BP",
    "MOVES",
    "OVER",
    "QUALITY",
    "SAID_BY_A_FILE",
    "STEPS",
    "UNRESOLVED",
    "Price",
    "State",
    "agreed_fee_bp",
    "changed_keys",
    "fee_after_revision",
    "fee_for_price",
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
