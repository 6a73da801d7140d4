"""The steps in which a draft is set up. Pure."""

from collections.abc import Collection

DATA, DESIGN, PEOPLE, QUALITY, PAY, CHECK, LAUNCH = STEPS = (
    "data",
    "design",
    "people",
    "quality",
    "pay",
    "check",
    "launch",
)
SAID_BY_A_FILE = (DESIGN, PEOPLE, QUALITY, PAY)  # who writes a whole project file has said all of this


def prepared_with(prepared: Collection[str], step: str) -> list[str]:
    """The steps that are kept, with one more, in their order."""
    assert step in STEPS, step
    return [one for one in STEPS if one == step or one in prepared]


def next_step(prepared: Collection[str], *, has_tasks: bool) -> str:
    """The first step that nobody has kept yet. Whether the first is done, the tasks say."""
    done = {*prepared} - {DATA} | ({DATA} if has_tasks else set())
    return next((step for step in STEPS if step not in done), LAUNCH)
