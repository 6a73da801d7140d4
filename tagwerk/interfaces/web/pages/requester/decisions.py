"""What a second person decides in a project, as reviewers and operators see it: rejections and objections."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tagwerk.base.errors import Invalid
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.design import Question
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries as judged
from tagwerk.domain.quality.queries import AppealView, ProposedBatch
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.rejection_words import APPEAL, code_text
from tagwerk.interfaces.web.pages.requester.showing import Showing
from tagwerk.interfaces.web.pages.requester.words import Badge, answers_text, badge
from tagwerk.interfaces.web.pages.worker.showing import Shown

PAGE = 10


@dataclass(frozen=True)
class AppealLine:
    """An objection with the task, the answer and what was decided before."""

    id: str
    task_id: str
    appeal: AppealView
    state: Badge
    why: str
    shown: Shown
    answers: list[tuple[Question, str]]


@dataclass(frozen=True)
class ProposalLine:
    """A rejection that waits for a second person."""

    id: str
    task_id: str
    who: str
    why: str
    reason: str


@dataclass(frozen=True)
class BatchLine:
    """All that one person wants to reject."""

    batch: ProposedBatch
    by: str
    mine: bool
    lines: list[ProposalLine]


def appeal_lines(
    request: ActorRequest, project: ProjectView, showing: Showing, *, ended: bool, after: int
) -> list[AppealLine]:
    """One page of objections, and one more that says whether there is another page."""
    found = judged.appeals_page(request.actor, project.id, ended=ended, after=after, limit=PAGE + 1)
    design = designs.design(project.design_id)
    return [
        AppealLine(
            id=public_id("asg", one.assignment_id),
            task_id=public_id("tsk", one.task_id),
            appeal=one,
            state=badge(APPEAL, one.state),
            why=code_text(one.code),
            shown=showing.task(one.data),
            answers=answers_text(design, one.answers),
        )
        for one in found
    ]


def batch_lines(request: ActorRequest, project: ProjectView) -> list[BatchLine]:
    """The rejections that wait, by who wants them."""
    return [
        BatchLine(
            batch=one,
            by=one.proposed_by or _("an API key"),
            mine=one.proposed_by_id is not None and one.proposed_by_id == request.actor.person_id,
            lines=[
                ProposalLine(
                    public_id("asg", each.assignment_id), public_id("tsk", each.task_id), each.name or each.pseudonym,
                    code_text(each.code), each.reason,
                )
                for each in one.proposals
            ],
        )
        for one in judged.waiting_rejections(project)
    ]  # fmt: skip


def decide_for_second(request: ActorRequest, project: ProjectView) -> str:
    """Carry out what was posted (`do`); what to say about it."""
    return _DEEDS.get(request.POST.get("do", ""), _unknown)(request, project)


def _unknown(request: ActorRequest, project: ProjectView) -> str:
    raise Invalid("verdict_missing", "Choose what to do: approve, or reject with a reason.")


def _appeal(request: ActorRequest, project: ProjectView, *, granted: bool) -> str:
    quality.decide_appeal(
        actor=request.actor,
        project_id=project.id,
        assignment_id=row_number("asg", request.POST.get("answer", "")),
        granted=granted,
        answer=request.POST.get("words", ""),
    )
    if granted:
        return _("The objection is granted: the answer is approved, and the worker reads your words.")
    return _("The objection is not granted: the answer stays rejected, and the worker reads your words.")


def _proposals(request: ActorRequest, project: ProjectView, *, confirm: bool) -> str:
    ids = [row_number("asg", one) for one in request.POST.getlist("answer")]
    done = quality.decide_rejections(
        actor=request.actor, project_id=project.id, assignment_ids=ids, confirm=confirm
    )
    if confirm:
        text = ngettext("{count} answer is rejected.", "{count} answers are rejected.", done)
    else:
        text = ngettext("{count} answer is approved instead.", "{count} answers are approved instead.", done)
    return text.format(count=done)


_DEEDS: dict[str, Callable[[ActorRequest, ProjectView], str]] = {
    "grant": lambda request, project: _appeal(request, project, granted=True),
    "refuse": lambda request, project: _appeal(request, project, granted=False),
    "confirm": lambda request, project: _proposals(request, project, confirm=True),
    "approve": lambda request, project: _proposals(request, project, confirm=False),
}
