"""Control rules: what is looked at of a worker's answers, under which conditions, and what then happens by itself.

A rule never refuses an answer and never takes pay away. The catalogue says which actions each collector may have:
speed only ever leads to a look, and skips only ever lead to an offer of other work.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from tagwerk.base.money import micros_of
from tagwerk.domain.designs.rules.amounts import Amount
from tagwerk.domain.designs.rules.near import did_you_mean
from tagwerk.domain.designs.rules.question import Part, wrong

Collector = Literal[
    "guessing", "gold", "agreement", "decisions", "speed", "count", "signals", "skips", "day", "income"
]
Action = Literal[
    "pause", "signal", "review", "more_answers", "grant", "revoke", "offer_other_work", "limit_today"
]  # fmt: skip
SignalKind = Literal["copying", "streak", "straight_lining", "pasted"]
LONGEST_LOOK: Final = 200  # answers of a worker that a rule can look back at
REVIEWED_NEXT: Final = 20  # answers that come next, of whom a rule sends to review
SKIPS_COUNT_BELOW: Final = 2  # the sensitivity from which a skip is nobody's business
_SHARE: Final = ("share_below", "share_from")


@dataclass(frozen=True, slots=True)
class Collecting:
    """What a collector can be asked, and what may follow from it. `needs`: each of them; `one_of`: just one of these."""

    says: str
    actions: tuple[Action, ...]
    needs: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


CATALOGUE: Final[Mapping[str, Collecting]] = {
    "guessing": Collecting(
        "It is this sure (`sure`, without it 0.95), after so many answers to gold of one question (`answers`, without it "
        "8), that somebody does little better than chance there",
        ("pause", "signal", "review", "more_answers"), may=("answers", "sure", "question"),
    ),
    "gold": Collecting(
        "The share of right answers among those to gold: all of them, or the newest (`last`)",
        ("pause", "signal", "review", "more_answers", "grant", "revoke"),
        needs=("answers",), one_of=_SHARE, may=("last", "question"),
    ),
    "agreement": Collecting(
        "The share of answers that are the same as the result, of tasks that are done and had answers of others too, among "
        "the newest (`last`, without it 100)",
        ("pause", "signal", "review", "more_answers", "grant", "revoke"),
        needs=("answers",), one_of=_SHARE, may=("last", "question"),
    ),
    "decisions": Collecting(
        "The share of approved answers among those that are approved or rejected, among the newest (`last`, without it 100)",
        ("pause", "signal", "review", "grant", "revoke"), needs=("answers",), one_of=_SHARE, may=("last",),
    ),
    "speed": Collecting(
        "How many times faster somebody is than others at the same tasks (the median of the newest answers; `answers`, "
        "without it 20), not mostly one person. It is looked at by people and never more: fast can be good",
        ("signal", "review"), needs=("times_faster",), may=("answers",),
    ),
    "count": Collecting(
        "So many answers (`answers`), altogether or within so many minutes (`minutes`)",
        ("signal", "review", "grant"), needs=("answers",), may=("minutes",),
    ),
    "signals": Collecting(
        "A signal of this kind was found and nobody has dismissed it", ("pause", "review", "more_answers"), needs=("signal",)
    ),
    "skips": Collecting(
        "So many tasks skipped one after another. In sensitive projects (from 2) skips are not counted",
        ("offer_other_work",), needs=("in_a_row",),
    ),
    "day": Collecting("So many answers on one day, midnight to midnight where the worker is", ("limit_today",), ("answers",)),
    "income": Collecting("What the answers of one day pay", ("limit_today",), ("per_day",)),
}  # fmt: skip


class Rule(Part):
    """One control rule: when all its conditions hold for a worker, its action follows by itself. The worker reads the
    rule and the figures, and can object to a pause."""

    collector: Collector = Field(description="What is looked at; the table below says what each can be asked")
    answers: int | None = Field(None, ge=1, le=100_000, description="So many answers at least")
    last: int | None = Field(None, ge=5, le=LONGEST_LOOK, description="Only the newest so many count")
    share_below: Annotated[float, Field(gt=0, lt=1)] | None = Field(
        None, description="The share is less than this, such as `0.7`"
    )
    share_from: Annotated[float, Field(gt=0, le=1)] | None = Field(
        None, description="The share is this or more"
    )
    sure: float | None = Field(None, ge=0.5, lt=1, description="How sure it has to be that somebody guesses")
    question: str | None = Field(
        None, max_length=80, description="Only this question; without it, all together"
    )
    times_faster: float | None = Field(None, ge=1.5, le=100, description="Faster than others by this factor")
    minutes: int | None = Field(None, ge=1, le=10_080, description="Within so many minutes")
    in_a_row: int | None = Field(None, ge=2, le=100, description="One after another")
    per_day: Amount | None = Field(
        None, description='The most that a day\'s answers may pay, such as `"20.00"`'
    )
    signal: SignalKind | None = Field(None, description="Which signal")
    action: Action = Field(description="What follows; the table below says what may follow from what")
    until: Literal["review", "test"] = Field(
        "review",
        description="Of a pause: until a member has looked, or until the entry test of `qualification` is passed again",
    )
    qualification: str | None = Field(
        None,
        pattern=r"^[a-z0-9][a-z0-9-]*$",
        max_length=60,
        description="A qualification of your own organisation: to grant or revoke, or whose entry test ends a pause",
    )
    score: int | None = Field(None, ge=0, le=100, description="Of a grant; without it, 100")
    next: int | None = Field(
        None,
        ge=1,
        le=1000,
        description="Of a review: so many of the answers that come next, beside all that wait; without it, 20",
    )

    @model_validator(mode="after")
    def _fits_the_catalogue(self) -> Self:
        known = CATALOGUE[self.collector]
        if self.action not in known.actions:
            raise wrong(
                "“{action}” cannot follow from “{collector}”; it is one of {possible}",
                action=self.action, collector=self.collector, possible=", ".join(known.actions),
            )  # fmt: skip
        self._conditions_fit(known)
        self._action_is_whole()
        return self

    def _conditions_fit(self, known: Collecting) -> None:
        given = [name for name in CONDITIONS if getattr(self, name) is not None]
        possible = (*known.needs, *known.one_of, *known.may)
        for name in given:
            if name not in possible:
                raise wrong(
                    "“{name}” says nothing about “{collector}”; it can be asked: {possible}{near}",
                    name=name, collector=self.collector, possible=", ".join(possible), near=did_you_mean(name, possible),
                )  # fmt: skip
        for name in known.needs:
            if name not in given:
                raise wrong("“{name}” is missing for “{collector}”", name=name, collector=self.collector)
        if known.one_of and sum(name in given for name in known.one_of) != 1:
            raise wrong(
                "“{collector}” needs one of: {possible}",
                collector=self.collector,
                possible=", ".join(known.one_of),
            )
        if self.last is not None and self.answers is not None and self.last < self.answers:
            raise wrong("“last” ({last}) is less than “answers” ({answers}), so it could never hold",
                        last=self.last, answers=self.answers)  # fmt: skip

    def _action_is_whole(self) -> None:
        needs_one = self.action in ("grant", "revoke") or (self.action == "pause" and self.until == "test")
        if needs_one and self.qualification is None:
            raise wrong("“qualification” is missing: name the one that this is about")
        if self.qualification is not None and not needs_one:
            raise wrong("“qualification” says nothing here; leave it out")
        if self.until == "test" and self.action != "pause":
            raise wrong("“until” belongs to a pause")
        if self.score is not None and self.action != "grant":
            raise wrong("“score” belongs to a grant")
        if self.next is not None and self.action != "review":
            raise wrong("“next” belongs to a review")

    @property
    def reviewed_next(self) -> int:
        """Of a review: how many of the answers that come next."""
        return self.next or REVIEWED_NEXT

    @property
    def least(self) -> int:
        """So many answers at least, before the rule says anything."""
        return self.answers or {"guessing": 8, "speed": 20}.get(self.collector, 1)

    @property
    def window(self) -> int:
        """How many of the newest answers count."""
        return self.last or {"agreement": 100, "decisions": 100}.get(self.collector, LONGEST_LOOK)

    @property
    def key(self) -> str:
        """The same for the same rule, whatever its place in the list."""
        said = json.dumps(self.model_dump(mode="json", exclude_none=True), sort_keys=True)
        return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


CONDITIONS: Final = (
    "answers", "last", "share_below", "share_from", "sure", "question", "times_faster", "minutes", "in_a_row", "per_day",
    "signal",
)  # fmt: skip
GUESSING: Final = Rule(collector="guessing", answers=8, sure=0.95, action="pause")


def answers_a_day(rules: list[Rule], reward_micros: int) -> int | None:
    """The most answers that the rules let somebody hand in on one day; None: as many as they like. A limit of income is
    one of answers, because all answers of a project pay the same; it is never more than the limit, and never none."""
    limits = [rule.answers for rule in rules if rule.collector == "day" and rule.answers]
    if reward_micros:
        limits += [max(1, micros_of(rule.per_day) // reward_micros) for rule in rules if rule.per_day]
    return min(limits, default=None)
