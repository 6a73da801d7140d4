"""Pages about qualifications, an organisation's own and those of the instance: what both share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tagwerk.base.errors import NotFound, Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import micros_of
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy import queries
from tagwerk.domain.academy.actions import GrantReport
from tagwerk.domain.academy.queries import LookedAt, PlanOfTest, QualificationView
from tagwerk.domain.academy.rules import (
    UNPAID_MINUTES,
    GrantRow,
    Source,
    TestPay,
    grants_of_csv,
    grants_of_lines,
)
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Wage
from tagwerk.domain.designs import actions as designs
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.work import actions as work
from tagwerk.interfaces.web.formats import hourly_text, money_text, number_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.labels import SOURCES
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.qualifying_forms import (
    EntryTest,
    Grant,
    GrantLines,
    GrantList,
    Qualification,
)
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.posting import page_with_form, see_other

SHOWN = 50
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Shelf:
    """Whose qualifications these pages are about: of an organisation, or (None) of the instance."""

    organisation_id: int | None
    urls: str  # how the names of their URLs begin
    args: tuple[str, ...]  # what these URLs need: the organisation's public id, or nothing
    templates: str
    frame: dict[str, Any] = field(default_factory=dict)

    def url(self, name: str, *args: str) -> str:
        """The address of a page of this shelf."""
        return reverse(f"{self.urls}{name}", args=[*self.args, *args])


def list_page(request: ActorRequest, shelf: Shelf) -> HttpResponseBase:
    """The qualifications, and a new one."""
    form = Qualification(request.POST or None)
    if request.method == "POST" and form.carry_out(
        lambda given: projects.create_qualification(
            actor=request.actor, organisation_id=shelf.organisation_id, **given
        )
    ):
        one = shelf.url("qualification", public_id("qlf", form.result))
        return see_other(
            one, said=_("The qualification is made. Now grant it, or give it a test."), request=request
        )
    found = queries.qualifications_for(request.actor, shelf.organisation_id)
    lines = [(one, shelf.url("qualification", public_id("qlf", one.id))) for one in found]
    values = shelf.frame | {"lines": lines, "form": form}
    return page_with_form(request, f"pages/{shelf.templates}qualifications.html", values)


def one_page(request: ActorRequest, shelf: Shelf, qualification: str) -> HttpResponseBase:
    """One qualification; each of its forms names itself in `what`."""
    found = qualification_on(request, shelf, qualification)
    what = request.POST.get("what", "")
    if request.method != "POST":
        return _page(request, shelf, found)
    if what not in _POSTS:
        raise NotFound("page_not_found", "There is nothing here.")
    return _POSTS[what](request, shelf, found)


def qualification_on(request: ActorRequest, shelf: Shelf, qualification: str) -> QualificationView:
    """The qualification of the page's address, if it stands on this shelf."""
    found = queries.qualification_for(request.actor, row_number("qlf", qualification))
    if found.organisation_id != shelf.organisation_id:
        raise NotFound("qualification_not_found", "There is no such qualification.")
    return found


def _describe(request: ActorRequest, shelf: Shelf, found: QualificationView) -> HttpResponseBase:
    form = Qualification(request.POST, slug=found.slug)
    if form.carry_out(
        lambda given: academy.update_qualification(
            actor=request.actor,
            qualification_id=found.id,
            title=given["title"],
            description=given["description"],
        )
    ):
        return _back(request, shelf, found, _("Saved."))
    return _page(request, shelf, found, form=form)


def _grant(request: ActorRequest, shelf: Shelf, found: QualificationView) -> HttpResponseBase:
    form = Grant(request.POST)

    def grant(given: dict[str, Any]) -> None:
        row = GrantRow(
            1, given["worker"], given["score"], given["expires"].isoformat() if given["expires"] else ""
        )
        report = _granted(request, found, [row], Source.GRANTED)
        for bad in report.bad:
            raise bad.reason

    if form.carry_out(grant):
        return _back(request, shelf, found, _("The qualification is granted."))
    return _page(request, shelf, found, grant_form=form)


