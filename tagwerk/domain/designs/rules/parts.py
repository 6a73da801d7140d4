"""The pieces of a project file besides its questions; what each may hold and what it is when left out."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self

from babel import Locale
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from tagwerk.domain.designs.rules.control import GUESSING, Rule
from tagwerk.domain.designs.rules.question import Part, wrong

ENGLISH: Final = Locale("en")
LEVELS: Final = ("A1", "A2", "B1", "B2", "C1", "C2", "native")
UNITS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
KNOWN_LANGUAGES: Final = frozenset({*ENGLISH.languages, "mul", "und", "zxx", "mis"})
_TAG: Final = re.compile(
    r"(?P<language>[A-Za-z]{2,3})(?:-(?P<script>[A-Za-z]{4}))?(?:-(?P<region>[A-Za-z]{2}|\d{3}))?"
    r"(?P<rest>(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*(?:-[A-Wa-wYyZz0-9](?:-[A-Za-z0-9]{2,8})+)*)"
)
_DURATION: Final = re.compile(r"(\d{1,6})\s*([a-z]+?)s?(?:\s*,\s*|\s+and\s+|\s+|\Z)")


def language_tag(text: str) -> str:
    """A well-formed BCP 47 tag of a known language, in the usual case: de-de → de-DE."""
    match = _TAG.fullmatch(text)
    language = match["language"].lower() if match else ""
    if not match or language not in KNOWN_LANGUAGES:
        names = (Locale("de").languages, ENGLISH.languages)
        known = {name.lower(): code for languages in names for code, name in languages.items()}
        instead = known.get(text.lower(), "de-DE")
        raise wrong(
            "“{text}” is not a language tag (BCP 47); write for example “{instead}”",
            text=text,
            instead=instead,
        )
    script, region = (match["script"] or "").title(), (match["region"] or "").upper()
    return "-".join(part for part in (language, script, region) if part) + match["rest"]


def country_code(text: str) -> str:
    """An ISO 3166 code of two capital letters."""
    if len(text) != 2 or text.upper() not in ENGLISH.territories:
        known = {name.lower(): code for code, name in ENGLISH.territories.items() if len(code) == 2}
        instead = known.get(text.lower(), "DE")
        raise wrong(
            "“{text}” is not a country code (ISO 3166); write for example “{instead}”",
            text=text,
            instead=instead,
        )
    return text.upper()


def seconds_of(text: str) -> int:
    """Read a duration such as "3 days", "20 minutes" or "1 day 12 hours"."""
    place, total = 0, 0
    while match := _DURATION.match(text.strip().lower(), place):
        if match[2] not in UNITS:
            break
        total, place = total + int(match[1]) * UNITS[match[2]], match.end()
    if place != len(text.strip()) or not place:
        raise wrong(
            "“{text}” is not a duration; write for example {examples}",
            text=text,
            examples="“3 days”, “2 hours”, “20 minutes”",
        )
    return total


def _duration(text: str) -> str:
    if not 0 <= seconds_of(text) <= 366 * UNITS["day"]:
        raise wrong("“{text}” is longer than a year", text=text)
    return text.strip()


LanguageTag = Annotated[str, AfterValidator(language_tag)]
Country = Annotated[str, AfterValidator(country_code)]
Duration = Annotated[str, AfterValidator(_duration)]
Share = Annotated[float, Field(ge=0, le=1)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]


class Media(Part):
    """A picture, a sound or a film."""

    url: str = Field(
        min_length=1, description="Its address: `http(s)://…`, or `media:name` for an uploaded file; Liquid"
    )
    alt: str = Field("", max_length=2000, description="What is to be seen or heard, for who cannot; Liquid")


def _media(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) else value


class Compare(Part):
    """Two things side by side, under two names of your choice."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str]

    shuffle: bool = Field(
        True, description="Whether the sides change from assignment to assignment (recorded)"
    )
    as_: Literal["markdown", "text", "image", "audio", "video"] = Field(
        "markdown", alias="as", description="What the two sides are"
    )
    order: tuple[str, str] | None = Field(
        None,
        description="The two names in the order that `shuffle: false` shows; without it, as they are written",
    )

    @model_validator(mode="after")
    def _two_sides(self) -> Self:
        sides = list(self.__pydantic_extra__)
        if len(sides) != 2:
            raise wrong(
                "two sides are compared, here: {sides}; write {example}",
                sides=", ".join(sides) or "–",
                example='{a: "{{ answer_a }}", b: "{{ answer_b }}"}',
            )
        if self.order is not None and sorted(self.order) != sorted(sides):
            raise wrong("“order” names the two sides: {sides}", sides=", ".join(sides))
        # Kept as a list of its own: a JSON object in PostgreSQL forgets the order of its keys.
        object.__setattr__(self, "order", self.order or (sides[0], sides[1]))
        return self

    @property
    def sides(self) -> dict[str, str]:
        """Name → template, in order."""
        assert self.order is not None
        return {name: self.__pydantic_extra__[name] for name in self.order}

    def shown(self, order: str) -> tuple[str, ...]:
        """The names as they stand, left first, in an assignment of this order ("ab" or "ba")."""
        names = tuple(self.sides)
        return names[::-1] if self.shuffle and order == "ba" else names


