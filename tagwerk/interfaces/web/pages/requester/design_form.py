"""A design as a form: from a project file to fields, and from posted fields back to the file. What the form does not
have (conditions, patterns, sides of other names) stays in the file as it is."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tagwerk.domain.designs.rules.parts import BLOCK_KINDS
from tagwerk.interfaces.web.pages.requester.file_form import Problem
from tagwerk.interfaces.web.pages.requester.starting import first_question

Plain = dict[str, Any]
BLOCKS = {
    "text": gettext_noop("Text as it is"),
    "markdown": gettext_noop("Formatted text"),
    "image": gettext_noop("Picture"),
    "audio": gettext_noop("Sound"),
    "video": gettext_noop("Film"),
    "chat": gettext_noop("Conversation"),
    "compare": gettext_noop("Two side by side"),
}
QUESTIONS = {
    "choice": gettext_noop("Choice"),
    "rating": gettext_noop("Rating"),
    "comparison": gettext_noop("Comparison"),
    "text": gettext_noop("Text"),
}
MOST_LINES = 100
MEDIA = ("image", "audio", "video")


@dataclass
class BlockLine:
    """A block of what is shown; `values` are one text, or two of a comparison."""

    number: int
    kind: str
    label: str
    values: list[str]
    side_kind: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.number)

    @property
    def kind_label(self) -> str:
        return _(BLOCKS[self.kind])


@dataclass
class QuestionLine:
    """A question; `options` are those of its kind, as texts for fields."""

    number: int
    name: str
    kind: str
    label: str
    help: str
    required: bool
    options: dict[str, Any]
    more: list[str]  # options that only the file shows
    problems: list[Problem] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.number)

    @property
    def kind_label(self) -> str:
        return _(QUESTIONS[self.kind])


@dataclass
class DesignLines:
    """All fields of a design."""

    title: str
    language: str
    instructions: str
    blocks: list[BlockLine]
    questions: list[QuestionLine]


# --- from the file ---------------------------------------------------------------------------------------------------


def lines_of(file: Plain, problems: Sequence[Problem] = ()) -> DesignLines:
    """The fields for a file that was read, with what is wrong at its place."""
    blocks = [_block_line(number, block) for number, block in enumerate(file.get("show") or [])]
    questions = [
        _question_line(number, name, options)
        for number, (name, options) in enumerate((file.get("ask") or {}).items())
    ]
    for block in blocks:
        block.problems = [one for one in problems if _is_at(one.path, f"show[{block.number}]")]
    for question in questions:
        question.problems = [one for one in problems if _is_at(one.path, f"ask.{question.name}")]
    return DesignLines(
        str(file.get("title", "")),
        str(file.get("language", "")),
        str(file.get("instructions", "")),
        blocks,
        questions,
    )


def _is_at(path: str, place: str) -> bool:
    return path == place or path.startswith((f"{place}.", f"{place}["))


def _block_line(number: int, block: Plain) -> BlockLine:
    kind = next((kind for kind in BLOCK_KINDS if kind in block), "text")
    value = block.get(kind, "")
    label = str(block.get("label", ""))
    if kind == "compare":
        return BlockLine(number, kind, label, list(_sides(value).values()), str(value.get("as", "markdown")))
    return BlockLine(number, kind, label, [_address(value)])


def _address(value: Any) -> str:
    return str(value.get("url", "")) if isinstance(value, dict) else str(value)


def _sides(compare: Plain) -> dict[str, str]:
    return {name: str(text) for name, text in compare.items() if name not in ("shuffle", "as", "order")}


def _question_line(number: int, name: str, options: Plain) -> QuestionLine:
    kind = str(options.get("kind", ""))
    kind = kind if kind in QUESTIONS else "text"
    known = {"kind", "label", "help", "required", *FIELDS[kind]}
    return QuestionLine(
        number, name, kind, str(options.get("label", "")), str(options.get("help", "")),
        options.get("required", True) is not False, _READ[kind](options), [one for one in options if one not in known],
    )  # fmt: skip


FIELDS: Mapping[str, tuple[str, ...]] = {
    "choice": ("options", "many", "other"),
    "rating": ("scale", "labels"),
    "comparison": ("of", "scale", "tie"),
    "text": ("min_words", "max_words", "lines"),
}


def _read_choice(options: Plain) -> dict[str, Any]:
    given = options.get("options") or []
    pairs = given.items() if isinstance(given, dict) else [_pair(one) for one in given]
    lines = [value if value == label else f"{value} = {label}" for value, label in pairs]
    return {
        "options": "\n".join(lines), "rows": min(12, max(3, len(lines) + 1)), "many": bool(options.get("many")),
        "other": bool(options.get("other")),
    }  # fmt: skip


def _pair(option: Any) -> tuple[str, str]:
    if isinstance(option, dict):
        return next(((str(value), str(label)) for value, label in option.items()), ("", ""))
    return str(option), str(option)


def _read_rating(options: Plain) -> dict[str, Any]:
    scale = options.get("scale")
    labels = {str(value): text for value, text in (options.get("labels") or {}).items()}
    return {"scale": scale or "", "low": labels.get("1", ""), "high": labels.get(str(scale), "")}


def _read_comparison(options: Plain) -> dict[str, Any]:
    return {
        "scale": options.get("scale", 5),
        "tie": options.get("tie", True) is not False,
        "scales": (3, 5, 7),
    }


def _read_text(options: Plain) -> dict[str, Any]:
    return {name: options.get(name, "") for name in ("min_words", "max_words")} | {
        "lines": options.get("lines", 3)
    }


_READ: Mapping[str, Callable[[Plain], dict[str, Any]]] = {
    "choice": _read_choice,
    "rating": _read_rating,
    "comparison": _read_comparison,
    "text": _read_text,
}

# --- from the form ---------------------------------------------------------------------------------------------------

Posted = Mapping[str, str]


def file_of(base: Plain, posted: Posted) -> Plain:
    """The file with what the fields say; all else stays."""
    changed = {**base}
    for name in ("title", "language", "instructions"):
        if name in posted:
            changed[name] = posted[name].replace("\r\n", "\n").strip()
    if not changed.get("instructions"):
        changed.pop("instructions", None)
    shown = [_block_of(number, block, posted) for number, block in enumerate(base.get("show") or [])]
    changed["show"] = shown
    renamed: dict[str, str] = {}
    asked: Plain = {}
    for number, (name, options) in enumerate((base.get("ask") or {}).items()):
        new = posted.get(f"ask-{number}-name", name).strip() or name
        new = new if new not in asked else name
        renamed[name] = new
        asked[new] = _question_of(number, options, posted)
    changed["ask"] = asked
    if isinstance(base.get("decides"), list):
        changed["decides"] = [renamed.get(name, name) for name in base["decides"]]
    return changed


def _block_of(number: int, block: Plain, posted: Posted) -> Plain:
    line = _block_line(number, block)
    kind = posted.get(f"show-{number}-kind", line.kind)
    kind = kind if kind in BLOCKS else line.kind
    values = [posted.get(f"show-{number}-{place}", value) for place, value in enumerate(line.values)]
    made: Plain = {
        kind: _shown(kind, line.kind, block.get(line.kind), values, posted.get(f"show-{number}-as", ""))
    }
    if label := posted.get(f"show-{number}-label", line.label).strip():
        made["label"] = label
    return made


def _shown(kind: str, was: str, old: Any, values: list[str], side_kind: str) -> Any:
    """What stands behind the kind of a block, what the form does not have (`alt`, `shuffle`) as it was."""
    if kind == "compare":
        names = list(_sides(old)) if was == "compare" else ["a", "b"]
        sides = dict(zip(names, [*values, values[-1]][:2], strict=True))
        kept = {name: old[name] for name in ("shuffle", "order") if name in old} if was == "compare" else {}
        return {**sides, **kept, **({"as": side_kind} if side_kind else {})}
    if kind in MEDIA and was == kind and isinstance(old, dict):
        return {**old, "url": values[0]}
    return values[0]


def _question_of(number: int, options: Plain, posted: Posted) -> Plain:
    if f"ask-{number}-label" not in posted:  # the form did not have it
        return options
    kind = str(options.get("kind"))
    given = {
        name: posted.get(f"ask-{number}-{name}", "").strip()
        for name in ("label", "help", *NAMES.get(kind, ()))
    }
    said = {name: given[name] for name in ("label", "help") if given[name]}
    rest = {
        name: value for name, value in options.items() if name not in ("kind", "label", "help", "required")
    }
    made = {"kind": options.get("kind"), **said, **rest}
    if f"ask-{number}-required" not in posted:
        made["required"] = False
    if kind in _WRITE:
        _WRITE[kind](made, given)
    return made


NAMES: Mapping[str, tuple[str, ...]] = {
    "choice": ("options", "many", "other"),
    "rating": ("scale", "low", "high"),
    "comparison": ("scale", "tie"),
    "text": ("min_words", "max_words", "lines"),
}


def _write_choice(made: Plain, given: Posted) -> None:
    lines = [line.strip() for line in given["options"].splitlines() if line.strip()][:500]
    pairs = [re.split(r"\s+=\s+", line, maxsplit=1) for line in lines]
    made["options"] = [pair[0] if len(pair) == 1 else {pair[0]: pair[1]} for pair in pairs]
    for name in ("many", "other"):
        _flag(made, name, bool(given[name]), default=False)


def _write_rating(made: Plain, given: Posted) -> None:
    if not given["scale"]:
        return
    made["scale"] = _number(given["scale"])
    labels = {str(value): text for value, text in (made.get("labels") or {}).items()}
    for place, text in (("1", given["low"]), (str(made["scale"]), given["high"])):
        labels.pop(place, None)
        if text:
            labels[place] = text
    made.pop("labels", None)
    if labels:
        made["labels"] = labels


def _write_comparison(made: Plain, given: Posted) -> None:
    made["scale"] = _number(given["scale"])
    _flag(made, "tie", bool(given["tie"]), default=True)


def _write_text(made: Plain, given: Posted) -> None:
    for name in NAMES["text"]:
        made.pop(name, None)
        if given[name]:
            made[name] = _number(given[name])


_WRITE: Mapping[str, Callable[[Plain, Posted], None]] = {
    "choice": _write_choice,
    "rating": _write_rating,
    "comparison": _write_comparison,
    "text": _write_text,
}


def _flag(made: Plain, name: str, value: bool, *, default: bool) -> None:
    made.pop(name, None)
    if value is not default:
        made[name] = value


def _number(text: str) -> Any:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else text


# --- steps within the form -------------------------------------------------------------------------------------------


def stepped(file: Plain, step: str, *, templates: Sequence[str]) -> Plain:
    """The file after one press of a button: `add-block`, `drop-block:1`, `up-question:2`, `add-question:rating` …"""
    verb, _sign, what = step.partition(":")
    act, _sign, thing = verb.partition("-")
    if thing == "block":
        return {**file, "show": _listed(list(file.get("show") or []), act, what, {"text": _first(templates)})}
    if thing != "question":
        return file
    pairs = list((file.get("ask") or {}).items())
    fresh = _fresh_question(what, file) if act == "add" and what in QUESTIONS else None
    kept = dict(_listed(pairs, act, what, fresh))
    changed = {**file, "ask": kept}
    if isinstance(file.get("decides"), list):
        changed["decides"] = [name for name in file["decides"] if name in kept] or None
    return {name: value for name, value in changed.items() if value is not None}


def _listed(items: list[Any], act: str, what: str, fresh: Any) -> list[Any]:
    if act == "add":
        return items if fresh is None or len(items) >= MOST_LINES else [*items, fresh]
    if not (what.isascii() and what.isdigit() and len(what) < 4 and int(what) < len(items)):
        return items
    place = int(what)
    if act == "drop":
        return items[:place] + items[place + 1 :] if len(items) > 1 else items
    other = place + {"up": -1, "down": 1}.get(act, 0)
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
    return items


def _first(templates: Sequence[str]) -> str:
    return templates[0] if templates else ""


def _fresh_question(kind: str, file: Plain) -> tuple[str, Plain]:
    [(stem, options)] = first_question(kind, str(file.get("language", "en"))).items()
    taken, name, number = file.get("ask") or {}, stem, 2
    while name in taken:
        name, number = f"{stem}_{number}", number + 1
    if kind == "comparison":
        compare = next((block["compare"] for block in file.get("show") or [] if "compare" in block), None)
        options = {**options, "of": list(_sides(compare))} if compare else options
    return name, options
