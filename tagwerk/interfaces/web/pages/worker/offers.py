"""Projects as workers choose among them: what an hour pays and how it is known, what is left, what is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tagwerk.domain.academy import queries as academy
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Wage
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import (
    MOST_LEFT,
    AvailableProject,
    Decisions,
    Entered,
    ProjectPace,
    WorkerPay,
)
from tagwerk.domain.work.rules.factors import plan_of
from tagwerk.domain.work.rules.units import NONE_BP
from tagwerk.domain.work.rules.wages import Wages
from tagwerk.interfaces.web.fee_words import offer_fee_text
from tagwerk.interfaces.web.formats import duration_text, number_text, percent_text
from tagwerk.interfaces.web.pages.worker.access import hourly_micros, language_of
from tagwerk.interfaces.web.pages.worker.words import (
    IDLE,
    SENSITIVE,
    Titles,
    WhyNot,
    needs_of,
    pause_text,
    why_not,
)
from tagwerk.interfaces.web.pay_words import own_pay_text, own_usual_text, people_lines
from tagwerk.interfaces.web.wage_words import earners_text

MOST_OFFERS = 200  # the newest: they are sorted and sifted here, not in the database
KINDS: dict[str, Any] = {
    "choice": gettext_lazy("Choosing"),
    "rating": gettext_lazy("Rating"),
    "comparison": gettext_lazy("Comparing"),
    "text": gettext_lazy("Writing"),
}


@dataclass(frozen=True)
class Offer:
    """A project as one worker finds it, with what is known about its pay and its requester."""

    found: AvailableProject
    organisation: str
    pace: ProjectPace | None
    decisions: Decisions | None
    titles: Titles  # of the qualifications that it asks for, by slug
    wages: Wages | None = None
    floor: Wage | None = None  # the minimum wage that the reader compares with
    mine: WorkerPay | None = None  # where people are paid differently: this one

    @property
    def project(self) -> ProjectView:
        """The project."""
        return self.found.project

    @property
    def language_tag(self) -> str:
        """The language of its texts."""
        return str(self.project.file.get("language", ""))

    @property
    def language(self) -> str:
        """That language by name."""
        return language_of(self.project)

    @cached_property
    def kinds(self) -> list[str]:
        """The kinds of its questions, each once."""
        asked: list[dict[str, dict[str, Any]]] = self.project.file["ask"]
        return list(dict.fromkeys(str(one["kind"]) for named in asked for one in named.values()))

    @property
    def kind_words(self) -> list[Any]:
        """The same in words."""
        return [KINDS.get(kind, kind) for kind in self.kinds]

    @property
    def measured(self) -> ProjectPace | None:
        """The pace, where enough answers were measured."""
        return self.pace if self.pace and self.pace.is_enough else None

    @property
    def seconds(self) -> float:
        """Of work for one task: as measured, else as the requester estimates."""
        return self.measured.seconds if self.measured else float(self.project.estimate_seconds)

    @property
    def hourly_micros(self) -> int:
        """What an hour of work pays; of the measured ones, rejected answers pay nothing."""
        share = self.measured.paid_share if self.measured else 1.0
        mine = self.mine.bp if self.mine else NONE_BP
        if self.project.hour_micros:
            return round(self.project.hour_micros * share * mine / NONE_BP)
        return hourly_micros(round(self.project.usual_micros * share * mine / NONE_BP), self.seconds)

    @property
    def pay(self) -> str:
        """What a task pays this worker."""
        return own_pay_text(self.project, self.mine)

    @property
    def usual_pay(self) -> str:
        """The same in one amount."""
        return own_usual_text(self.project, self.mine)

    @property
    def fee(self) -> str:
        """Who gets what of the price of an answer; empty where nothing is paid."""
        return offer_fee_text(self.project, self.mine.bp if self.mine else NONE_BP)

    @property
    def people_lines(self) -> list[str]:
        """Who is paid more than others, and where this worker stands."""
        if self.mine is None:
            return []
        slug = self.mine.plan.qualification
        return people_lines(self.project, self.titles.get(slug, slug), self.mine)

    @property
    def basis(self) -> str:
        """How the pay for an hour and the time for a task are known."""
        if self.measured is None:
            return _("the requester's estimate")
        count = self.measured.answers
        return ngettext("{count} answer", "{count} answers", count).format(count=number_text(count))

    @property
    def earners(self) -> str:
        """How many people of this project earn at least the minimum wage."""
        return earners_text(self.wages, self.floor, self.project.currency)

    @property
    def left(self) -> str:
        """How many tasks are there for this worker."""
        count = self.found.tasks_left
        if count >= MOST_LEFT:
            return _("more than {count} tasks for you").format(count=number_text(MOST_LEFT - 1))
        return ngettext("{count} task for you", "{count} tasks for you", count).format(count=count)

    @property
    def needs(self) -> list[str]:
        """What the project asks of those who work on it."""
        return needs_of(self.project.audience, self.titles)

    @property
    def sensitive(self) -> Any:
        """The warning of a sensitive project."""
        return SENSITIVE.get(self.project.sensitivity)

    @property
    def why_not(self) -> list[WhyNot]:
        """What stands in the way."""
        return why_not(self.found.reasons, self.titles)

    @property
    def paused(self) -> str:
        """Why this worker gets no more of it."""
        reason = self.found.pause_reason
        return pause_text(reason, paid=self.project.paid) if reason else ""

    @property
    def idle(self) -> tuple[Any, Any] | None:
        """Why there is no task at the moment, and what happens next."""
        return IDLE.get(self.found.idle) if self.found.idle else None

    @property
    def is_ready(self) -> bool:
        """Whether there is something for this worker to do now."""
        return self.found.is_open_to_me and bool(self.found.tasks_left or self.found.held)

    @property
    def starts_at_once(self) -> bool:
        """Whether one button leads to the next task: the project is known to the worker, and warns of nothing new."""
        known = bool(self.found.submitted or self.found.held)
        return known and (not self.sensitive or self.found.consented)

    @property
    def approval(self) -> str:
        """How the requester decides, or what happens where nobody decides."""
        after = duration_text(self.project.approve_after_seconds)
        decided = self.decisions.decided if self.decisions else 0
        if self.decisions is None or decided < work.ENOUGH_ANSWERS:
            return _("Without a decision an answer is approved after {time}.").format(time=after)
        share, basis = percent_text(self.decisions.approved_share), number_text(decided)
        if self.pace and self.pace.wait_seconds is not None:
            said = _("{share} of {count} answers approved, half of them within {time}.")
            return said.format(share=share, count=basis, time=duration_text(max(60, self.pace.wait_seconds)))
        return _("{share} of {count} answers approved, at the latest after {time}.").format(
            share=share, count=basis, time=after
        )


def offers_for(person_id: int, *, in_full: bool = True) -> list[Offer]:
    """The open projects that exist for a worker, those that pay most for an hour first; in full: also how requesters
    decide, and the titles of qualifications."""
    found = made(work.available_projects(person_id, limit=MOST_OFFERS), person_id, in_full=in_full)
    return sorted(found, key=lambda one: (-one.hourly_micros, -one.project.id))


def offer_of(entered: Entered, person_id: int) -> Offer:
    """One project, as the worker who opened it finds it; how many tasks are left is not looked at."""
    mine = entered.enrolment
    found = AvailableProject(
        project=entered.project, eligible=not entered.reasons, reasons=entered.reasons,
        pause_reason=mine.pause_reason if mine else None, has_tasks=True,
        held=mine.held if mine else 0, submitted=mine.submitted if mine else 0, consented=not entered.needs_consent,
    )  # fmt: skip
    return made([found], person_id)[0]


def made(found: Sequence[AvailableProject], person_id: int, *, in_full: bool = True) -> list[Offer]:
    """Offers as a person finds them, in as many questions as for one."""
    owners = {one.project.organisation_id for one in found}
    names = accounts.organisation_names(owners)
    paid = [one.project.id for one in found if one.project.paid]
    paces = work.paces_of(paid)
    wages = work.wages_in(paid)
    floors = (
        work.floors_for(accounts.person(person_id).country, owners, timezone.localdate()) if wages else None
    )
    decisions = work.decisions_of(owners) if in_full else {}
    varied = work.pay_of_worker([one.project for one in found], person_id)
    asked = {slug for one in found for slug in _qualifications(one)} if in_full else set()
    titles = academy.titles_of(owners, asked) if asked else {}
    return [
        Offer(
            one,
            names[one.project.organisation_id],
            paces.get(one.project.id),
            decisions.get(one.project.organisation_id),
            {slug: titles.get((one.project.organisation_id, slug), slug) for slug in _qualifications(one)},
            wages[one.project.id].wages if one.project.id in wages else None,
            floors.floor(one.project) if floors else None,
            varied.get(one.project.id),
        )
        for one in found
    ]


def _qualifications(found: AvailableProject) -> list[str]:
    level = plan_of(found.project.file).qualification
    return [*(found.project.audience.get("qualifications") or ()), *([level] if level else [])]
