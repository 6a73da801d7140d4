"""A design as the other rooms see it: read once, compiled once, never changed."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tagwerk.domain.designs.rules import when
from tagwerk.domain.designs.rules.cross_checks import templates_of
from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.domain.designs.rules.liquid_text import LiquidText, compile_liquid
from tagwerk.domain.designs.rules.markup import markdown_html
from tagwerk.domain.designs.rules.parts import Block
from tagwerk.domain.designs.rules.project_file import DesignPart
from tagwerk.domain.designs.rules.question import Kind, QuestionOptions


@dataclass(frozen=True, eq=False)
class Question:
    """One question of a design."""

    name: str
    kind: str
    options: QuestionOptions
    required: bool
    when_json: Any  # the parsed condition; None: always asked
    label: str
    help: str

    @property
    def face(self) -> Kind:
        """The rules of its kind."""
        return KINDS[self.kind]

    @cached_property
    def labels(self) -> list[str] | None:
        """All labels an answer can have; None: not judged."""
        return self.face.labels(self.options)


@dataclass(frozen=True, eq=False)
class CompiledBlock:
    """A block of `show` and its templates by their place in it: ("text",), ("compare", "a"), ("image", "url") …"""

    block: Block
    templates: dict[tuple[str, ...], LiquidText]


@dataclass(frozen=True, eq=False)
class DesignView:
    """A design. Immutable, so it may be kept for as long as the process lives."""

    id: int
    organisation_id: int
    spec: DesignPart
    digest: str

    @property
    def language(self) -> str:
        """The language of its texts (BCP 47)."""
        return self.spec.language

    @cached_property
    def instructions_html(self) -> str:
        """The instructions as safe HTML, without pictures."""
        return markdown_html(self.spec.instructions)

    @cached_property
    def instructions_digest(self) -> str:
        """Changes when the text of the instructions does."""
        return hashlib.sha256(self.spec.instructions.encode()).hexdigest()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions in the order they are asked."""
        return tuple(_question(name, options) for name, options in self.spec.ask.items())

    @cached_property
    def by_name(self) -> dict[str, Question]:
        """The questions by name."""
        return {question.name: question for question in self.questions}

    @cached_property
    def decides(self) -> tuple[str, ...]:
        """The questions whose certainty ends a task; may be empty: then only the number of answers does."""
        if self.spec.decides is not None:
            return tuple(self.spec.decides)
        asked = (q for q in self.questions if q.required and q.when_json is None)
        return tuple(question.name for question in asked if question.labels is not None)

    @cached_property
    def blocks(self) -> tuple[CompiledBlock, ...]:
        """What is shown, its templates compiled."""
        return tuple(
            CompiledBlock(block, {place: compile_liquid(text) for place, text in templates_of(block)})
            for block in self.spec.show
        )

    @cached_property
    def shuffles(self) -> bool:
        """Whether any sides change from assignment to assignment; those of a block may stay."""
        return any(block.compare is not None and block.compare.shuffle for block in self.spec.show)

    def sides_shown(self, order: str) -> tuple[str, ...]:
        """The names of all sides as they stand, left first, in an assignment of this order ("ab" or "ba")."""
        compared = (block.compare for block in self.spec.show if block.compare is not None)
        return tuple(name for compare in compared for name in compare.shown(order))

    @cached_property
    def compares(self) -> bool:
        """Whether it shows two sides at all."""
        return any(block.compare is not None for block in self.spec.show)


def _question(name: str, options: QuestionOptions) -> Question:
    condition = when.parse(options.when) if options.when else None
    return Question(
        name, options.kind, options, options.required, condition, options.label or name, options.help
    )


def spec_of(design: DesignPart) -> dict[str, Any]:
    """What is kept of a design: the file's own form without what is left out, in an order that JSON keeps."""
    return design.model_dump(mode="json", exclude_defaults=True)


def digest_of(spec: dict[str, Any]) -> str:
    """The same for the same design, whatever the order of its keys was."""
    canonical = json.dumps(spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def design_id(organisation_id: int, digest: str) -> int:
    """The number of a design follows from its content, so one kept in a process can never be another's."""
    return int.from_bytes(hashlib.sha256(f"{organisation_id}:{digest}".encode()).digest()[:8], "big") >> 1


def design_view(*, id: int, organisation_id: int, spec: dict[str, Any], digest: str) -> DesignView:
    """The view of a kept design."""
    return DesignView(
        id=id, organisation_id=organisation_id, spec=DesignPart.model_validate(spec), digest=digest
    )
