"""Two pairs of eyes: who begins something that moves money does not end it, where somebody else can."""

from tagwerk.base.errors import NotAllowed
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor


def acts_alone(
    *, actor: Actor, first_id: int | None, with_second_factor: bool, unconfirmed: NotAllowed, own: NotAllowed
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
    if first_id is not None and actor.person_id is not None and first_id != actor.person_id:
        return False
    others = set(accounts.operator_ids()) - {actor.person_id, first_id}
    if first_id is None and actor.person_id is not None and others:
        raise unconfirmed
    if others:
        raise own
    return True
