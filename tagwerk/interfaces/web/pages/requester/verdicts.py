"""What members do about answers on a page: approve, reject with a reason, decide a result, write to the worker, take notes."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tagwerk.base.errors import Invalid
from tagwerk.base.ids import row_number
from tagwerk.domain.community import actions as community
from tagwerk.domain.quality import actions as quality
from tagwerk.interfaces.web.answers import read_answers
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.frame import Frame


def decide(request: ActorRequest, frame: Frame, task_id: int | None = None) -> str:
    """Carry out what was posted (`do`); what to say about it."""
    return _DEEDS.get(request.POST.get("do", ""), _unknown)(request, frame, task_id)


def _unknown(request: ActorRequest, frame: Frame, task_id: int | None) -> str:
    raise Invalid("verdict_missing", "Choose what to do: approve, or reject with a reason.")


def _approve(request: ActorRequest, frame: Frame, task_id: int | None) -> str:
    ids = [row_number("asg", one) for one in request.POST.getlist("answer")]
    approved = quality.approve_answers(actor=request.actor, project_id=frame.project.id, assignment_ids=ids)
    if frame.project.paid:
        text = ngettext(
            "{count} answer is approved and paid.", "{count} answers are approved and paid.", approved
        )
    else:
        text = ngettext("{count} answer is approved.", "{count} answers are approved.", approved)
    return text.format(count=approved)


def _reject(request: ActorRequest, frame: Frame, task_id: int | None) -> str:
    done = quality.reject_answer(
        actor=request.actor,
        project_id=frame.project.id,
        assignment_id=_answer(request),
        code=request.POST.get("code", ""),
        reason=request.POST.get("reason", ""),
    )
    if not done:
        return _("Many answers were rejected lately, so this one waits for a second person to confirm it.")
    return _(
        "The answer is rejected. The worker reads your reason and can object for fourteen days; then the task goes to somebody else."
    )


def _overrule(request: ActorRequest, frame: Frame, task_id: int | None) -> str:
    if task_id is None:  # only the page of a task offers it
        return _unknown(request, frame, task_id)
    given = read_answers(request.POST)
    question = request.POST.get("question", "")
    quality.overrule_result(
        actor=request.actor,
        project_id=frame.project.id,
        task_id=task_id,
        question=question,
        value=given.get(question),
        as_gold=bool(request.POST.get("as_gold")),
    )
    if request.POST.get("as_gold"):
        return _("The result is decided, and the task serves as gold from now on.")
    return _("The result is decided. Judging leaves it alone from now on.")


def _exclude(request: ActorRequest, frame: Frame, task_id: int | None) -> str:
    quality.exclude_answer(
        actor=request.actor,
        project_id=frame.project.id,
        assignment_id=_answer(request),
        reason=request.POST.get("reason", ""),
    )
    if frame.project.paid:
        return _("The answer does not count any more; it is paid all the same. The result is found anew.")
    return _("The answer does not count any more. The result is found anew.")


def _include(request: ActorRequest, frame: Frame, task_id: int | None) -> str:
    quality.include_answer(actor=request.actor, project_id=frame.project.id, assignment_id=_answer(request))
    return _("The answer counts again. The result is found anew.")


def _ask(request: ActorRequest, frame: Frame, task_id: int | None) -> str:
    if task_id is None:  # only the page of a task offers it
        return _unknown(request, frame, task_id)
    text = request.POST.get("answers", "").strip()
    answers = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    quality.ask_for_answers(
        actor=request.actor, project_id=frame.project.id, task_id=task_id, answers=answers
    )
    text = ngettext("{count} more answer is asked for.", "{count} more answers are asked for.", answers)
    return text.format(count=answers)


def _write(request: ActorRequest, frame: Frame, task_id: int | None) -> str:
    community.write_to_worker(
        actor=request.actor,
        project_id=frame.project.id,
        assignment_id=_answer(request),
        text=request.POST.get("text", ""),
    )
    return _("The message is sent.")


def _note(request: ActorRequest, frame: Frame, task_id: int | None) -> str:
    if task_id is None:  # only the page of a task offers it
        return _unknown(request, frame, task_id)
    community.write_note(
        actor=request.actor,
        project_id=frame.project.id,
        task_id=task_id,
        text=request.POST.get("note", ""),
    )
    return _("The note is kept. Members read it, workers do not.")


def _answer(request: ActorRequest) -> int:
    return row_number("asg", request.POST.get("answer", ""))


_DEEDS: dict[str, Callable[[ActorRequest, Frame, int | None], str]] = {
    "approve": _approve,
    "reject": _reject,
    "overrule": _overrule,
    "exclude": _exclude,
    "include": _include,
    "ask": _ask,
    "write": _write,
    "note": _note,
}
