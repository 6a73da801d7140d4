"""Whether one batch more is worth its price: advice from how right a model was with fewer labels. Nothing is kept."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tagwerk.base.errors import Invalid
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects.rules import State
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.work.rules.next_batch import LARGEST, NextBatch, next_batch, read_points
from tagwerk.interfaces.web import plots
from tagwerk.interfaces.web.formats import money_text, number_text, percent_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.frame import ADD, OVERVIEW, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.project_estimate import as_example, estimate_tabs
from tagwerk.interfaces.web.pages.requester.setup_frame import cents_up
from tagwerk.interfaces.web.posting import PageForm, page_with_form

MOST_BYTES = 100_000
STEPS = 6  # places of the curve ahead


class BatchForm(PageForm):
    """Points, how many labels more, perhaps a target."""

    points = forms.CharField(
        label=gettext_lazy("Labels and accuracy, one measurement in each line"), max_length=MOST_BYTES, required=False,
        help_text=gettext_lazy("Such as “400, 0.83”: how right your model is on a test set when it has learned from so many labels. Five numbers of labels at least, each measured three times, with other seeds or folds."),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )  # fmt: skip
    file = forms.FileField(label=gettext_lazy("Or a CSV file of these lines"), required=False)
    more = forms.IntegerField(label=gettext_lazy("Labels more"), min_value=1, max_value=LARGEST)
    target = forms.CharField(
        label=gettext_lazy("Accuracy that you want, in per cent"), max_length=10, required=False
    )

    def clean_target(self) -> float | None:
        """As a share of one."""
        text = self.cleaned_data["target"].strip().replace(",", ".").removesuffix("%")
        if not text:
            return None
        try:
            share = float(Decimal(text)) / 100
        except ArithmeticError:
            share = -1.0
        if not 0.0 < share <= 1.0:
            raise forms.ValidationError(_("Write a number from 0 to 100."))
        return share

    def text(self) -> str:
        """What was sent: the file, or else the lines."""
        file = self.cleaned_data.get("file")
        if not file:
            return str(self.cleaned_data["points"])
        if file.size > MOST_BYTES:
            raise Invalid("curve_too_many", "No more than {most} points.", path="file", most=1_000)
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise Invalid("file_unreadable", "{file} is not UTF-8 text.", path="file", file=str(file.name)) from None  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@project_page(Permission.MONEY_VIEW)
def project_next_batch(request: ActorRequest, frame: Frame) -> HttpResponse:
    """Points come in, advice goes out; the project and its money stay as they are."""
    project = frame.project
    label_micros = _label_micros(frame)
    form = BatchForm(request.POST, request.FILES) if request.method == "POST" else BatchForm()
    found: NextBatch | None = None
    points: list[tuple[int, float]] = []
    if form.is_bound and form.carry_out(lambda given: _advise(form, given, label_micros)):
        found, points = form.result
    values = framed(
        frame, ADD if project.state is State.DRAFT else OVERVIEW,
        form=form, parts=estimate_tabs(frame, "project_next_batch"), found=found,
        says=_says(frame, found) if found else [], plot=_plot(found, points) if found else None,
        label_cost=money_text(label_micros, project.currency) if label_micros else "",
    )  # fmt: skip
    return page_with_form(request, "pages/requester/project_next_batch.html", values)


def _advise(
    form: BatchForm, given: dict[str, Any], label_micros: int
) -> tuple[NextBatch, list[tuple[int, float]]]:
    points = read_points(form.text())
    return next_batch(points, more=given["more"], label_micros=label_micros, target=given["target"]), points


def _label_micros(frame: Frame) -> int:
    """What one task is likely to cost."""
    if not frame.project.paid:
        return 0
    estimate = as_example(quality.estimate_of(frame.project))
    return -(-estimate.forecast.mid.net_micros // estimate.assumptions.tasks)


def _says(frame: Frame, found: NextBatch) -> list[str]:
    advice, currency = found.advice, frame.project.currency
    lines = [
        _("With {more} labels more, your model probably gains {gain} points ({low} to {high}): from {now} to {then}.").format(
            more=number_text(advice.more), gain=_points(advice.gain.value), low=_points(advice.gain.low),
            high=_points(advice.gain.high), now=percent_text(advice.now), then=percent_text(advice.then),
        )
    ]  # fmt: skip
    if found.cost_micros and found.per_point_micros is not None:
        lines.append(
            _("They cost about {cost}: {each} for each point of accuracy.").format(
                cost=money_text(cents_up(found.cost_micros), currency), each=money_text(cents_up(found.per_point_micros), currency)
            )
        )  # fmt: skip
    elif found.cost_micros:
        lines.append(
            _("They cost about {cost} and probably bring nothing.").format(cost=money_text(cents_up(found.cost_micros), currency))
        )  # fmt: skip
    if advice.is_far:
        lines.append(
            _("That is more than twice what you have: so far ahead, the curve is off by a point and more.")
        )
    if advice.out_of_reach:
        lines.append(
            _(
                "The target is probably out of reach with this model: its curve does not show that it gets there."
            )
        )
    elif advice.out_of_reach is False:
        lines.append(_("The target may be within reach; measure again after this batch."))
    return lines


def _points(share: float) -> str:
    return number_text(round(100 * share, 1))


def _plot(found: NextBatch, points: list[tuple[int, float]]) -> plots.Plot:
    """What was measured, and the curve up to the end of the batch."""
    advice = found.advice
    sizes = sorted({size for size, _ in points})
    means = {
        size: sum(y for n, y in points if n == size) / sum(n == size for n, _ in points) for size in sizes
    }
    ahead = [advice.labels + advice.more * step // STEPS for step in range(1, STEPS + 1)]
    places = list(dict.fromkeys([*sizes, *ahead]))
    last = [None] * (len(places) - 1)
    return plots.line(
        title=_("Accuracy by number of labels"), name_label=_("Labels"), names=[number_text(n) for n in places],
        series=[
            plots.Series(_("the curve"), [min(1.0, max(0.0, advice.curve.at(n))) for n in places]),
            plots.Series(_("measured (mean)"), [means.get(n) for n in places]),
        ],
        band=plots.Band(
            _("gain, 90 %"), [*last, min(1.0, max(0.0, advice.now + advice.gain.low))], [*last, min(1.0, advice.now + advice.gain.high)]
        ),
        measure=plots.Measure(percent=True), basis=_("the curve is drawn to the end of the batch, and no further"),
    )  # fmt: skip
