"""What a fact says beside who, what and whom, in words: nobody should have to know what programs call it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from tagwerk.base.money import MICROS
from tagwerk.interfaces.web.formats import money_text, number_text
from tagwerk.interfaces.web.labels import ROLES, translated

YES_OR_NO: Mapping[str, tuple[str, str]] = {
    "approved": (gettext_noop("approved at once"), gettext_noop("waits for approval")),
    "alone": (gettext_noop("by who made it"), gettext_noop("by a second operator")),
    "is_operator": (gettext_noop("operates the instance now"), gettext_noop("operates it no more")),
    "passed": (gettext_noop("passed"), gettext_noop("not passed")),
    "is_gold": (gettext_noop("gold now"), gettext_noop("gold no more")),
}
LABELS: Mapping[str, str] = {
    "added": gettext_noop("came in"),
    "amount_micros": gettext_noop("amount"),
    "answers": gettext_noop("answers"),
    "bonuses": gettext_noop("bonuses"),
    "budget_micros": gettext_noop("budget"),
    "correct": gettext_noop("right"),
    "document": gettext_noop("document"),
    "document_version": gettext_noop("version"),
    "changed": gettext_noop("changed"),
    "invoice": gettext_noop("invoice"),
    "countries": gettext_noop("countries"),
    "lines": gettext_noop("lines"),
    "left_micros": gettext_noop("left"),
    "number": gettext_noop("version"),
    "price_micros": gettext_noop("agreed price"),
    "question": gettext_noop("question"),
    "reason": gettext_noop("reason"),
    "released_micros": gettext_noop("given back"),
    "removed": gettext_noop("went out"),
    "reward_micros": gettext_noop("pay"),
    "role": gettext_noop("role"),
    "seen": gettext_noop("asked"),
    "slug": gettext_noop("name"),
    "tasks": gettext_noop("tasks"),
    "waiting_tasks": gettext_noop("tasks that wait"),
}
UNTOLD = ("author", "changed_at", "code", "currency", "what", "changes")  # said already, or by another fact


def fact_words(facts: Mapping[str, Any]) -> str:
    """The rest of a fact, for people; numbers of rows mean nothing to them."""
    told = [
        _one(name, value, str(facts.get("currency") or ""))
        for name, value in facts.items()
        if value not in ("", None, [], 0) or name in YES_OR_NO
        if not name.endswith(("_id", "_ids")) and name not in UNTOLD
    ]
    told += [
        f"{name}: {before or '–'} → {after or '–'}"
        for name, (before, after) in facts.get("changes", {}).items()
    ]
    return ", ".join([*told, *([str(facts["what"])] if facts.get("what") else [])])


def _one(name: str, value: Any, currency: str) -> str:
    if name in YES_OR_NO:
        return translated(YES_OR_NO[name][not value])
    label = translated(LABELS[name]) if name in LABELS else name
    return f"{label}: {_text(name, value, currency)}"


def _text(name: str, value: Any, currency: str) -> str:
    if name.endswith("_micros"):
        return money_text(value, currency) if currency else number_text(value / MICROS)
    if name == "role" and value in ROLES:
        return str(ROLES[value][0])
    if isinstance(value, list):
        return number_text(len(value))
    return number_text(value) if isinstance(value, int) else str(value)
