"""What has to fit together in a project file: names, sides, conditions, templates."""

from collections.abc import Iterable, Iterator
from typing import Any

from tagwerk.base.errors import Invalid, Sentence, minutes_said
from tagwerk.base.money import micros_of, plain
from tagwerk.domain.designs.rules import when
from tagwerk.domain.designs.rules.amounts import basis_points
from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.domain.designs.rules.kinds.comparison import Options as ComparisonOptions
from tagwerk.domain.designs.rules.liquid_text import compile_liquid
from tagwerk.domain.designs.rules.near import did_you_mean
from tagwerk.domain.designs.rules.parts import Block
from tagwerk.domain.designs.rules.pay import HOUR, MOST_DAYS, MOST_HOURLY_DAYS, SURCHARGE_BP
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.question import QuestionOptions

Finding = tuple[tuple[str | int, ...], Sentence]
"""Where in the file, and what is wrong there."""


DAY_SECONDS = 86_400
_COMPARE = '- compare: {a: "{{ answer_a }}", b: "{{ answer_b }}"}'


def cross_check(file: ProjectFile) -> Iterator[Finding]:
    """Everything that does not fit, in the order of the file."""
    if not file.title.strip():
        yield ("title",), Sentence("the title is empty")
    for number, block in enumerate(file.show):
        for place, template in templates_of(block):
            yield from _template(("show", number, *place), template)
        yield from _sides(number, block, file)
    earlier: dict[str, QuestionOptions] = {}
    for name, question in file.ask.items():
        yield from _name(name)
        yield from ((("ask", name, option), misfit) for option, misfit in question.misfits())
        yield from _when(name, question, earlier, file)
        yield from _compared(name, question, file)
        earlier[name] = question
    yield from _decides(file)
    if file.from_ is not None and file.from_.when:
        yield from _source_when(file.from_.when)
    yield from _rules(file)
    yield from _surcharge(file)
    yield from _paid_in_time(file)
    if file.answers.min > file.answers.max:
        message = "“{low}” ({least}) must not be more than “{high}” ({most})"
        ends = {"low": "min", "least": file.answers.min, "high": "max", "most": file.answers.max}
        yield ("quality", "answers", "min"), Sentence(message, **ends)
    yield from _gold(file)


def _gold(file: ProjectFile) -> Iterator[Finding]:
    """Tolerances are of questions that there are, in the words of their kind; nobody begins with less gold."""
    for name, tolerance in file.quality.tolerance.items():
        place = ("quality", "tolerance", name)
        question = file.ask.get(name)
        if question is None:
            yield place, _no_question(name, file.ask)
            continue
        try:
            KINDS[question.kind].tolerance(question, tolerance, path=name)
        except Invalid as refusal:
            yield place, refusal.sentence
    start = file.quality.gold_start
    if start is not None and start.share < file.quality.gold_share:
        text = Sentence(
            "the share at the start must not be less than “gold_share” ({share})",
            share=file.quality.gold_share,
        )
        yield ("quality", "gold_start", "share"), text


