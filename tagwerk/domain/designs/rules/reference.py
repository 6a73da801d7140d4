"""The reference of the project file, made from what validates it, so that it cannot say anything else."""

import types
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from tagwerk.domain.designs.rules.control import CATALOGUE, Rule
from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.domain.designs.rules.parts import (
    BLOCK_KINDS,
    Answers,
    Audience,
    Block,
    Compare,
    From,
    Hold,
    Media,
    Quality,
    Review,
)
from tagwerk.domain.designs.rules.pay import Difficulty, Level, Multipliers, Pay, Urgency, Volume
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.question import Part, QuestionOptions

_ORDER = (
    "title", "language", "instructions", "show", "ask", "decides", "quality", "pay", "budget", "audience", "hold",
    "approve_after", "sensitivity", "api_work", "pilot", "from_",
)  # fmt: skip
_WORDS = {str: "text", int: "whole number", float: "number", bool: "true or false"}
_PARTS: tuple[tuple[str, type[Part]], ...] = (
    ("quality", Quality), ("quality.answers", Answers), ("quality.review", Review), ("quality.rules", Rule),
    ("pay", Pay), ("pay.multipliers", Multipliers), ("pay.multipliers.urgency", Urgency),
    ("pay.multipliers.difficulty", Difficulty), ("pay.multipliers.level", Level), ("pay.volume", Volume),
    ("audience", Audience), ("hold", Hold), ("from", From),
)  # fmt: skip

_HEAD = """\
# The project file

<!-- Generated from the program by `designs.rules.reference.project_file_reference`; a test compares the two. -->

One file describes a project: what a task shows and asks, who may do it, what it is paid, how sure a result has to be.
Pages, command line and API all speak it. It is YAML 1.2 (`no`, `NO` and `12:30` are texts; names occur once; no tags or
references) or JSON. What is not known is refused with its line, its path, and what would be right.

```yaml
title: Welche Antwort ist besser?
language: de-DE
instructions: |
  Lesen Sie beide Antworten ganz, bevor Sie sich entscheiden.
show:
  - chat: "{{ messages }}"
  - compare: {a: "{{ answer_a }}", b: "{{ answer_b }}"}
ask:
  better: {kind: comparison, of: [a, b], scale: 5, label: Welche Antwort ist besser?}
  why:    {kind: text, min_words: 8, when: "better != 0"}
quality: {answers: {min: 2, max: 5, confidence: 0.95}, gold_share: 0.05}
pay:     {per: answer, amount: "0.30", currency: EUR, estimate_seconds: 60}
```
"""

_SHOW = """\
## What a task shows: `show`

A list of blocks. Each is exactly one of the following, and may have a `label`. Texts are
[Liquid](https://shopify.github.io/liquid/) over the columns of a row: `{{ text }}`. Values are data: nothing in a row
becomes HTML by being inserted. A column that a block uses must be in every row; one that is asked for in `{% if %}`, or
used with `default`, may be missing. There are no files (`include`, `render`) and no clock (`date`).
"""

_WHEN = """\
## Conditions: `when`

`when: "better != 0 and 'a' in unsafe"` shows a question only while the condition holds. It is made of names of earlier
questions, literals (numbers, texts in quotation marks, `true`, `false`, `null`), `==` `!=` `<` `<=` `>` `>=` `in`
`not in` `and` `or` `not` and `( )`; `in` takes a question with several picks or a list such as `mood in ('good', 'fine')`.

A comparison with a question that has no answer is unknown, and so is what depends on it; only a true condition holds.
`why != null` asks whether there is an answer. Values of different sorts are never equal; only numbers have an order. An
answer in own words (`other`) is met as `'other'`. What was answered to a question that is hidden in the end is dropped.
"""

_RULES = """
`pause`: no further tasks of this project, until a member lets the worker go on (`until: review`) or the entry test of
`qualification` is passed again (`until: test`). What was handed in stays, is judged and paid. The worker reads the rule,
the figures and what to do, and can object. `signal`: members see it among the signals. `review`: the worker's answers
that wait, and the `next` ones, come to review before all others. `more_answers`: each task that the worker answered lately gets one more answer,
within its `max`. `grant`, `revoke`: a qualification of your organisation.
`offer_other_work`: the worker is offered other work and may go on all the same. `limit_today`: no further task until tomorrow.

A rule that has led to something counts only what comes after it.

```yaml
quality:
  rules:
    - {collector: guessing, action: pause}
    - {collector: gold, answers: 10, share_below: 0.7, action: pause, until: test, qualification: basics}
    - {collector: signals, signal: copying, action: pause}
    - {collector: speed, times_faster: 4, action: signal}
    - {collector: skips, in_a_row: 5, action: offer_other_work}
    - {collector: income, per_day: "40.00", action: limit_today}
```
"""

