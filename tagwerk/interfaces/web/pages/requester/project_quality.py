"""How good a project's answers are: agreement over time, what is taken for what, how sure and how right the results are,
and what stopping saved."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import Calibrated, Confusion, DayAgreement, Worth
from tagwerk.interfaces.web.formats import money_text, number_text, percent_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.experts import unsure_of
from tagwerk.interfaces.web.pages.requester.frame import QUALITY, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.words import answer_text, answers_count_text, tasks_text
from tagwerk.interfaces.web.plots import Band, Measure, Plot, Series, bars, heat, intervals, line, time_series

MOST_NAMES = 12  # beside and above a heat map; of more classes the pairs are listed
MOST_PAIRS = 10
SHARE = Measure(percent=True)


@require_safe
@project_page(Permission.PROJECT_VIEW)
def project_quality(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The dashboard of quality."""
    if frame.works_here:
        raise NotFound("page_not_found", "There is no such page.")
    found = quality.worth(frame.project.id)
    values = framed(
        frame,
        QUALITY,
        figures=_figures(frame, found),
        unsure=unsure_of(frame),
        agreement=_agreement(frame),
        workers=_workers(frame) if frame.may_review else None,
        confusions=[_confusion(frame, name, one) for name, one in quality.confusions(frame.project).items()],
        calibrations=[
            _calibration(frame, name, bins)
            for name, bins in quality.calibrations(frame.project.id).items()
            if name in frame.design.by_name
        ],
    )
    return render(request, "pages/requester/project_quality.html", values)


def _figures(frame: Frame, found: Worth) -> list[dict[str, str]]:
    figures = [_agreed(frame), _gold(frame)]
    if found.tasks:
        most = frame.project.answers_max
        saved = found.saved(most)
        figures.append(
            {
                "label": _("Answers saved by stopping"),
                "value": number_text(saved),
                "unit": percent_text(saved / (found.tasks * most)),
                "basis": _("{tasks}, up to {most} answers each").format(
                    tasks=tasks_text(found.tasks), most=number_text(most)
                ),
            }
        )
    if found.answers_per_right is not None:
        figures.append(_price(frame, found, found.answers_per_right))
    return [one for one in figures if one]


def _price(frame: Frame, found: Worth, answers: float) -> dict[str, str]:
    basis = _("{right} of {tasks} results are expected to be right; gold is not counted").format(
        right=number_text(round(found.right)), tasks=number_text(found.tasks)
    )
    price = quality.price_of_right(frame.project, found) if frame.shows_money else None
    if price is None:
        value = number_text(round(answers, 2))
        return {"label": _("Answers for a right result"), "value": value, "basis": basis}
    said = ngettext(
        "as {count} answer was paid, with fee, gold, bonuses and guaranteed hours",
        "as {count} answers were paid, with fee, gold, bonuses and guaranteed hours",
        price.paid_answers,
    ).format(count=number_text(price.paid_answers))
    how = said if price.paid_answers else _("by the price of an answer: none is paid yet")
    return {
        "label": _("Price of a right result"),
        "value": money_text(round(price.micros, -4), frame.project.currency),  # to the cent
        "basis": f"{basis}; {how}",
    }


def _agreed(frame: Frame) -> dict[str, str]:
    known = {name: one for name, one in quality.agreement_of(frame.project).items() if one[0] is not None}
    if not known:
        return {}
    name, (alpha, tasks) = min(known.items(), key=lambda pair: pair[1][0] or 0.0)
    return {
        "label": _("Agreement, Krippendorff’s alpha"),
        "value": number_text(round(alpha or 0.0, 2)),
        "basis": _("{question}: the newest {tasks} with two answers or more").format(
            question=frame.design.by_name[name].label, tasks=tasks_text(tasks)
        ),
    }


def _gold(frame: Frame) -> dict[str, str]:
    counted = quality.gold_of(frame.project.id).values()
    seen, right = sum(one for one, _ in counted), sum(one for _, one in counted)
    if not seen:
        return {}
    return {
        "label": _("Right on gold"),
        "value": percent_text(right / seen),
        "basis": answers_count_text(seen),
    }


