"""The small language of `when`: parsed once to JSON, interpreted here and in the browser alike.

Question names, literals (numbers, texts, true, false, null), `== != < <= > >= in and or not ( )`, nothing else.
A comparison with a question that has no answer is unknown, and so is what depends on it (Kleene's three values,
as in SQL); only a true condition holds. `== null` and `!= null` ask whether there is an answer. The table of cases
in `tests/domain/designs/when_cases.json` binds both interpreters (`interfaces/web/answers/when.js` is the other).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tagwerk.base.errors import Invalid

LONGEST: Final = 1000
DEEPEST: Final = 20
LITERALS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
WORDS: Final = frozenset({"and", "or", "not", "in", *LITERALS})
ORDERINGS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
COMPARISONS: Final = frozenset({"==", "!=", "in", "not in", *ORDERINGS})
_INSTEAD: Final = {"=": "==", "&": "and", "|": "or", "!": "not", "[": "(", "]": ")", "{": "(", "}": ")"}

_EXAMPLE: Final = "better != 0"

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>-?\d{1,15}(?:\.\d{1,15})?(?![\w.]))
      | (?P<text>"(?:[^"\\]|\\["'\\])*"|'(?:[^'\\]|\\["'\\])*')
      | (?P<word>[^\W\d]\w*)
      | (?P<sign>==|!=|<=|>=|[<>(),])
      | (?P<end>\Z)
      | (?P<wrong>\S)
    )""",
    re.VERBOSE,
)

type_name = {bool: "bool", int: "number", float: "number", str: "text"}


def parse(text: str) -> Any:
    """A condition as JSON: ["and", …], ["==", {"name": …}, {"value": …}] …; Invalid says what is wrong and where."""
    if len(text) > LONGEST:
        raise Invalid("when_wrong", "The condition is longer than {longest} characters.", longest=LONGEST)
    return _Parser(text).whole()


def evaluate(condition: Any, answers: Mapping[str, Any]) -> bool:
    """Whether a parsed condition holds for these answers (question → value; missing or null is no answer)."""
    return _truth(condition, answers) is True


def names(condition: Any) -> frozenset[str]:
    """The questions that a parsed condition looks at."""
    return frozenset(part["name"] for part in _parts(condition) if isinstance(part, dict) and "name" in part)


def comparisons(condition: Any) -> Iterator[list[Any]]:
    """Each comparison in it, as [sign, operand, operand]."""
    return (part for part in _parts(condition) if isinstance(part, list) and part[0] in COMPARISONS)


def _parts(condition: Any) -> Iterator[Any]:
    yield condition
    if isinstance(condition, list):
        for part in condition[1:]:
            yield from _parts(part)


# --- interpreting ---------------------------------------------------------------------------------------------------


def _truth(node: Any, answers: Mapping[str, Any]) -> bool | None:
    if isinstance(node, dict):
        return bool(node["value"])
    sign, *rest = node
    if sign == "not":
        inner = _truth(rest[0], answers)
        return None if inner is None else not inner
    if sign in ("and", "or"):
        decisive: bool = sign == "or"
        values = [_truth(part, answers) for part in rest]
        if decisive in values:
            return decisive
        return None if None in values else not decisive
    return _compare(sign, _operand(rest[0], answers), _operand(rest[1], answers), rest)


def _operand(node: dict[str, Any], answers: Mapping[str, Any]) -> Any:
    if "name" in node:
        return _plain(answers.get(node["name"]))
    return node["value"] if "value" in node else node["list"]


def _plain(value: Any) -> Any:
    """An answer as conditions see it: nothing is null, something else than the options is "other"."""
    if isinstance(value, dict):
        return "other" if "other" in value else None
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value] or None
    return None if value == "" else value


def _compare(sign: str, left: Any, right: Any, nodes: list[Any]) -> bool | None:
    if sign in ("==", "!=") and {"value": None} in nodes:  # asks for the absence itself
        return (left == right) is (sign == "==")
    if left is None or right is None or isinstance(left, list):
        return None
    if sign in ("in", "not in"):
        return any(_same(left, item) for item in right) is (sign == "in") if isinstance(right, list) else None
    if isinstance(right, list):
        return None
    if sign in ("==", "!="):
        return _same(left, right) is (sign == "==")
    numbers = type_name.get(type(left)) == type_name.get(type(right)) == "number"
    return bool(ORDERINGS[sign](left, right)) if numbers else None


def _same(left: Any, right: Any) -> bool:
    return type_name.get(type(left)) == type_name.get(type(right)) and bool(left == right)


# --- parsing --------------------------------------------------------------------------------------------------------