_ROWS = """\
## Rows

Everything in a row is the task's data, except these columns: `_id` (your own id), `_gold` (right answers by question: the
task becomes gold), `_gold_explanation` (why they are right: for training, and for members), `_prediction` (a model's
answers), `_priority`, `_deadline`, `_amount` (what a deliverable or milestone is worth), and `_truth` (right answers for simulations and reports; never stored).

By `pay.per: word`, the words of `pay.units_from` count: what spaces part and holds a letter or a digit; Chinese and Japanese
characters count one each. By `audio_minute`, the column names an uploaded file (`media:name`) or its length in seconds. A row
that cannot be measured is a bad row. By `hour` nothing is measured before: the worker's timer counts. Gold is paid by its own length, too.

`_gold` holds for each question its right answer, or several and how near to one of them is right:
`{"city": {"any_of": ["Munich", "München"], "within": 0.2}}`. Without `within`, `quality.tolerance` of the project holds
for the question, else what is sensible for its kind:

| kind | `within` | without it |
|---|---|---|
| choice | – (name each option that is right) | the very option |
| choice with `many` | the share of options in common, above 0 up to 1 | the very same options |
| rating | so far up or down the scale | the very point; a twentieth of a scale of more than 11 points |
| comparison | `side`, or so many steps | the same side; of three steps the very step |
| text | the share of characters that may differ (of long texts: words) | the same text, whatever case, spaces and points at the ends |
"""


def project_file_reference() -> str:
    """The whole reference as Markdown."""
    return "\n".join(
        [
            _HEAD,
            *_top(),
            _SHOW,
            *_blocks(),
            "## What a task asks: `ask`\n",
            *_kinds(),
            _WHEN,
            *_parts(),
            _ROWS,
        ]
    )


def _top() -> Iterator[str]:
    yield "## All names\n"
    yield from _table(ProjectFile, _ORDER)


def _blocks() -> Iterator[str]:
    yield from _table(Block, (*BLOCK_KINDS, "label"))
    yield "A picture, sound or film is an address, or:\n"
    yield from _table(Media, tuple(Media.model_fields))
    yield "`compare` has two names of your choice, each with a template, and:\n"
    yield from _table(Compare, tuple(Compare.model_fields))


def _kinds() -> Iterator[str]:
    yield "A map from name to question. A name is letters, digits and `_`. Every question has:\n"
    yield from _table(QuestionOptions, tuple(QuestionOptions.model_fields))
    for name, kind in KINDS.items():
        own = tuple(field for field in kind.Options.model_fields if field not in QuestionOptions.model_fields)
        module_text = (kind.__doc__ or "").strip()
        yield f"### `kind: {name}`\n\n{module_text}\n"
        yield from _table(kind.Options, own)


def _parts() -> Iterator[str]:
    for path, model in _PARTS:
        yield f"## `{path}`\n\n{(model.__doc__ or '').strip()}\n"
        yield from _table(model, tuple(model.model_fields))
        if model is Rule:
            yield from _catalogue()


def _catalogue() -> Iterator[str]:
    """What each collector looks at, may be asked, and may lead to."""
    yield "| `collector` | looks at | needs | may have | `action` |\n|---|---|---|---|---|\n" + "\n".join(
        f"| `{name}` | {one.says} | {_names(one.needs)}"
        + (f"{', ' if one.needs else ''}one of {_names(one.one_of)}" if one.one_of else "")
        + f" | {_names(one.may)} | {_names(one.actions)} |"
        for name, one in CATALOGUE.items()
    )
    yield _RULES


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def _table(model: type[BaseModel], names: tuple[str, ...]) -> Iterator[str]:
    lines = ["| name | holds | without it | |", "|---|---|---|---|"]
    for name in names:
        info = model.model_fields[name]
        cells = [
            f"`{info.alias or name}`",
            _sort(info.annotation, info),
            _default(info),
            info.description or "",
        ]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    yield "\n".join(lines) + "\n"


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "**needed**"
    value = info.get_default(call_default_factory=True) if info.default_factory else info.default
    if value is None or value is PydanticUndefined or value in ("", [], {}):
        return "–"
    if isinstance(value, BaseModel):
        return "see below"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _sort(annotation: Any, info: FieldInfo | None = None) -> str:
    limits = _limits(info) if info else ""
    if get_origin(annotation) is Annotated:
        return _sort(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [part for part in get_args(annotation) if part is not type(None)]
        return (_sort(inner[0]) if len(inner) == 1 else "a question") + limits
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    if get_origin(annotation) in (list, tuple):
        return "list of " + _sort(get_args(annotation)[0]) + "s"
    if get_origin(annotation) is dict:
        return "map to " + _sort(get_args(annotation)[1])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "block" if annotation is Block else "map"
    return _WORDS.get(annotation, "text") + limits


def _limits(info: FieldInfo) -> str:
    words = {"ge": "from", "gt": "more than", "le": "to", "lt": "less than", "max_length": "at most"}
    found = [
        f"{word} {getattr(limit, name)}{' characters' if name == 'max_length' else ''}"
        for name, word in words.items()
        for limit in info.metadata
        if getattr(limit, name, None) is not None
    ]
    return ", " + " ".join(found) if found else ""