class Block(Part):
    """One block of what a task shows: exactly one of the kinds, and a label if you like."""

    text: str | None = Field(None, description="Plain text, exactly as it is")
    markdown: str | None = Field(None, description="CommonMark with tables and highlighted code; no HTML")
    image: Annotated[Media | None, BeforeValidator(_media)] = Field(
        None, description="A picture: address, or `{url, alt}`"
    )
    audio: Annotated[Media | None, BeforeValidator(_media)] = Field(
        None, description="A sound: address, or `{url, alt}`"
    )
    video: Annotated[Media | None, BeforeValidator(_media)] = Field(
        None, description="A film: address, or `{url, alt}`"
    )
    chat: str | None = Field(None, description="A conversation: a column with a list of `{role, content}`")
    compare: Compare | None = Field(
        None, description='Two sides: `{a: "{{ answer_a }}", b: "{{ answer_b }}"}`'
    )
    label: str = Field("", max_length=500, description="A heading above the block")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [kind for kind in BLOCK_KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise wrong(
                "a block is exactly one of {kinds}; here: {here}",
                kinds=", ".join(BLOCK_KINDS),
                here=", ".join(kinds) or "–",
            )
        return self

    @cached_property
    def kind(self) -> str:
        """Which of the kinds it is."""
        return next(kind for kind in BLOCK_KINDS if getattr(self, kind) is not None)


BLOCK_KINDS: Final = ("text", "markdown", "image", "audio", "video", "chat", "compare")


class Answers(Part):
    """How many answers a task gets."""

    min: int = Field(2, ge=1, le=1000, description="Every task gets this many answers")
    max: int = Field(5, ge=1, le=1000, description="No task gets more than this many")
    confidence: float = Field(
        0.95, gt=0, lt=1, description="A task is done when each deciding question is this certain"
    )

    @model_validator(mode="before")
    @classmethod
    def _one_end_is_enough(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return (
                {"min": given, "max": given}
                if isinstance(given, int) and not isinstance(given, bool)
                else given
            )
        low, high = given.get("min", 2), given.get("max", 5)
        if isinstance(low, int) and isinstance(high, int):
            defaults = {"min": min(2, high), "max": max(5, low)}
            return {**defaults, **given}
        return given


class Review(Part):
    """Which answers members of the organisation look at. Review by paid workers is a stage (`from`)."""

    share: Share = Field(description="The share of answers that come to the review queue, 0 to 1")
    by: Literal["members"] = Field("members", description="Who reviews")
    below: Share | None = Field(
        None, description="Answers to tasks that are less certain than this always come, beyond the share"
    )
    double: Share | None = Field(
        None,
        description="The share of reviewed answers that a second reviewer gets too, without seeing the first verdict",
    )
    gold: Share | None = Field(
        None, description="The share of answers to gold that come along, to check the reviewers"
    )


class GoldStart(Part):
    """More gold for who is new to the project."""

    share: float = Field(ge=0, le=0.5, description="The share of gold among the first tasks of a worker")
    tasks: int = Field(20, ge=1, le=1000, description="After so many tasks it has fallen to `gold_share`")


class Quality(Part):
    """How sure a result has to be."""

    answers: Answers = Field(
        default_factory=Answers, description="`{min, max, confidence}`, or one number for both ends"
    )
    gold_share: float = Field(
        0.0, ge=0, le=0.5, description="The share of gold among the tasks a worker gets"
    )
    gold_start: GoldStart | None = Field(
        None,
        description="`{share, tasks}`: more gold at the start; without it, four times `gold_share` falling to it within a "
        "worker's first 20 tasks",
    )
    gold_feedback: bool = Field(
        False,
        description="For training: who answered gold sees at once whether that was right, the right answer and its explanation",
    )
    tolerance: dict[str, Any] = Field(
        default_factory=dict,
        description="Question → how near to the right answer of gold is right (see “Rows”); gold may say it for itself",
    )
    review: Review | None = Field(None, description="`{share, by}`: answers that members review")
    method: Literal["auto", "ibcc", "one_coin", "gold_vote", "majority"] = Field(
        "auto",
        description="How answers add up to a result: `auto` chooses by the answers and says why; `ibcc` and `one_coin` "
        "are fitted models of the workers, `gold_vote` weighs them by gold alone, `majority` counts all alike",
    )
    rules: list[Rule] = Field(
        default_factory=lambda: [GUESSING],
        max_length=20,
        description="What happens by itself when a worker's figures say so; without it, who clearly guesses at gold is "
        "paused until a member has looked; `[]`: nothing",
    )


class Audience(Part):
    """Who may work on it; every line narrows it down."""

    languages: dict[LanguageTag, Literal["A1", "A2", "B1", "B2", "C1", "C2", "native"]] = Field(
        default_factory=dict, description="Language → lowest level (CEFR A1 to C2, or `native`): `{de: C1}`"
    )
    countries: list[Country] = Field(
        default_factory=list, description="Countries of residence (ISO 3166): `[DE, AT, CH]`"
    )
    qualifications: dict[Slug, Annotated[int, Field(ge=0, le=100)]] = Field(
        default_factory=dict, description="Qualification → lowest score (0 to 100): `{rlhf-basics: 80}`"
    )
    team: str | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="Only this team of the organisation: `members`, `reviewers`, `managers`, `owners`, or an own one",
    )
    invited: list[str] = Field(
        default_factory=list, max_length=10_000, description="Only these people, by e-mail address"
    )

    @field_validator("invited")
    @classmethod
    def _addresses(cls, invited: Sequence[str]) -> list[str]:
        for address in invited:
            if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
                raise wrong("“{address}” is not an e-mail address", address=address)
        return [address.lower() for address in invited]


class Hold(Part):
    """How a worker holds tasks."""

    tasks: int = Field(
        2,
        ge=1,
        le=100,
        description="How many tasks a worker may hold at once; with two, the next one is fetched ahead",
    )
    minutes: int = Field(20, ge=1, le=10_080, description="For how long without activity")


class From(Part):
    """A stage: results or answers of another project become this one's tasks."""

    project: str = Field(min_length=1, max_length=200, description="The project, by id or title")
    when: str | None = Field(
        None, description='Which of them, such as `"better != 0"`; the names are that project\'s questions'
    )
    each: Literal["result", "answer", "unresolved"] = Field(
        "result",
        description="One task per result, one per answer, or one per task whose answers did not make it certain: "
        "what is found here is then its result there",
    )
