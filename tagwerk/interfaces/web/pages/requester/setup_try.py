"""The try-out: a task on the worker's own page; handed in, it shows what would be stored, and stores nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from tagwerk.base.errors import Refusal
from tagwerk.domain.designs.rules.answers import check_answers
from tagwerk.domain.designs.rules.render import order_for
from tagwerk.domain.work import queries
from tagwerk.interfaces.web.answers import questions_context, read_active_ms, read_answers
from tagwerk.interfaces.web.formats import duration_text, money_text
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.setup_frame import Setup, setup_page
from tagwerk.interfaces.web.pages.requester.showing import sample_row
from tagwerk.interfaces.web.pages.requester.words import answers_text
from tagwerk.interfaces.web.pages.worker.showing import instructions_of, loading_from, shown_task

TRIED = 3
HOUR_SECONDS = 3600


@dataclass(frozen=True)
class Trial:
    """One of the tasks that are tried out: its row, and the seconds that those before it took."""

    number: int
    of: int
    data: Mapping[str, Any]
    gold: Mapping[str, Any] | None
    seconds: list[int]

    @property
    def seconds_text(self) -> str:
        """The seconds as the form carries them on."""
        return ",".join(map(str, self.seconds))


@setup_page("check")
def setup_try(setup: Setup) -> HttpResponseBase:
    """One task; a POST shows what would be stored."""
    trial = _trial(setup)
    if setup.request.method == "POST":
        return _handed_in(setup, trial)
    return _page(setup, trial)


def _trial(setup: Setup) -> Trial:
    given = setup.request.POST if setup.request.method == "POST" else setup.request.GET
    tasks = queries.tasks_after(setup.project.id, 0, TRIED)
    rows = [(task.data, task.gold) for task in tasks] or [(sample_row(setup.frame.design), None)]
    number = max(1, min(_whole(given.get("row", "1")), len(rows)))
    seconds = [_whole(text) for text in given.get("seconds", "").split(",")[: TRIED - 1] if text]
    data, gold = rows[number - 1]
    return Trial(number, len(rows), data, gold, seconds)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _handed_in(setup: Setup, trial: Trial) -> HttpResponseBase:
    answers: dict[str, Any] = {}
    try:
        answers = read_answers(setup.request.POST)
        stored = check_answers(setup.frame.design, answers)
    except Refusal as refusal:
        return _page(setup, trial, answers=answers, wrong=refusal_text(refusal))
    seconds = [*trial.seconds, round(read_active_ms(setup.request.POST) / 1000)]
    done = trial.number >= trial.of
    if done:
        setup.note()
    design = setup.frame.design
    right = dict(answers_text(design, trial.gold)) if trial.gold else {}
    values = setup.values(
        trial=trial, done=done, seconds=",".join(map(str, seconds)), following=trial.number + 1,
        answers=[(question.label, text, right.get(question, "")) for question, text in answers_text(design, stored)],
        is_gold=bool(trial.gold),
        stored=json.dumps(stored, ensure_ascii=False, indent=2),
        pace=_pace(setup, seconds) if done else [],
    )  # fmt: skip
    return render(setup.request, "pages/requester/setup_try_stored.html", values)


def _pace(setup: Setup, seconds: list[int]) -> list[str]:
    """How long it took, against what the file says, and what it would pay."""
    taken, project = [one for one in seconds if one], setup.project
    if not taken:
        return []
    middle = round(median(taken))
    found = [_("A task took you {time}.").format(time=duration_text(middle))]
    if project.estimate_seconds:
        found = [
            _("A task took you {time}; the estimate says {estimate}.").format(
                time=duration_text(middle), estimate=duration_text(project.estimate_seconds)
            )
        ]
    if project.reward_micros:
        hourly = project.usual_micros * HOUR_SECONDS // middle
        found.append(
            _("At your pace that pays {pay} per hour.").format(pay=money_text(hourly, project.currency))
        )
    return found


def _page(
    setup: Setup, trial: Trial, *, answers: dict[str, Any] | None = None, wrong: str = ""
) -> HttpResponseBase:
    design, project = setup.frame.design, setup.project
    order = order_for(design, trial.number) or "ab"
    try:
        shown = shown_task(design, trial.data, project_id=project.id, order=order)
    except Refusal as refusal:
        return render(
            setup.request, "pages/requester/setup_try_misfit.html", setup.values(trial=trial, why=refusal_text(refusal)),
            status=422,
        )  # fmt: skip
    values = {
        "setup": setup, "project": project, "trial": trial, "wrong": wrong, "shown": shown,
        "questions": questions_context(design, order, answers), "instructions": instructions_of(design, project.id),
    }  # fmt: skip
    response: HttpResponse = render(
        setup.request, "pages/requester/setup_try.html", values, status=422 if wrong else 200
    )
    return loading_from(setup.request, response, shown.origins)