def _grant_list(request: ActorRequest, shelf: Shelf, found: QualificationView) -> HttpResponseBase:
    form = GrantList(request.POST, request.FILES)
    granted = form.carry_out(lambda given: _granted(request, found, grants_of_csv(given["file"]), Source.CSV))
    if not granted:
        return _page(request, shelf, found, list_form=form)
    report: GrantReport = form.result
    if not report.bad:
        said = _("Granted: {granted}. Revoked: {revoked}. Unchanged: {unchanged}.")
        counts = {"granted": report.granted, "revoked": report.revoked, "unchanged": report.unchanged}
        return _back(request, shelf, found, said.format(**counts))
    bad = [(one.number, _reason(one.reason)) for one in report.bad]
    return _page(request, shelf, found, report=report, bad=bad)


def _grant_lines(request: ActorRequest, shelf: Shelf, found: QualificationView) -> HttpResponseBase:
    """A pasted list: first it is shown what each line would do; what could not be granted stays to be mended."""
    form = GrantLines(request.POST)

    def look(given: dict[str, Any]) -> list[LookedAt]:
        until = given["expires"].isoformat() if given["expires"] else ""
        rows = grants_of_lines(given["workers"], score=given["score"], expires=until)
        return queries.look_at_grants(request.actor, found.id, rows)

    if not form.carry_out(look):
        return _page(request, shelf, found, lines_form=form)
    looked: list[LookedAt] = form.result
    good = [one.row for one in looked if one.wrong is None]
    if "carry-out" not in request.POST or not good:
        return _page(request, shelf, found, lines_form=form, **_looked(looked))
    report = _granted(request, found, good, Source.GRANTED)
    counts = {"granted": report.granted, "unchanged": report.unchanged}
    said = _("Granted: {granted}. Unchanged: {unchanged}.").format(**counts)
    late = {one.number for one in report.bad}  # somebody changed something between the look and the grant
    wrong = [one for one in looked if one.wrong is not None or one.row.number in late]
    if not wrong:
        return _back(request, shelf, found, said)
    text = request.POST["workers"].splitlines()
    left = request.POST.dict() | {"workers": "\n".join(text[one.row.number - 1] for one in wrong)}
    form = GrantLines(left)
    form.carry_out(look)
    return _page(request, shelf, found, lines_form=form, lines_said=said, **_looked(form.result))


def _looked(looked: list[LookedAt]) -> dict[str, Any]:
    """What the page shows of a list that was looked at: what is wrong first."""
    lines = [(one, refusal_text(one.wrong) if one.wrong else "") for one in looked]
    return {
        "looked": sorted(lines, key=lambda line: line[0].wrong is None),
        "looked_wrong": sum(one.wrong is not None for one in looked),
        "looked_changes": sum(one.changes for one in looked),
    }


def _granted(
    request: ActorRequest, found: QualificationView, rows: Sequence[GrantRow], source: Source
) -> GrantReport:
    """Granted, and whoever works on something that asks for it may go on, or not, from the next task on."""
    report = academy.grant_list(actor=request.actor, qualification_id=found.id, rows=rows, source=source)
    for person_id in report.people:
        work.refresh_enrolments(person_id=person_id)
    return report


def _reason(refusal: Refusal) -> str:
    return f"{refusal.path}: {refusal_text(refusal)}" if refusal.path else refusal_text(refusal)


def _revoke(request: ActorRequest, shelf: Shelf, found: QualificationView) -> HttpResponseBase:
    number = row_number("hld", request.POST.get("holding", ""))
    work.refresh_enrolments(person_id=academy.revoke_holding(actor=request.actor, holding_id=number))
    return _back(request, shelf, found, _("The qualification is revoked; from the next task on it counts."))


def _retire(request: ActorRequest, shelf: Shelf, found: QualificationView) -> HttpResponseBase:
    academy.retire_qualification(actor=request.actor, qualification_id=found.id)
    return _back(request, shelf, found, _("No new project can require the qualification any more."))


def _define_test(request: ActorRequest, shelf: Shelf, found: QualificationView) -> HttpResponseBase:
    form = EntryTest(request.POST, request.FILES, owners=_owners(request, shelf))

    def define(given: dict[str, Any]) -> int:
        owner_id = shelf.organisation_id or row_number("org", given["owner"])
        design = designs.save_design(organisation_id=owner_id, file=given["design"])
        return academy.define_entry_test(
            actor=request.actor,
            qualification_id=found.id,
            design_id=design.id,
            rows=given["tasks"],
            draw=given["draw"],
            pass_mark=given["pass_mark"],
            tolerance=given["tolerance"] / 100,
            retry_after_seconds=given["retry_after_days"] * DAY_SECONDS,
            holding_seconds=given["holding_days"] * DAY_SECONDS if given["holding_days"] else None,
            minutes=given["minutes"],
            pay=_pay(given, _currency(shelf)),
        )

    if form.carry_out(define):
        return _back(request, shelf, found, _("The entry test is offered from now on."))
    return _page(request, shelf, found, test_form=form)