class _Parser:
    """Recursive descent over one text; `not` binds tighter than `and`, `and` tighter than `or`."""

    def __init__(self, text: str) -> None:
        self.text, self.place, self.depth = text, 0, 0
        self.advance()

    def advance(self) -> None:
        match = _TOKEN.match(self.text, self.place)
        assert match is not None and match.lastgroup is not None
        self.sort, self.token = match.lastgroup, match[match.lastgroup]
        self.start, self.place = match.start(match.lastgroup), match.end()
        if self.sort == "wrong":
            raise self.refusal(self.token)

    def refusal(self, token: str) -> Invalid:
        place = self.start + 1
        if token in _INSTEAD:
            return Invalid(
                "when_wrong",
                "At character {place}: “{token}” is not known here; write “{instead}”.",
                place=place,
                token=token,
                instead=_INSTEAD[token],
            )
        if token[:1] in ('"', "'") and token:
            return Invalid(
                "when_wrong", "At character {place}: the text in quotation marks does not end.", place=place
            )
        if not token:
            return Invalid(
                "when_wrong",
                "It ends too early, at character {place}; a condition looks like: {example}",
                place=place,
                example=_EXAMPLE,
            )
        return Invalid(
            "when_wrong",
            "At character {place}: “{token}” does not fit; a condition looks like: {example}",
            place=place,
            token=token,
            example=_EXAMPLE,
        )

    def whole(self) -> Any:
        found = self.chain("or")
        if self.sort != "end":
            raise self.refusal(self.token)
        return found

    def taken(self, *tokens: str) -> str | None:
        if self.sort in ("word", "sign") and self.token in tokens:
            found = self.token
            self.advance()
            return found
        return None

    def chain(self, word: str) -> Any:
        parts = [self.chain("and") if word == "or" else self.negation()]
        while self.taken(word):
            parts.append(self.chain("and") if word == "or" else self.negation())
        return parts[0] if len(parts) == 1 else [word, *parts]

    def negation(self) -> Any:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Invalid(
                "when_wrong", "The condition is nested deeper than {deepest} levels.", deepest=DEEPEST
            )
        found = ["not", self.negation()] if self.taken("not") else self.group_or_comparison()
        self.depth -= 1
        return found

    def group_or_comparison(self) -> Any:
        if self.taken("("):
            found = self.chain("or")
            if not self.taken(")"):
                raise self.refusal(self.token)
            return found
        start = self.start
        left = self.operand()
        sign = self.sign()
        if sign is None:
            return self.alone(left, start)
        right = self.several() if sign in ("in", "not in") else self.operand()
        self.check_order(sign, left, right)
        return [sign, left, right]

    def sign(self) -> str | None:
        if self.taken("not"):
            if not self.taken("in"):
                raise self.refusal(self.token)
            return "not in"
        return self.taken("==", "!=", "<=", ">=", "<", ">", "in")

    def alone(self, operand: dict[str, Any], start: int) -> Any:
        if isinstance(operand.get("value"), bool):
            return operand
        shown = operand.get("name", operand.get("value"))
        raise Invalid(
            "when_wrong",
            "At character {place}: {shown} stands alone; say what to compare it with, such as “{shown} != null”.",
            place=start + 1,
            shown=shown,
        )

    def check_order(self, sign: str, left: dict[str, Any], right: dict[str, Any]) -> None:
        if "name" not in left and "name" not in right:
            raise Invalid(
                "when_wrong", "A comparison of two fixed values is always the same; name a question."
            )
        values = [side["value"] for side in (left, right) if "value" in side]
        if sign in ORDERINGS and any(type_name.get(type(value)) != "number" for value in values):
            raise Invalid(
                "when_wrong", "Only numbers can be compared with “{sign}”; use == or !=.", sign=sign
            )

    def operand(self) -> dict[str, Any]:
        if self.sort == "word" and (self.token in LITERALS or self.token not in WORDS):
            found: dict[str, Any] = (
                {"value": LITERALS[self.token]} if self.token in LITERALS else {"name": self.token}
            )
        elif self.sort == "number":
            found = {"value": float(self.token) if "." in self.token else int(self.token)}
        elif self.sort == "text":
            found = {"value": re.sub(r"\\(.)", r"\1", self.token[1:-1])}
        else:
            raise self.refusal(self.token)
        self.advance()
        return found

    def several(self) -> dict[str, Any]:
        if not self.taken("("):
            return self.operand()
        found = [self.literal()]
        while self.taken(","):
            found.append(self.literal())
        if not self.taken(")"):
            raise self.refusal(self.token)
        return {"list": found}

    def literal(self) -> Any:
        token, operand = self.token, self.operand()
        if operand.get("value") is None:
            raise self.refusal(token)
        return operand["value"]
