"""Bonuses: what one may be, how a file of them is read, and what a rule gives to whom. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tagwerk.base.errors import Conflict, Invalid, Refusal, bad_lines
from tagwerk.base.lists import columns_of, lines_of
from tagwerk.base.money import LARGEST_MICROS, micros_of, plain
from tagwerk.domain.work.rules.wages import CENT_MICROS

COLUMNS = ("worker", "answer", "amount", "reason")
MOST_LINES: Final = 4_999  # one transfer each and one for the fee: the book takes 5,000 at a time
LARGE: Final = 20  # rewards: a bonus beyond that needs a second look
LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Gift:
    """A bonus that is about to be given; `assignment_id`: for this answer."""

    worker_id: int
    reward_micros: int
    reason: str
    key: str  # within the project: the same key again is the same bonus
    assignment_id: int | None = None


@dataclass(frozen=True, slots=True)
class GiftLine:
    """A line of a file: the pseudonym of a worker or the public id of an answer, and what they get."""

    number: int
    worker: str
    answer: str
    reward_micros: int
    reason: str


def bonus_amount(text: str, *, path: str | None = "amount") -> int:
    """The amount in micros; people may write it with a comma."""
    micros = micros_of(
        text.strip().replace(",", ".") if text.count(",") == 1 and "." not in text else text.strip(),
        path=path,
    )
    if not 0 < micros <= LARGEST_MICROS:
        raise Invalid("bonus_amount", "A bonus is more than nothing.", path=path)
    return micros


def bonus_reason(text: str, *, path: str | None = "reason") -> str:
    """The reason on one line; the worker reads it."""
    said = " ".join(text.split())
    if not 1 <= len(said) <= LONGEST_REASON:
        raise Invalid(
            "bonus_reason", "Say in up to {most} characters what the bonus is for; the worker reads it.",
            path=path, most=LONGEST_REASON,
        )  # fmt: skip
    return said


def gifts_of_csv(text: str) -> list[GiftLine]:
    """The lines of a CSV with the columns amount, reason, and worker or answer (or both); all or none."""
    names = columns_of(text)
    if not {"amount", "reason"} <= names or not {"worker", "answer"} & names:
        raise Invalid(
            "bonus_columns_missing",
            "The first line must name the columns amount, reason, and worker (a pseudonym) or answer (an id).",
        )
    lines: list[GiftLine] = []
    wrong: dict[int, Refusal] = {}
    for number, given in lines_of(text, COLUMNS, most=MOST_LINES):
        try:
            lines.append(gift_line(number, given))
        except Refusal as refusal:
            wrong[number] = refusal
    if wrong:
        raise bad_lines(wrong)
    if not lines:
        raise Invalid("bonuses_none", "There is no bonus in this list.")
    return lines


def gift_line(number: int, given: Mapping[str, str]) -> GiftLine:
    """A line by its columns, or the refusal of what is wrong with it."""
    if not given["worker"] and not given["answer"]:
        raise Invalid("bonus_for_nobody", "Name a worker or an answer.")
    return GiftLine(
        number, given["worker"], given["answer"], bonus_amount(given["amount"], path=None),
        bonus_reason(given["reason"], path=None),
    )  # fmt: skip


def require_usual(gifts: Iterable[Gift], *, answer_micros: int, currency: str) -> None:
    """Refuse, until somebody has said that they are sure, what is much more than an answer pays."""
    most = LARGE * answer_micros
    large = [one for one in gifts if one.reward_micros > most]
    if large:
        raise Conflict(
            "bonus_large",
            "{count} of these bonuses are more than {times} times what an answer pays ({limit} {currency}); the largest is "
            "{largest} {currency}. Say that you are sure, or correct them.",
            count=len(large), times=LARGE, limit=plain(most), currency=currency,
            largest=plain(max(one.reward_micros for one in large)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class BonusRule:
    """Who is measured to be right at least so often, over at least so many answers, gets a share of what they earned."""

    accuracy: float
    answers: int
    share: float

    def __post_init__(self) -> None:
        if not 0 < self.accuracy <= 1 or not 0 < self.share <= 2 or self.answers < 1:
            raise Invalid(
                "bonus_rule",
                "A rule needs an accuracy of up to 100 %, at least one answer, and a share of up to 200 %.",
            )

    def gives(self, *, accuracy: float | None, answers: int, earned_micros: int) -> int:
        """The bonus in micros, rounded down to the cent; 0: none."""
        if accuracy is None or accuracy < self.accuracy or answers < self.answers:
            return 0
        return round(earned_micros * self.share) // CENT_MICROS * CENT_MICROS