def _pay(given: dict[str, Any], currency: str) -> TestPay | None:
    if not given["pay"]:
        return None
    pay_micros = micros_of(given["pay"].replace(",", "."), path="pay")
    return TestPay(pay_micros, currency, given["paid_from"], given["paid_attempts"] or 0)


def _currency(shelf: Shelf) -> str:
    """The operator's own, for tests of the instance."""
    if shelf.organisation_id is None:
        return accounts.instance().currency
    return accounts.organisation(shelf.organisation_id).currency


def _floor(shelf: Shelf) -> Wage | None:
    """The minimum wage where the organisation is; of tests of the instance nobody knows where."""
    country = accounts.organisation(shelf.organisation_id).country if shelf.organisation_id else ""
    return accounts.floor_for(country, timezone.localdate())


def _plan_facts(plan: PlanOfTest, floor: Wage | None) -> dict[str, Any]:
    """What a test takes and pays, in words; whether it would have to pay and does not, and whether it pays little."""
    minutes = plan.measured_minutes or plan.minutes or 0
    pay = plan.pay
    hourly = round(pay.pay_micros * 60 / minutes) if pay and minutes else 0
    little = floor and pay and minutes and floor.currency == pay.currency and hourly < floor.per_hour_micros
    return {
        "minutes": number_text(round(minutes)) if minutes else "",
        "pay": money_text(pay.pay_micros, pay.currency) if pay else "",
        "hourly": hourly_text(hourly, pay.currency) if pay and minutes else "",
        "floor": hourly_text(floor.per_hour_micros, floor.currency) if floor and little else "",
        "has_to_pay": pay is None and (plan.measured_minutes or 0) > UNPAID_MINUTES,
    }


def _close_test(request: ActorRequest, shelf: Shelf, found: QualificationView) -> HttpResponseBase:
    academy.close_entry_test(actor=request.actor, qualification_id=found.id)
    return _back(request, shelf, found, _("The entry test is offered no more."))


_POSTS = {
    "describe": _describe,
    "grant": _grant,
    "list": _grant_list,
    "lines": _grant_lines,
    "revoke": _revoke,
    "retire": _retire,
    "test": _define_test,
    "close": _close_test,
}


def _owners(request: ActorRequest, shelf: Shelf) -> list[tuple[str, str]]:
    """Designs belong to organisations: for a test of the instance one of the operator's own keeps it."""
    if shelf.organisation_id is not None:
        return []
    return [(public_id("org", one.id), one.name) for one in accounts.organisations_of(request.actor)]


def _back(request: ActorRequest, shelf: Shelf, found: QualificationView, said: str) -> HttpResponseBase:
    return see_other(shelf.url("qualification", public_id("qlf", found.id)), said=said, request=request)


def _page(request: ActorRequest, shelf: Shelf, found: QualificationView, **given: Any) -> HttpResponseBase:
    holders = queries.holders_page(request.actor, found.id, before=place(request, "hld"), limit=SHOWN + 1)
    page = cut(request, holders, SHOWN, lambda holder: public_id("hld", holder.id))
    owners = _owners(request, shelf)
    plan = queries.plan_of_test(request.actor, found.id)
    values = {
        "qualification": found,
        "list_url": shelf.url("qualifications"),
        "page": page,
        "holders": [(one, SOURCES.get(one.source, one.source)) for one in page.lines],
        "plan": plan,
        "plan_facts": _plan_facts(plan, _floor(shelf)) if plan else {},
        "can_test": shelf.organisation_id is not None or bool(owners),
        "form": Qualification(
            slug=found.slug, initial={"title": found.title, "description": found.description}
        ),
        "grant_form": Grant(initial={"score": 100}),
        "list_form": GrantList(),
        "lines_form": GrantLines(),
        "test_form": EntryTest(owners=owners),
    }
    return page_with_form(request, f"pages/{shelf.templates}qualification.html", shelf.frame | values | given)