def _agreement(frame: Frame) -> Plot:
    """Agreement of each question, by the day on which the tasks were settled."""
    days = quality.agreement_by_day(frame.project, today=timezone.now().date())
    named = {name: found for name, found in days.items() if name in frame.design.by_name}
    there = sorted({one.day for found in named.values() for one in found})
    series = [
        Series(frame.design.by_name[name].label, _on_days(found, there)) for name, found in named.items()
    ]
    tasks = max((sum(one.tasks for one in found) for found in named.values()), default=0)
    return time_series(
        title=_("Agreement by day"),
        time_label=_("Day"),
        times=[datetime.combine(day, NOON, UTC) for day in there],
        by_day=True,
        series=series[:MOST_LINES],
        measure=Measure(_("Krippendorff’s alpha")),
        basis=_("{tasks} settled with two answers or more").format(tasks=tasks_text(tasks)),
    )


NOON = time(12)  # which is the same day nearly everywhere
MOST_LINES = 4  # that are told apart


def _on_days(found: Sequence[DayAgreement], days: Sequence[date]) -> list[float | None]:
    known = {one.day: one.alpha for one in found}
    return [None if known.get(day) is None else round(known[day] or 0.0, 3) for day in days]


def _workers(frame: Frame) -> Plot:
    """How often workers are right on gold, and how sure that is."""
    found = quality.accuracies_on_gold(frame.project.id)
    return intervals(
        title=_("Right on gold, by worker"),
        name_label=_("Worker"),
        value_label=_("Right"),
        low_label=_("At least"),
        high_label=_("At most"),
        measure=SHARE,
        rows=[(one.pseudonym, one.low, one.right / one.seen, one.high) for one in found],
        basis=_("with 95 % intervals; those who have answered most gold") if found else "",
    )


def _confusion(frame: Frame, name: str, found: Confusion) -> Plot:
    """What workers answered where the result is known: a table of shares, or the pairs where there are many classes."""
    question = frame.design.by_name[name]
    names = [answer_text(frame.design, question, value) for value in found.values]
    basis = _("on the newest {tasks} with two answers or more").format(tasks=tasks_text(found.tasks))
    totals = found.counts.sum(axis=1)
    if len(names) <= MOST_NAMES:
        shares = [
            [int(one) / int(total) if total else None for one in row]
            for row, total in zip(found.counts, totals, strict=True)
        ]
        title = _("What is answered where the result is …: {question}").format(question=question.label)
        return heat(title=title, row_label=_("Result"), names=names, shares=shares, basis=basis)
    pairs = [
        (int(found.counts[truth, said]), truth, said)
        for truth in range(len(names))
        for said in range(len(names))
        if truth != said and found.counts[truth, said]
    ]
    pairs.sort(key=lambda one: (-one[0], one[1], one[2]))
    return bars(
        title=_("What is often taken for what: {question}").format(question=question.label),
        name_label=_("Result, and what was answered"),
        value_label=_("Answers"),
        bars=[(f"{names[truth]} → {names[said]}", count) for count, truth, said in pairs[:MOST_PAIRS]],
        basis=basis,
    )


def _calibration(frame: Frame, name: str, bins: Sequence[Calibrated]) -> Plot:
    """How often the model is right on gold that it did not know, by how sure it was."""
    return line(
        title=_("How sure, how right: {question}").format(question=frame.design.by_name[name].label),
        name_label=_("Certainty"),
        names=[percent_text(one.sure) for one in bins],
        series=[
            Series(_("right"), [one.right for one in bins]),
            Series(_("as sure as right"), [one.sure for one in bins]),
        ],
        band=Band(_("95 % interval"), [one.range[0] for one in bins], [one.range[1] for one in bins]),
        measure=SHARE,
        basis=_("on {tasks} of gold that the model did not know").format(
            tasks=tasks_text(sum(one.tasks for one in bins))
        ),
    )
