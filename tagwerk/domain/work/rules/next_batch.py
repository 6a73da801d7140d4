"""Whether one batch of labels more is worth its price, from how right a model was with fewer. Pure.

Advice about the next batch, and nothing more than that: no number of labels is promised for any target
(`inference.learning_curve` says why).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tagwerk.base.errors import Invalid
from tagwerk.inference import learning_curve
from tagwerk.inference.learning_curve import (
    LEAST_POINTS,
    LEAST_REPEATS,
    MOST_AHEAD,
    Advice,
    TooFewPointsError,
)

MOST_LINES = 1_000
LARGEST = 1_000_000_000
POINT = 0.01

Point = tuple[int, float]
_LINE = re.compile(r"([0-9]{1,12})\s*[;,\t ]\s*([0-9]{1,3}(?:[.,][0-9]{1,12})?)\s*(%?)")


@dataclass(frozen=True, slots=True)
class NextBatch:
    """`cost_micros`: of the batch; `per_point_micros`: what one point of accuracy costs in it, None where it brings none."""

    advice: Advice
    cost_micros: int
    per_point_micros: int | None


def next_batch(
    points: Sequence[Point], *, more: int, label_micros: int, target: float | None = None
) -> NextBatch:
    """What `more` labels bring and cost; refused where the points say too little or where it is too far ahead."""
    largest = max((size for size, _ in points), default=0)
    most = round((MOST_AHEAD - 1) * largest)
    try:
        if largest and not 1 <= more <= most:
            raise Invalid(
                "curve_too_far", "From here, the curve says something of at most {most} labels more.", path="more", most=most
            )  # fmt: skip
        found = learning_curve.advise(points, more, target=target)
    except TooFewPointsError as error:
        raise Invalid(
            "curve_too_few",
            "At least {points} numbers of labels are needed, each measured {repeats} times or more (other seeds or folds). "
            "There are {there} with {least} at least.",
            path="points", points=LEAST_POINTS, repeats=LEAST_REPEATS, there=error.points, least=error.repeats,
        ) from None  # fmt: skip
    except ValueError:
        raise Invalid("curve_point", "A point is a number of labels from 1 on and an accuracy from 0 to 1.", path="points") from None  # fmt: skip
    cost = more * label_micros
    gain = found.gain.value
    return NextBatch(found, cost, round(cost * POINT / gain) if gain > 0 else None)


def read_points(text: str) -> list[Point]:
    """Lines of labels and accuracy, with comma, semicolon, tab or blanks between: "400;0,83", "400,83%". A first line of
    names is left out; a number above 1 is per cent."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise Invalid("curve_too_many", "No more than {most} points.", path="points", most=MOST_LINES)
    found = []
    for number, line in enumerate(lines, 1):
        point = _point(line)
        if point is not None:
            found.append(point)
        elif number > 1 or any(sign.isdigit() for sign in line):
            raise Invalid(
                "curve_line", "Line {number} is not “labels, accuracy”, such as 400, 0.83.", path="points", number=number
            )  # fmt: skip
    return found


def _point(line: str) -> Point | None:
    fits = _LINE.fullmatch(line)
    if fits is None:
        return None
    labels, accuracy = int(fits[1]), float(fits[2].replace(",", "."))
    accuracy = accuracy / 100 if fits[3] or accuracy > 1.0 else accuracy
    return (labels, accuracy) if 1 <= labels <= LARGEST and accuracy <= 1.0 else None
