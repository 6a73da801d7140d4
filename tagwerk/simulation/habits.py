"""How simulated people work: how often they are right, how fast they are, and how they are wrong."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Habit:
    """A way of working. Shares are between 0 and 1, `pace` is the share of the estimated time that a task takes."""

    name: str
    right: float  # how often a question is answered rightly
    spread: float  # by how much that differs from person to person
    pace: float
    lazy: float  # how often a wrong answer is the one that costs least: first option, left side, middle
    guesses: float  # how often a wrong answer is any answer, by chance even the right one
    optional: float  # how often an optional question is answered
    returns: float  # how often a task is given back
    copies: float = (
        0.0  # how often the answer of somebody who had the task before is taken, where there is one
    )
    follows: int = 0  # so many answers whoever stands before them must have given, before they begin
    objection: str = ""  # what they say when they are paused


EXPERT = Habit("expert", right=0.97, spread=0.02, pace=1.2, lazy=0.0, guesses=0.0, optional=1.0, returns=0.0)
GOOD = Habit("good", right=0.90, spread=0.05, pace=1.0, lazy=0.1, guesses=0.0, optional=0.9, returns=0.005)
CARELESS = Habit(
    "careless", right=0.70, spread=0.10, pace=0.6, lazy=0.5, guesses=0.3, optional=0.4, returns=0.01
)
SPAMMER = Habit("spammer", right=0.0, spread=0.0, pace=0.1, lazy=0.5, guesses=1.0, optional=0.0, returns=0.0)

# Right as often as good people, and takes four times as long: nothing is wrong with that.
SLOW = Habit(
    "slow", right=0.97, spread=0.0, pace=4.0, lazy=0.0, guesses=0.0, optional=1.0, returns=0.0, objection="I take my time and read everything twice. Slow is not wrong.",
)  # fmt: skip
# Takes what somebody before wrote for the same task, right or wrong; guesses where nobody was before.
COPIER = Habit(
    "copier", right=0.5, spread=0.0, pace=0.3, lazy=0.2, guesses=0.5, optional=1.0, returns=0.0, copies=0.98, follows=15,
)  # fmt: skip
# Errs at random and in earnest: nearly every second answer is wrong.
SLOPPY = Habit("sloppy", right=0.55, spread=0.0, pace=0.7, lazy=0.0, guesses=0.0, optional=0.5, returns=0.0)

HABITS = {habit.name: habit for habit in (EXPERT, GOOD, CARELESS, SPAMMER, SLOW, COPIER, SLOPPY)}
CHARACTERS = ("slow", "sloppy", "copier", "spammer")  # the copier has to stand behind who errs
USUAL_MIX = {"good": 0.6, "expert": 0.2, "careless": 0.2}


def habits_for(count: int, mix: dict[str, float], chance: Random) -> list[Habit]:
    """A habit for each of `count` people, in the shares of the mix (largest remainder), in random order."""
    unknown = mix.keys() - HABITS.keys()
    if unknown or not mix or sum(mix.values()) <= 0:
        raise ValueError(f"a mix names some of {', '.join(HABITS)} with their shares")
    total = sum(mix.values())
    exact = {name: count * share / total for name, share in mix.items()}
    found = {name: int(number) for name, number in exact.items()}
    by_rest = sorted(mix, key=lambda name: exact[name] - found[name], reverse=True)
    for name in by_rest[: count - sum(found.values())]:
        found[name] += 1
    people = [HABITS[name] for name, number in found.items() for _ in range(number)]
    chance.shuffle(people)
    return people


def accuracy_of(habit: Habit, chance: Random) -> float:
    """How often one person of this habit is right: each has their own, around the habit's."""
    return min(1.0, max(0.0, habit.right + chance.uniform(-habit.spread, habit.spread)))


def seconds_for(habit: Habit, estimate_seconds: float, chance: Random) -> float:
    """How long a task takes: log-normal, as people's times are (a few take very long)."""
    return estimate_seconds * habit.pace * chance.lognormvariate(0.0, 0.4)
