"""Questions for samples, made from options as a project file writes them."""

import json
from dataclasses import dataclass, field
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from tagwerk.domain.designs.rules import when as conditions
from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.interfaces.web.answers import questions_context
from tagwerk.interfaces.web.templatetags.web import component

register = template.Library()


@dataclass(frozen=True)
class SampleQuestion:
    """A question with the options of its kind."""

    name: str
    kind: str
    options: Any
    when_json: Any = None

    @property
    def required(self) -> bool:
        return bool(self.options.required)

    @property
    def label(self) -> str:
        return str(self.options.label)

    @property
    def help(self) -> str:
        return str(self.options.help)


@dataclass(frozen=True)
class SampleDesign:
    """Questions without a project."""

    questions: list[SampleQuestion]
    language: str = "en"
    answers: dict[str, Any] = field(default_factory=dict)

    def sides_shown(self, order: str) -> tuple[str, ...]:
        """What its comparisons are of, as if all were shuffled."""
        compared = [question.options.of for question in self.questions if question.kind == "comparison"]
        return tuple(name for pair in compared for name in (pair if order == "ab" else pair[::-1]))


def sample_question(name: str, options: dict[str, Any]) -> SampleQuestion:
    """A question by its options, checked as those of a project file are."""
    checked = KINDS[options["kind"]].Options.model_validate(options)
    parsed = conditions.parse(checked.when) if checked.when else None
    return SampleQuestion(name, options["kind"], checked, parsed)


@register.simple_tag(takes_context=True)
def ask(
    context: Context, name: str, options: str, order: str = "ab", value: str = "null", readonly: bool = False
) -> SafeString:
    """{% ask "mood" '{"kind": "choice", "options": ["good", "bad"]}' %}"""
    design = SampleDesign([sample_question(name, json.loads(options))])
    [question] = questions_context(design, order, {name: json.loads(value)})
    return component(context, "question", question=question, readonly=readonly)
