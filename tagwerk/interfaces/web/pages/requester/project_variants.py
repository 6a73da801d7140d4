"""Ways of getting a project's tasks done, side by side: what a right result costs by each."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects.rules import State
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.work.rules.comparing import Variant, Way, variants
from tagwerk.domain.work.rules.estimating import Assumptions, Source
from tagwerk.interfaces.web import plots
from tagwerk.interfaces.web.formats import money_text, number_text, percent_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.estimate_form import COMPARED, SOURCES, EstimateForm
from tagwerk.interfaces.web.pages.requester.frame import ADD, OVERVIEW, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.project_estimate import as_example, estimate_tabs
from tagwerk.interfaces.web.pages.requester.setup_frame import cents_up
from tagwerk.interfaces.web.posting import page_with_form

WAYS = {
    Way.PLAN: gettext_noop("As planned, until certain"),
    Way.ONE: gettext_noop("One answer for each"),
    Way.THREE: gettext_noop("Three answers, majority"),
    Way.FIVE: gettext_noop("Five answers, majority"),
    Way.EXPERT: gettext_noop("One expert’s answer"),
    Way.MODEL: gettext_noop("A model alone"),
    Way.MODEL_AND_PEOPLE: gettext_noop("A model, and people where it is not sure"),
}
MILLI_MICROS = 1_000


@dataclass(frozen=True)
class Line:
    """One way as a row."""

    label: str
    cost: str
    right: str
    per_right: str
    answers: str
    days: str
    source: str
    is_default: bool
    is_best: bool


@require_safe
@project_page(Permission.MONEY_VIEW)
def project_variants(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The table and the plot; every number that they rest on can be changed."""
    project = frame.project
    if not project.paid:
        raise Http404
    measured = quality.measured_in(project)
    base = as_example(quality.estimate_of(project, measured=measured))
    form = EstimateForm(
        request.GET if "tasks" in request.GET else None, base.assumptions, project.currency, paid=True, first=COMPARED, more=(),
    )  # fmt: skip
    given = form.given() if form.is_bound and form.is_valid() else {}
    rests_on = base.assumptions.said(given, Source.GIVEN)
    form.assumptions = rests_on
    votes = {k: share for k, share, _tasks in measured.gold.votes} if measured.gold else {}
    # Gold tells of the answers that were given; with another accuracy put in, it tells nothing.
    found = variants(rests_on, {} if "accuracy_bp" in given else votes)
    values = framed(
        frame, ADD if project.state is State.DRAFT else OVERVIEW,
        form=form, parts=estimate_tabs(frame, "project_variants"), is_example=not base.tasks,
        lines=_lines(found, rests_on, project.currency), plot=_plot(found, project.currency),
        gold=measured.gold,
    )  # fmt: skip
    return page_with_form(request, "pages/requester/project_variants.html", values)


def _lines(found: list[Variant], given: Assumptions, currency: str) -> list[Line]:
    sources = [_source(one, given) for one in found]
    told = [one.per_right_micros for one, (_words, is_default) in zip(found, sources, strict=True) if one.per_right_micros and not is_default]  # fmt: skip
    best = min(told, default=None)
    return [
        Line(
            _(WAYS[one.way]), money_text(cents_up(one.net_micros), currency), percent_text(one.accuracy),
            _per_right(one, currency), number_text(one.answers), _days(one.days), words, is_default,
            best is not None and not is_default and one.per_right_micros == best,
        )
        for one, (words, is_default) in zip(found, sources, strict=True)
    ]  # fmt: skip


def _source(one: Variant, given: Assumptions) -> tuple[str, bool]:
    """Where a way's accuracy comes from, in words, and whether that is a default."""
    if one.is_measured:
        return _("measured on gold"), False
    sources = {given.source(name) for name in one.rests_on or ("accuracy_bp",)}
    if Source.DEFAULT in sources:
        return _("a default"), True
    if not one.rests_on and Source.MEASURED in sources:
        return _("computed from single answers to gold"), False
    return str(SOURCES[next(iter(sources))]), False


def _days(days: float | None) -> str:
    if days is None:
        return "–"
    return _("under 1") if days < 1 else number_text(round(days, 1))


def _per_right(one: Variant, currency: str) -> str:
    micros = one.per_right_micros
    return "–" if micros is None else money_text(-(-micros // MILLI_MICROS) * MILLI_MICROS, currency)


def _plot(found: list[Variant], currency: str) -> plots.Plot:
    return plots.bars(
        title=_("What a right result costs"), name_label=_("Way"), value_label=_("For each right result"),
        bars=[(_(WAYS[one.way]), None if one.per_right_micros is None else -(-one.per_right_micros // MILLI_MICROS) * MILLI_MICROS) for one in found],
        measure=plots.Measure(currency=currency), basis=_("with the fee; wrong results cost as much as right ones"),
    )  # fmt: skip
