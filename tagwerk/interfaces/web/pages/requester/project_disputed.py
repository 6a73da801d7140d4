"""Where people disagree: tasks by how spread their answers are, all answers side by side."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import Disputed
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.frame import QUALITY, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.words import answer_text, excerpt

PAGE = 20


@dataclass(frozen=True)
class Line:
    """A task in the list. `said`: answers in words, the most frequent first, and the pseudonyms of who gave them."""

    task: str
    excerpt: str
    result: str
    confidence: float | None
    agreement: float | None
    said: list[tuple[str, list[str], int]]


class WhichForm(forms.Form):
    """Which question."""

    question = forms.ChoiceField(label=gettext_lazy("Question"), required=False)

    def __init__(self, data: Any, questions: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field: Any = self.fields["question"]
        field.choices = questions


@require_safe
@project_page(Permission.PROJECT_VIEW)
def project_disputed(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The list, by keyset on how spread the answers are."""
    questions = [
        (one.question, frame.design.by_name[one.question].label)
        for one in quality.ballots_of(frame.project.design_id)
        if one.places
    ]
    asked = request.GET.get("question", "")
    question = asked if asked in dict(questions) else next((name for name, _label in questions), "")
    after = request.GET.get("after", "")
    found = (
        quality.disputed(
            request.actor,
            frame.project.id,
            question,
            after=row_number("tsk", after) if after else 0,
            limit=PAGE + 1,
        )
        if question
        else []
    )
    lines = [_line(frame, question, one) for one in found[:PAGE]]
    here = f"?question={question}"
    values = framed(
        frame,
        QUALITY,
        form=WhichForm({"question": question}, questions) if len(questions) > 1 else None,
        lines=lines,
        further=bool(after),
        first=here,
        older=f"{here}&after={lines[-1].task}" if len(found) > PAGE else "",
    )
    return render(request, "pages/requester/project_disputed.html", values)


def _line(frame: Frame, name: str, found: Disputed) -> Line:
    question = frame.design.by_name[name]
    who: dict[str, list[str]] = {}
    for pseudonym, value in found.answers:
        who.setdefault(answer_text(frame.design, question, value), []).append(pseudonym)
    order = Counter({text: len(names) for text, names in who.items()}).most_common()
    return Line(
        public_id("tsk", found.task_id),
        excerpt(found.data, 200),
        answer_text(frame.design, question, found.value),
        found.confidence,
        found.agreement,
        [(text, sorted(who[text]), round(100 * count / len(found.answers))) for text, count in order],
    )
