"""What a project will cost, how long it takes and how right it will be; every assumption can be changed on the page."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects.rules import State
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import Measured
from tagwerk.domain.work.queries import Estimate
from tagwerk.domain.work.rules.estimating import Assumptions, Case, Source, forecast
from tagwerk.inference import redundancy
from tagwerk.interfaces.web import plots
from tagwerk.interfaces.web.formats import duration_text, money_text, number_text, percent_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.estimate_form import EstimateForm
from tagwerk.interfaces.web.pages.requester.frame import ADD, OVERVIEW, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.setup_frame import cents_up
from tagwerk.interfaces.web.posting import page_with_form

EXAMPLE_TASKS = 1_000  # where there are none yet
REDUNDANCIES = (1, 3, 5, 7, 9)  # an even number of answers adds nothing to a majority
WHOLE = 10_000
TABS = (
    ("project_estimate", gettext_noop("Estimate")),
    ("project_variants", gettext_noop("Compare ways")),
    ("project_next_batch", gettext_noop("Next batch")),
)


@require_safe
@project_page(Permission.MONEY_VIEW)
def project_estimate(request: ActorRequest, frame: Frame) -> HttpResponse:
    """Low, likely and high; the split of every euro; what more answers are worth."""
    project = frame.project
    measured = quality.measured_in(project)
    base = as_example(quality.estimate_of(project, measured=measured))
    form = EstimateForm(request.GET if "tasks" in request.GET else None, base.assumptions, project.currency, paid=project.paid)  # fmt: skip
    given = form.given() if form.is_bound and form.is_valid() else {}
    found = replace(base, assumptions=base.assumptions.said(given, Source.GIVEN))
    values = framed(
        frame, ADD if project.state is State.DRAFT else OVERVIEW,
        form=form, estimate=found, is_example=not base.tasks, changed=bool(given),
        parts=estimate_tabs(frame, "project_estimate"),
        lines=lines(found, project.paid), split=_split(found) if project.paid else None,
        votes=_votes(found.assumptions, measured), redundancy=_redundancy(found, measured),
        cap_micros=cents_up(found.cap_micros), over=_over(found),
        gold=measured.gold, times=measured.times,
    )  # fmt: skip
    form.assumptions = found.assumptions
    return page_with_form(request, "pages/requester/project_estimate.html", values)


def as_example(found: Estimate) -> Estimate:
    """With so many tasks as an example, where there are none yet and nobody said how many."""
    if found.assumptions.tasks:
        return found
    return replace(found, assumptions=found.assumptions.said({"tasks": EXAMPLE_TASKS}, Source.DEFAULT))


def estimate_tabs(frame: Frame, current: str) -> list[dict[str, Any]]:
    """The pages about what a project costs."""
    return [
        {"label": _(label), "href": frame.url(name), "current": name == current}
        for name, label in TABS
        if frame.project.paid or name != "project_variants"
    ]


@dataclass(frozen=True)
class Line:
    """A row of the table: low, likely, high."""

    label: str
    cells: tuple[str, str, str]
    strong: bool = False


def lines(found: Estimate, paid: bool) -> list[Line]:
    """The three cases as rows; what is not known has none."""
    cases, currency = found.forecast.cases, found.currency
    rows: list[tuple[str, list[str | None], bool]] = []

    def add(label: str, write: Any, *, strong: bool = False) -> None:
        rows.append((label, [write(case) for case in cases], strong))

    if paid:
        add(_("Cost with the fee"), lambda one: money_text(cents_up(one.net_micros), currency), strong=True)
        add(_("of it to workers"), lambda one: money_text(cents_up(one.pay_micros), currency))
        add(_("of it fee"), lambda one: money_text(cents_up(one.fee_micros), currency))
        add(_("VAT on top"), lambda one: None if one.vat_micros is None else money_text(cents_up(one.vat_micros), currency))  # fmt: skip
    add(_("Results that are right"), lambda one: None if one.accuracy is None else percent_text(one.accuracy), strong=True)  # fmt: skip
    add(_("Days"), lambda one: days_text(one), strong=True)
    if paid:
        add(_("An hour of work pays"), lambda one: None if one.hourly_micros is None else money_text(one.hourly_micros // 10_000 * 10_000, currency))  # fmt: skip
        add(_("For each right result"), lambda one: _per_right(one, found.assumptions.tasks, currency))
    add(_("Answers for each task"), lambda one: number_text(round(one.answers_per_task, 2)))
    add(_("Answers, with gold and what is done again"), lambda one: number_text(one.answers))
    add(_("Working time"), lambda one: None if one.seconds is None else duration_text(one.seconds))
    add(
        _("Time of your reviewers"),
        lambda one: duration_text(one.review_seconds) if one.review_seconds else None,
    )
    add(_("Cost of your reviewers"), lambda one: money_text(cents_up(one.review_micros), currency) if one.review_micros else None)  # fmt: skip
    return [
        Line(label, (low or "–", mid or "–", high or "–"), strong)
        for label, (low, mid, high), strong in rows
        if low or mid or high
    ]


def days_text(case: Case) -> str | None:
    """How many days it takes; None where no time is known."""
    if case.days is None:
        return None
    return _("under 1") if case.days < 1 else number_text(round(case.days, 1))


def _per_right(case: Case, tasks: int, currency: str) -> str | None:
    micros = case.per_right_micros(tasks)
    return None if micros is None else money_text(-(-micros // 1_000) * 1_000, currency)


def _split(found: Estimate) -> plots.Plot:
    case, rests_on = found.forecast.mid, found.assumptions
    vat = case.vat_micros or 0
    parts = [(_("Workers"), case.pay_micros, "ok"), (_("Operator"), case.fee_micros, "info")]
    if rests_on.vat_bp is not None:
        parts.append((_("VAT"), vat, "rest"))
    whole = case.net_micros + vat
    return plots.parts(
        title=_("Where each {unit} goes").format(unit=found.currency), name_label=_("To"), value_label=_("Of the price"),
        parts=[(label, value / whole if whole else 0.0, tone) for label, value, tone in parts],
        whole=1.0 if whole else 0.0, measure=plots.Measure(percent=True), basis=_("of the likely cost"),
    )  # fmt: skip


def _votes(given: Assumptions, measured: Measured) -> plots.Plot | None:
    """A fixed number of answers by majority: independent workers, and what gold really showed."""
    if given.classes < 2:
        return None
    accuracy = redundancy.within(given.accuracy_bp / WHOLE)
    known = {k: share for k, share, _tasks in measured.gold.votes} if measured.gold else {}
    series = [
        plots.Series(
            _("if errors were independent"), [redundancy.majority(accuracy, k) for k in REDUNDANCIES]
        )
    ]
    if known:
        series.append(plots.Series(_("measured on gold"), [known.get(k) for k in REDUNDANCIES]))
    basis = _("one answer is right in {share}").format(share=percent_text(given.accuracy_bp / WHOLE))
    return plots.line(
        title=_("Right by majority, by number of answers"), name_label=_("Answers for each task"),
        names=[number_text(k) for k in REDUNDANCIES], series=series, measure=plots.Measure(percent=True), basis=basis,
    )  # fmt: skip


@dataclass(frozen=True)
class Redundancy:
    """What a fixed number of answers costs and brings."""

    answers: str
    cost: str
    right: str
    measured: str
    tasks: str


def _redundancy(found: Estimate, measured: Measured) -> list[Redundancy]:
    given = found.assumptions
    if given.classes < 2:
        return []
    known = {k: (share, tasks) for k, share, tasks in measured.gold.votes} if measured.gold else {}
    rows = []
    for k in REDUNDANCIES:
        case = forecast(given.said({"least": k, "most": k}, Source.GIVEN)).mid
        share, tasks = known.get(k, (None, 0))
        rows.append(
            Redundancy(
                number_text(k), money_text(cents_up(case.net_micros), found.currency) if given.reward_micros else "–",
                percent_text(redundancy.majority(redundancy.within(given.accuracy_bp / WHOLE), k)),
                "–" if share is None else percent_text(share), number_text(tasks) if tasks else "",
            )
        )  # fmt: skip
    return rows


def _over(found: Estimate) -> bool:
    """Whether what is likely does not fit under the cap; with other tasks than the project's own, nobody can say."""
    return (
        found.assumptions.source("tasks") is Source.FILE
        and found.budget_micros is not None
        and found.forecast.mid.net_micros > found.budget_micros
    )
