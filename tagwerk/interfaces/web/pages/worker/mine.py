"""My work: a worker's assignments, the newest first, with what became of them and what can still be done."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.community import queries as community
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.queries import MyWork
from tagwerk.domain.work.rules.rejecting import WORDS, RejectionCode
from tagwerk.domain.work.rules.states import State
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.showing import excerpt_of
from tagwerk.interfaces.web.pages.worker.task import asking, mine
from tagwerk.interfaces.web.pages.worker.words import ANSWERED, STATES
from tagwerk.interfaces.web.paging import BEFORE, ListPage, cut, place
from tagwerk.interfaces.web.posting import see_other

PAGE = 30
WITHOUT_PAY = (State.RETURNED, State.EXPIRED, State.SKIPPED, State.LATE)
FILTERS: dict[str, tuple[Any, tuple[State, ...]]] = {
    "": (gettext_lazy("All"), ()),
    "held": (gettext_lazy("In your hands"), (State.HELD,)),
    "waiting": (gettext_lazy("Handed in"), (State.SUBMITTED,)),
    "approved": (gettext_lazy("Approved"), (State.APPROVED, State.STOPPED)),
    "rejected": (gettext_lazy("Rejected"), (State.REJECTED,)),
    "other": (gettext_lazy("Not counted"), WITHOUT_PAY),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment in the list; `unread` is None where nothing was written about its task."""

    work: MyWork
    assignment: str
    tone: str
    state: Any
    unread: bool | None
    excerpt: str  # of what its page shows

    @property
    def shows_pay(self) -> bool:
        """Whether it pays, or would have."""
        return bool(self.work.reward_micros) and self.work.state not in WITHOUT_PAY

    @property
    def has_answer(self) -> bool:
        """Whether something was handed in."""
        return self.work.state in ANSWERED

    @property
    def has_time(self) -> bool:
        """Whether it is paid by the hour, so that its time can be seen and corrected."""
        return self.work.by_the_hour and self.work.state in (State.HELD, State.STOPPED, *ANSWERED)

    @property
    def may_object(self) -> bool:
        """Whether a rejection is not final yet."""
        appeal = self.work.appeal_until
        rejected = self.work.state == State.REJECTED and not self.work.contested
        return rejected and appeal is not None and appeal > timezone.now()

    @property
    def why(self) -> str:
        """The reason of a rejection, of the closed list."""
        return _(WORDS[RejectionCode(self.work.rejection_code)]) if self.work.rejection_code else ""


@signed_in
@require_safe
def my_work(request: ActorRequest) -> HttpResponse:
    """The worker's assignments, by keyset; all, or those in some states or of one project."""
    person_id, before = asking(request), place(request, "asg")
    name = request.GET.get("state", "")
    name = name if name in FILTERS else ""
    project_id = row_number("prj", request.GET.get("project", "")) if request.GET.get("project") else None
    found = queries.my_work(
        person_id, project_id=project_id, states=FILTERS[name][1], before=before, limit=PAGE + 1
    )
    unread = community.threads_about(person_id, [one.task_id for one in found])
    seen = _excerpts(person_id, found)
    lines = [
        _line(one, unread.get((one.project_id, one.task_id)), seen.get(one.assignment_id, ""))
        for one in found
    ]
    page = cut(request, lines, PAGE, lambda line: line.assignment)
    values = {
        "page": page,
        "tabs": [
            {"label": words, "href": _address(request, state=key), "current": key == name}
            for key, (words, _states) in FILTERS.items()
        ],
        "filtered": bool(name or project_id),
        "project": found[0].project_title if project_id and found else "",
        "without_project": _address(request, project=""),
        "further": _further(request, person_id, page) if name or project_id else "",
    }
    return render(request, "pages/worker/mine.html", values)


@signed_in
@require_POST
def accept_rejection(request: ActorRequest, assignment: str) -> HttpResponse:
    """The worker does not object to a rejection; somebody else can have the task."""
    actions.waive_appeal(**mine(request, assignment))
    messages.success(request, _("You accepted the rejection. Somebody else gets the task."))
    return see_other("my_work")


def _further(request: HttpRequest, person_id: int, page: ListPage[Line]) -> str:
    """Where to look on if the page is not full, but older work was not looked at."""
    if page.older:
        return ""
    back = queries.looked_back_to(person_id, before=place(request, "asg"))
    return _address(request, **{BEFORE: public_id("asg", back)}) if back else ""


def _address(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    query.pop(BEFORE, None)
    for name, value in changes.items():
        query[name] = value
        if not value:
            query.pop(name)
    return f"?{query.urlencode()}" if query else request.path


def _excerpts(person_id: int, found: list[MyWork]) -> dict[int, str]:
    seen = queries.seen_in(person_id, [one.assignment_id for one in found]) if found else {}
    return {
        number: excerpt_of(designs.design(design_id), data, number)
        for number, (design_id, data) in seen.items()
    }


def _line(found: MyWork, unread: bool | None, excerpt: str) -> Line:
    tone, state = STATES[found.state]
    return Line(found, public_id("asg", found.assignment_id), tone, state, unread, excerpt)
