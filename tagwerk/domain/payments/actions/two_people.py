"""Two pairs of eyes: who begins something that moves money does not end it, where somebody else can."""

from datetime import datetime

from tagwerk.base.errors import NotAllowed
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor


def acts_alone(
    *,
    actor: Actor,
    first_id: int | None,
    now: datetime,
    with_second_factor: bool,
    unconfirmed: NotAllowed,
    own: NotAllowed,
) -> bool:
    """Whether one person takes both steps (which is to be marked), as the only operator there is.

    `first_id`: who took the first step; None: the schedule or the console, which are nobody. `with_second_factor`: whether
    the actor has just shown one. Refuses without one; with `unconfirmed` where nobody took the first step and two people
    are there to share them; with `own` where somebody else could take the second one.
    """
    if not with_second_factor:
        raise NotAllowed(
            "second_factor_needed", "Releasing money needs your second factor; confirm it and try again."
        )
    waits = accounts.new_operator_until(actor.person_id, now)
    if waits is not None:
        raise NotAllowed(
            "operator_new",
            "You have operated this instance for less than three days, so money is released by somebody else until {until}.",
            until=f"{waits:%Y-%m-%d %H:%M} UTC",
        )
    two = first_id is not None and actor.person_id is not None and first_id != actor.person_id
    if two and accounts.new_operator_until(first_id, now) is None:
        return False
    others = accounts.second_operators(actor.person_id, now) - {first_id}
    if first_id is None and actor.person_id is not None and others:
        raise unconfirmed
    if others:
        raise own
    return True
