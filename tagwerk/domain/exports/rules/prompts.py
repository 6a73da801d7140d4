"""Prompt and completions of a task, as plain texts or as messages, from what its design shows."""

from collections.abc import Callable, Mapping
from typing import Any

from tagwerk.domain.designs.rules.liquid_text import MISSING, compile_liquid
from tagwerk.domain.exports.rules.shape import Shape

Data = Mapping[str, Any]
Reader = Callable[[Data], Any]


def template_reader(template: str) -> Reader:
    """What a template of the design gives for a row: the value itself where it is one place, else a text."""
    compiled = compile_liquid(template)
    return lambda data: _present(compiled.value(data))


def column_reader(name: str) -> Reader:
    """One column of the data."""
    return lambda data: data.get(name)


def prompt_reader(shape: Shape) -> Reader:
    """The prompt: the chosen column; else the conversation shown; else the texts shown that come from the data."""
    if shape.options.prompt:
        return column_reader(shape.options.prompt)
    chats = [template_reader(one.template) for one in shape.before if one.kind == "chat"]
    if chats:
        return chats[-1]
    texts = [template_reader(one.template) for one in shape.before if compile_liquid(one.template).needs]
    if not texts:
        return lambda data: None
    return lambda data: "\n\n".join(str(text) for text in (read(data) for read in texts) if text) or None


def with_prompt(prompt: Any, **completions: Any) -> dict[str, Any]:
    """One row in TRL's standard form if all are texts, else in its conversational form; without a prompt, implicit."""
    if not any(isinstance(one, list) for one in (prompt, *completions.values())):
        texts = {name: str(one) for name, one in completions.items()}
        return texts if prompt is None else {"prompt": str(prompt), **texts}
    spoken = {name: messages(one, "assistant") for name, one in completions.items()}
    return spoken if prompt is None else {"prompt": messages(prompt, "user"), **spoken}


def messages(value: Any, role: str) -> list[dict[str, str]]:
    """A value as messages: a conversation as it is, a text as one message of this role."""
    if not isinstance(value, list):
        return [{"role": role, "content": str(value)}]
    return [{"role": str(one.get("role", role)), "content": str(one.get("content", ""))} for one in value]


def _present(value: Any) -> Any:
    return None if value is MISSING or value == "" else value