def templates_of(block: Block) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each Liquid text of a block with its place in it."""
    value = getattr(block, block.kind)
    if isinstance(value, str):
        yield (block.kind,), value
    elif block.kind == "compare":
        yield from (((block.kind, side), template) for side, template in value.sides.items())
    else:
        yield (block.kind, "url"), value.url
        yield (block.kind, "alt"), value.alt


def _sides(number: int, block: Block, file: ProjectFile) -> Iterator[Finding]:
    """Sides of the same name stand on the same side of the page, so that a comparison means one of the two."""
    if block.compare is None:
        return
    names, mine = block.compare.sides.keys(), (list(block.compare.sides), block.compare.shuffle)
    for other in (other.compare for other in file.show[:number] if other.compare is not None):
        if not names.isdisjoint(other.sides) and mine != (list(other.sides), other.shuffle):
            text = Sentence(
                "“compare” blocks that share a name have both names the same, in the same order, and the same “shuffle”"
            )
            yield ("show", number, "compare"), text


def _template(place: tuple[str | int, ...], template: str) -> Iterator[Finding]:
    try:
        compile_liquid(template)
    except Invalid as refusal:
        yield place, refusal.sentence


def _name(name: str) -> Iterator[Finding]:
    if not name.isidentifier() or name.startswith("_") or len(name) > 60 or name in when.WORDS:
        if name in when.WORDS:
            message = Sentence("“{name}” is a word of conditions; call the question differently", name=name)
        else:
            message = Sentence(
                "“{name}” is not a name; a question's name is letters, digits and _, such as better or rating_2",
                name=name,
            )
        yield ("ask", name), message


def _when(
    name: str, question: QuestionOptions, earlier: dict[str, QuestionOptions], file: ProjectFile
) -> Iterator[Finding]:
    if question.when is None:
        return
    place, condition = ("ask", name, "when"), when.parse(question.when)
    for other in sorted(when.names(condition) - earlier.keys()):
        if other == name:
            yield place, Sentence("“{name}” cannot depend on itself", name=name)
        elif other in file.ask:
            message = "“{name}” is asked later; a condition looks at earlier questions only"
            yield place, Sentence(message, name=other)
        else:
            yield place, _no_question(other, earlier)
    for sign, *sides in when.comparisons(condition):
        yield from ((place, text) for text in _literals(sign, sides, earlier))


def _no_question(name: str, known: Iterable[str]) -> Sentence:
    return Sentence("there is no question “{name}”{near}", name=name, near=did_you_mean(name, known))


def _literals(
    sign: str, sides: list[dict[str, Any]], earlier: dict[str, QuestionOptions]
) -> Iterator[Sentence]:
    """A condition that can never hold is a typing error."""
    other = next((side["name"] for side in sides if side.get("name") in earlier), None)
    if other is None:
        return
    question = earlier[other]
    for side in sides:
        for literal in side.get("list", [side.get("value")]):
            problem = (
                None
                if literal is None
                else KINDS[question.kind].literal_problem(question, other, sign, literal)
            )
            if problem:
                yield Sentence("“{name}”: {problem}", name=other, problem=problem)


def _compared(name: str, question: QuestionOptions, file: ProjectFile) -> Iterator[Finding]:
    if not isinstance(question, ComparisonOptions):
        return
    sides = [list(block.compare.sides) for block in file.show if block.compare is not None]
    if not sides:
        yield (
            ("ask", name, "of"),
            Sentence("there is no “compare” block in “show”; add {example}", example=_COMPARE),
        )
    elif all(sorted(pair) != sorted(question.of) for pair in sides):
        message = "{names} are not the sides of a “compare” block; it has {found}"
        names, found = ", ".join(question.of), ", ".join(sides[0])
        yield ("ask", name, "of"), Sentence(message, names=names, found=found)


def _decides(file: ProjectFile) -> Iterator[Finding]:
    for number, name in enumerate(file.decides or []):
        question = file.ask.get(name)
        if question is None:
            yield ("decides", number), _no_question(name, file.ask)
        elif KINDS[question.kind].labels(question) is None:
            yield (
                ("decides", number),
                Sentence(
                    "“{name}” cannot decide when a task is done: its answers ({kind}) are too many to be counted",
                    name=name,
                    kind=question.kind,
                ),
            )
        elif name in (file.decides or [])[:number]:
            yield ("decides", number), Sentence("“{name}” is there twice", name=name)


def _rules(file: ProjectFile) -> Iterator[Finding]:
    keys = [rule.key for rule in file.quality.rules]
    for number, rule in enumerate(file.quality.rules):
        place = ("quality", "rules", number)
        if rule.key in keys[:number]:
            yield place, Sentence("this rule is there twice")
        if rule.question is not None and rule.question not in file.ask:
            yield (*place, "question"), _no_question(rule.question, file.ask)
        if rule.per_day is not None and not file.paid:
            yield (*place, "per_day"), Sentence("this project pays nothing, so a day's income has no limit")
        elif rule.per_day is not None and file.pay.per != "answer":
            text = Sentence("tasks pay differently here; limit the answers of a day instead (“answers”)")
            yield (*place, "per_day"), text
        elif rule.per_day is not None and file.pay.differs_by_worker:
            text = Sentence(
                "people are paid differently here; limit the answers of a day instead (“answers”)"
            )
            yield (*place, "per_day"), text
        elif rule.per_day is not None and micros_of(rule.per_day) < file.pay.reward_micros:
            text = Sentence("one answer pays more ({amount}), so nobody could work", amount=file.pay.amount)
            yield (*place, "per_day"), text


def _surcharge(file: ProjectFile) -> Iterator[Finding]:
    given = file.pay.multipliers.sensitivity if file.pay.multipliers else None
    least = SURCHARGE_BP.get(file.sensitivity, 10_000)
    if given is not None and basis_points(given) < least:
        text = Sentence(
            "with “sensitivity: {level}”, sensitive content pays at least {least} times as much",
            level=file.sensitivity, least=plain(least * 100),
        )  # fmt: skip
        yield ("pay", "multipliers", "sensitivity"), text


def _paid_in_time(file: ProjectFile) -> Iterator[Finding]:
    """Whoever is paid is paid within days; by the hour, they may hold a task for as long as it is paid."""
    if file.paid and file.approve_after_seconds > MOST_DAYS * DAY_SECONDS:
        yield (
            ("approve_after",),
            Sentence("answers that are paid are approved after {days} days at most", days=MOST_DAYS),
        )
    if file.pay.per != HOUR:
        return
    if file.approve_after_seconds > MOST_HOURLY_DAYS * DAY_SECONDS:
        text = Sentence("by the hour, answers are approved after {days} days at most", days=MOST_HOURLY_DAYS)
        yield ("approve_after",), text
    if file.hold_seconds < file.pay.most_seconds:
        text = Sentence(
            "a task is paid for up to {most}, so it has to be held for as long",
            most=minutes_said(file.pay.most_seconds // 60),
        )
        yield ("hold", "minutes"), text


def _source_when(text: str) -> Iterator[Finding]:
    try:
        when.parse(text)
    except Invalid as refusal:
        yield ("from", "when"), refusal.sentence
