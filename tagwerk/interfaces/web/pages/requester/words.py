"""How states, reasons and answers are said on the requester's pages."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from tagwerk.domain.designs.rules.design import DesignView, Question
from tagwerk.domain.exports.rules.states import ExportState
from tagwerk.domain.projects.rules import State
from tagwerk.domain.quality.rules import words as judging
from tagwerk.domain.quality.rules.words import TaskState
from tagwerk.domain.work.actions.reporting import CANNOT_BE_ANSWERED
from tagwerk.domain.work.rules.pausing import (
    GOLD_FAILED,
    MANY_STOPS,
    RULE_AGREEMENT,
    RULE_DECISIONS,
    RULE_GOLD,
    RULE_SIGNALS,
)
from tagwerk.domain.work.rules.states import State as AnswerState
from tagwerk.interfaces.web.answers import elements
from tagwerk.interfaces.web.formats import number_text


@dataclass(frozen=True)
class Badge:
    """A word and the tone of its badge."""

    label: str
    tone: str


PROJECT = {
    State.DRAFT: (gettext_noop("draft"), "neutral"),
    State.OPEN: (gettext_noop("running"), "info"),
    State.PAUSED: (gettext_noop("paused"), "wait"),
    State.FINISHED: (gettext_noop("finished"), "ok"),
    State.ARCHIVED: (gettext_noop("archived"), "neutral"),
}
TASK = {
    TaskState.OPEN: (gettext_noop("in work"), "info"),
    TaskState.DONE: (gettext_noop("certain"), "ok"),
    TaskState.EXHAUSTED: (gettext_noop("not certain"), "wait"),
}
ANSWER = {
    AnswerState.SUBMITTED: (gettext_noop("in review"), "wait"),
    AnswerState.APPROVED: (gettext_noop("approved"), "ok"),
    AnswerState.REJECTED: (gettext_noop("rejected"), "bad"),
    AnswerState.LATE: (gettext_noop("too late, does not count"), "neutral"),
}
EXPORT = {
    ExportState.WAITING: (gettext_noop("waiting"), "neutral"),
    ExportState.RUNNING: (gettext_noop("being written"), "info"),
    ExportState.READY: (gettext_noop("ready"), "ok"),
    ExportState.FAILED: (gettext_noop("failed"), "bad"),
    ExportState.EXPIRED: (gettext_noop("deleted after 30 days"), "neutral"),
}
GIVEN_UP = {  # what the form of the worker's page writes before their own words
    CANNOT_BE_ANSWERED: gettext_noop("cannot be answered"),
    f"{CANNOT_BE_ANSWERED}/broken": gettext_noop("cannot be answered, something is missing or does not load"),
    f"{CANNOT_BE_ANSWERED}/senseless": gettext_noop("cannot be answered, it makes no sense"),
    f"{CANNOT_BE_ANSWERED}/language": gettext_noop("cannot be answered, it is in another language"),
    f"{CANNOT_BE_ANSWERED}/forbidden": gettext_noop(
        "cannot be answered, it shows what nobody should have to see"
    ),
    "not_for_me": gettext_noop("others may be able to answer it"),
    "would_rather_not": gettext_noop("would rather not do it"),
}
REASONS = {
    judging.NO_ANSWERS: gettext_noop("no answers yet"),
    judging.NOT_ANSWERED: gettext_noop("not answered"),
    judging.MORE_ANSWERS_WANTED: gettext_noop("more answers wanted"),
    judging.ANSWERS_IN_REVIEW: gettext_noop("answers wait for approval"),
    judging.CANNOT_BE_ANSWERED: gettext_noop("cannot be answered"),
    judging.NO_GOLD_ANSWER: gettext_noop("no right answer is known"),
}
PAUSES = {
    GOLD_FAILED: gettext_noop("Most answers to gold were wrong."),
    RULE_GOLD: gettext_noop("Too few right answers to gold."),
    RULE_AGREEMENT: gettext_noop("Too few answers the same as the results."),
    RULE_DECISIONS: gettext_noop("Too many rejected answers."),
    RULE_SIGNALS: gettext_noop("A signal was found."),
    MANY_STOPS: gettext_noop("Stopped many tasks; each of them is paid."),
}
PAUSES_UNPAID = PAUSES | {MANY_STOPS: gettext_noop("Stopped many tasks.")}
SOURCES = {
    "vote": gettext_noop("from the answers"),
    "merge": gettext_noop("put together from the answers"),
    "overruled": gettext_noop("decided by hand"),
}


def badge(words: Mapping[Any, tuple[str, str]], state: Any) -> Badge:
    """The badge of a state."""
    label, tone = words.get(state, (str(state), "neutral"))
    return Badge(_(label), tone)


def pause_text(reason: str, *, paid: bool) -> str:
    """Why a worker is paused, as members read it."""
    words = PAUSES if paid else PAUSES_UNPAID
    return _(words[reason]) if reason in words else reason


def reason_text(code: str) -> str:
    """Why there is no result."""
    return _(REASONS[code]) if code in REASONS else code


def given_up_text(state: int, reason: str | None, *, paid: bool) -> str:
    """Why a worker gave a task up."""
    if state == AnswerState.STOPPED:
        said = given_up_text(AnswerState.SKIPPED, reason, paid=paid) if reason else _("stopped")
        return _("{why}, with pay").format(why=said) if paid else said
    code, _sign, said = (reason or "").partition(": ")
    if code not in GIVEN_UP:
        return reason or ""
    return f"{_(GIVEN_UP[code])}: {said}" if said else _(GIVEN_UP[code])


def answer_text(design: DesignView, question: Question, value: Any) -> str:
    """An answer as the worker read it: labels of options, steps and points; texts and numbers as they are.

    Sides are called A and B as they stand on the requester's pages, which never shuffle them.
    """
    if value is None:
        return "–"
    if isinstance(value, list):
        return ", ".join(answer_text(design, question, one) for one in value) or _("none of them")
    if isinstance(value, dict):
        return ", ".join(str(one) for one in value.values())
    label = _labels(design, question).get(json.dumps(value))
    if isinstance(value, int | float) and not isinstance(value, bool) and question.kind == "rating":
        return f"{number_text(value)} · {label}" if label else number_text(value)
    return label or str(value)


def _labels(design: DesignView, question: Question) -> dict[str, str]:
    """Value (as JSON) → label, of whatever the element of this kind offers to pick."""
    config = elements()[question.kind].configuration(
        question.options, sides=design.sides_shown("ab"), language=""
    )
    offered = [one for part in ("options", "steps", "points") for one in config.get(part, [])]
    return {json.dumps(one["value"]): one["label"] for one in offered}


def answers_text(design: DesignView, answers: Mapping[str, Any]) -> list[tuple[Question, str]]:
    """Each question of a design with what was answered."""
    return [
        (question, answer_text(design, question, answers.get(question.name))) for question in design.questions
    ]


def excerpt(data: Mapping[str, Any], most: int = 160) -> str:
    """The beginning of a row's data, for lists: its texts in order."""
    text = " · ".join(_plain(list(data.values())))
    return text if len(text) <= most else text[: most - 1] + "…"


def _plain(values: Iterable[Any]) -> list[str]:
    return [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in values]


def tasks_text(count: int) -> str:
    """ "1 task", "300 tasks"."""
    return ngettext("{count} task", "{count} tasks", count).format(count=number_text(count))


def answers_count_text(count: int) -> str:
    """ "1 answer", "300 answers"."""
    return ngettext("{count} answer", "{count} answers", count).format(count=number_text(count))
