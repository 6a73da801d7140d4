"""The steps of a project: launch, pause, resume, raise the budget, finish, archive."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from tagwerk.base.errors import Invalid, NotAllowed, NotFound, Refusal
from tagwerk.base.money import micros_of
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.work import actions as work
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.frame import OVERVIEW, Frame, project_page
from tagwerk.interfaces.web.pages.requester.project import overview
from tagwerk.interfaces.web.posting import see_other

Step = Callable[[ActorRequest, Frame], None]
LARGEST_PILOT = 1_000_000_000


@require_POST
@project_page(Permission.PROJECT_MANAGE)
def project_step(request: ActorRequest, frame: Frame, step: str) -> HttpResponse:
    """Take one step; a refused one is shown on the overview, with what was filled in."""
    action, said = STEPS[step]
    try:
        action(request, frame)
    except (NotFound, NotAllowed) as refusal:
        if refusal.code != "organisation_not_approved":
            raise
        return overview(request, frame, refused=refusal, step=step)
    except Refusal as refusal:
        return overview(request, frame, refused=refusal, step=step)
    messages.success(request, _(said if frame.project.paid else UNPAID.get(step, said)))
    return see_other(frame.url(OVERVIEW))


def _launch(request: ActorRequest, frame: Frame) -> None:
    tasks = pilot_in(request)
    work.launch(actor=request.actor, project_id=frame.project.id, tasks=tasks, whole=tasks is None)


def pilot_in(request: ActorRequest) -> int | None:
    """The number of tasks of a pilot; None for all of them."""
    text = request.POST.get("tasks", "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:12]) <= LARGEST_PILOT:
        raise Invalid(
            "pilot_unfit",
            "For a pilot write how many tasks, such as 50; for all of them leave it empty.",
            path="tasks",
        )
    return int(text)


def _raise(request: ActorRequest, frame: Frame) -> None:
    amount = micros_of(request.POST.get("budget", "").strip().replace(",", "."), path="budget")
    projects.raise_budget(actor=request.actor, project_id=frame.project.id, amount_micros=amount)


def _pause(request: ActorRequest, frame: Frame) -> None:
    projects.pause_project(actor=request.actor, project_id=frame.project.id)


def _resume(request: ActorRequest, frame: Frame) -> None:
    projects.resume_project(actor=request.actor, project_id=frame.project.id)


def _finish(request: ActorRequest, frame: Frame) -> None:
    projects.finish_project(actor=request.actor, project_id=frame.project.id)


def _archive(request: ActorRequest, frame: Frame) -> None:
    projects.archive_project(actor=request.actor, project_id=frame.project.id)


STEPS: dict[str, tuple[Step, str]] = {
    "launch": (_launch, gettext_noop("The project is running: people can take its tasks.")),
    "pause": (_pause, gettext_noop("The project is paused. What people hold they may still hand in.")),
    "resume": (_resume, gettext_noop("The project is running again.")),
    "budget": (_raise, gettext_noop("The budget is raised.")),
    "finish": (_finish, gettext_noop("The project is finished. What people hold they may still hand in; then the rest of the money goes back.")),
    "archive": (_archive, gettext_noop("The project is archived.")),
}  # fmt: skip
UNPAID = {"finish": gettext_noop("The project is finished. What people hold they may still hand in.")}
