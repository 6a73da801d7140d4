"""What happened to a task, in the order in which it did: brought in, answered, decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tagwerk.base.log import LoggedEvent
from tagwerk.domain.quality.queries import FormerResult
from tagwerk.domain.work.queries import TaskAnswer, TaskView
from tagwerk.interfaces.web.formats import percent_text
from tagwerk.interfaces.web.labels import translated
from tagwerk.interfaces.web.pages.requester.event_words import EVENTS
from tagwerk.interfaces.web.pages.requester.frame import Frame
from tagwerk.interfaces.web.pages.requester.model_words import method_text
from tagwerk.interfaces.web.pages.requester.words import answer_text


@dataclass(frozen=True)
class Moment:
    """A line of the history; `who` is a member by name or a worker by pseudonym."""

    at: datetime
    who: str
    what: str
    about: str


def task_history(
    frame: Frame, task: TaskView, answers: Sequence[TaskAnswer], told: Sequence[LoggedEvent],
    names: Mapping[int, str], former: Sequence[FormerResult],
) -> list[Moment]:  # fmt: skip
    """The oldest first."""
    found = [Moment(task.added_at, "", _("The task was brought in."), "")]
    found += [Moment(one.submitted_at, one.pseudonym, _("handed in an answer"), "") for one in answers]
    found += [_of_event(frame, event, answers, names) for event in told]
    found += [_of_result(frame, one, names) for one in former]
    return sorted(found, key=lambda one: one.at)


def _of_event(
    frame: Frame, event: LoggedEvent, answers: Sequence[TaskAnswer], names: Mapping[int, str]
) -> Moment:
    pseudonyms = {one.assignment_id: one.pseudonym for one in answers}
    workers = {one.worker_id: one.pseudonym for one in answers}
    about = pseudonyms.get(event.facts.get("assignment_id", 0), "")
    question = frame.design.by_name.get(str(event.facts.get("question", "")))
    who = names.get(event.actor_id or 0) or workers.get(event.actor_id or 0, "")
    what = translated(EVENTS[event.name]) if event.name in EVENTS else event.name
    more = event.facts.get("answers")
    return Moment(
        event.happened_at,
        who,
        what,
        about or (question.label if question else "") or (f"+{more}" if isinstance(more, int) else ""),
    )


def _of_result(frame: Frame, one: FormerResult, names: Mapping[int, str]) -> Moment:
    """A result that was replaced, by what it was until then."""
    question = frame.design.by_name.get(one.question)
    value = answer_text(frame.design, question, one.value) if question else str(one.value)
    sure = "" if one.confidence is None else _("{share} certain").format(share=percent_text(one.confidence))
    how = names.get(one.by_id or 0) or method_text(one.method, one.model)
    about = " · ".join(part for part in (question.label if question else "", sure, how) if part)
    return Moment(
        one.until, "", _("The result changed; until then it was “{value}”.").format(value=value), about
    )
