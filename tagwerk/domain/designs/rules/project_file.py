"""The project file: the one format that pages, command line, API and documentation all speak."""

from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic import Field, field_serializer, field_validator

from tagwerk.base.money import micros_of
from tagwerk.domain.designs.rules import when
from tagwerk.domain.designs.rules.amounts import Amount
from tagwerk.domain.designs.rules.control import answers_a_day
from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.domain.designs.rules.parts import (
    Answers,
    Audience,
    Block,
    Duration,
    From,
    Hold,
    LanguageTag,
    Quality,
    seconds_of,
)
from tagwerk.domain.designs.rules.pay import Pay
from tagwerk.domain.designs.rules.question import Part, QuestionOptions, wrong

if TYPE_CHECKING:
    AnyQuestion = QuestionOptions
else:  # each kind brings its own options; "kind" says which they are
    _KINDS = tuple(kind.Options for kind in KINDS.values())
    AnyQuestion = Annotated[Union[_KINDS], Field(discriminator="kind")]  # noqa: UP007

MOST_QUESTIONS = 100
START_TIMES, START_TASKS, MOST_GOLD_BP = 4, 20, 5_000  # the gold of who is new, where the file does not say


class DesignPart(Part):
    """What a task shows and asks."""

    language: LanguageTag = Field(
        description="The language of the texts (BCP 47), such as `de-DE`; `mul` for several"
    )
    instructions: str = Field(
        "", max_length=100_000, description="Markdown; versioned: every answer carries the version"
    )
    show: list[Block] = Field(
        min_length=1, max_length=100, description="What the worker sees, in order; values are Liquid"
    )
    ask: dict[str, AnyQuestion] = Field(
        min_length=1, max_length=MOST_QUESTIONS, description="Name → question, in order"
    )
    decides: list[str] | None = Field(
        None,
        description="The questions whose certainty ends a task; without it, all required choice, rating and comparison "
        "questions without `when`",
    )

    @field_validator("ask", mode="before")
    @classmethod
    def _ask_from_list(cls, ask: Any) -> Any:
        if not isinstance(ask, list):
            return ask
        found: dict[str, Any] = {}
        for item in ask:
            if not isinstance(item, dict) or len(item) != 1 or not found.keys().isdisjoint(item):
                raise wrong("“ask” is a map from name to question, each name once")
            found |= item
        return found

    @field_serializer("ask")
    def _ask_to_list(self, ask: dict[str, QuestionOptions]) -> list[dict[str, Any]]:
        # A list, because a JSON object in PostgreSQL forgets the order of its keys.
        return [
            {name: question.model_dump(mode="json", exclude_defaults=True)} for name, question in ask.items()
        ]


def gold_cost_bp(share_bp: int, start_bp: int) -> int:
    """The share of gold for which money is set aside: that of a worker who does twice as many tasks as the start lasts, with
    half of them at a share that falls evenly from `start_bp`."""
    return share_bp + max(0, start_bp - share_bp) // 4


class ProjectFile(DesignPart):
    """A whole project file."""

    title: str = Field(min_length=1, max_length=200, description="What workers and members read in lists")
    quality: Quality = Field(default_factory=Quality, description="How sure a result has to be")
    pay: Pay = Field(
        default_factory=lambda: Pay(per="none"), description="What an answer is paid; without it, nothing"
    )
    budget: Amount | None = Field(
        None,
        description='The most that may be spent, such as `"500.00"`; without it, the largest possible cost',
    )
    audience: Audience = Field(
        default_factory=Audience, description="Who may work on it; without it, everybody"
    )
    hold: Hold = Field(default_factory=Hold, description="How many tasks a worker may hold, and for how long")
    approve_after: Duration = Field(
        "3 days",
        description="When an answer that nobody rejected is approved: at most `7 days` where it is paid, and never later once the project is launched",
    )
    sensitivity: int = Field(
        0,
        ge=0,
        le=4,
        description="0 to 4; from 2 on, warning and consent before the first task, stop with pay",
    )
    api_work: bool = Field(
        False, description="Whether people may work by API; model workers and simulations always may"
    )
    from_: From | None = Field(None, alias="from", description="A stage: where the tasks come from")
    pilot: int | None = Field(None, ge=1, le=1_000_000, description="Only this many tasks at first")

    @property
    def design(self) -> DesignPart:
        """Only what the design holds."""
        return DesignPart.model_construct(**{name: getattr(self, name) for name in DesignPart.model_fields})

    @property
    def answers(self) -> Answers:
        """How many answers a task gets."""
        return self.quality.answers

    @property
    def paid(self) -> bool:
        """Whether this project is about money at all."""
        return self.pay.per != "none"

    @property
    def budget_micros(self) -> int | None:
        """The budget in micros of the currency."""
        return None if self.budget is None else micros_of(self.budget)

    @property
    def approve_after_seconds(self) -> int:
        """`approve_after` in seconds."""
        return seconds_of(self.approve_after)

    @property
    def hold_seconds(self) -> int:
        """`hold.minutes` in seconds."""
        return self.hold.minutes * 60

    @property
    def gold_share_bp(self) -> int:
        """`quality.gold_share` in basis points."""
        return round(self.quality.gold_share * 10_000)

    @property
    def gold_start_bp(self) -> int:
        """The share of gold among a worker's very first tasks, in basis points; 0 without gold."""
        start = self.quality.gold_start
        if start is not None and self.gold_share_bp:
            return max(self.gold_share_bp, round(start.share * 10_000))
        return min(START_TIMES * self.gold_share_bp, MOST_GOLD_BP)

    @property
    def gold_start_tasks(self) -> int:
        """After so many tasks of a worker, the share is `gold_share`."""
        return self.quality.gold_start.tasks if self.quality.gold_start else START_TASKS

    @property
    def answers_a_day(self) -> int | None:
        """The most answers that somebody may hand in on one day, by the control rules; None: as many as they like."""
        return answers_a_day(self.quality.rules, self.pay.reward_micros)

    @property
    def source_when(self) -> Any:
        """The parsed condition of a stage; None: everything."""
        return when.parse(self.from_.when) if self.from_ and self.from_.when else None
