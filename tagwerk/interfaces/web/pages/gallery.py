"""All components and answer kinds on one page, each by its sample: for those who build pages, and for the tests."""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.contrib.messages import INFO, SUCCESS
from django.contrib.messages.storage.base import Message as Said
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tagwerk.domain.designs.rules.render import Message, ShownBlock, Side
from tagwerk.interfaces.web.answers import questions_context
from tagwerk.interfaces.web.finders import WEB
from tagwerk.interfaces.web.layout.navigation import Link
from tagwerk.interfaces.web.templatetags.gallery import SampleDesign, sample_question


class SampleForm(forms.Form):
    """One field of each sort."""

    email = forms.EmailField(label="E-mail", help_text="Notices go here.")
    country = forms.ChoiceField(label="Country", choices=[("DE", "Germany"), ("AT", "Austria")])
    about = forms.CharField(label="About you", widget=forms.Textarea, required=False)
    level = forms.ChoiceField(label="Level", choices=[("B2", "B2"), ("C1", "C1")], widget=forms.RadioSelect)
    agrees = forms.BooleanField(label="I am at least 18 years old.")


def gallery(request: HttpRequest) -> HttpResponse:
    """The page with all samples."""
    shelves = [("Components", _samples("components")), ("Answer kinds", _samples("answers"))]
    return render(request, "pages/gallery.html", {"shelves": shelves, "sample": _sample_values()})


def gallery_task(request: HttpRequest) -> HttpResponse:
    """A whole task as a worker meets it; what is posted comes back as it arrived."""
    if request.method == "POST":
        fields = sorted((key, value) for key, value in request.POST.items() if key != "csrfmiddlewaretoken")
        return render(request, "pages/gallery_posted.html", {"fields": fields})
    values = {"questions": questions_context(TASK), "shown": SHOWN, "instructions": True}
    return render(request, "pages/gallery_task.html", values)


def _samples(shelf: str) -> list[tuple[str, str]]:
    return [
        (path.parent.name, path.relative_to(WEB).as_posix())
        for path in sorted((WEB / shelf).glob("*/sample.html"))
    ]


TASK = SampleDesign(
    [
        sample_question(
            "better", {"kind": "comparison", "of": ["a", "b"], "scale": 5, "label": "Which answer is better?"}
        ),
        sample_question(
            "unsafe", {"kind": "choice", "options": ["A", "B", "none"], "label": "Which answer is unsafe?"}
        ),
        sample_question(
            "clear",
            {"kind": "rating", "scale": 5, "required": False, "label": "How clear is the better one?"},
        ),
        sample_question(
            "why",
            {"kind": "text", "min_words": 3, "when": "better != 0", "label": "Why is it better?", "lines": 2},
        ),
    ]
)


SHOWN = [
    ShownBlock(
        kind="chat",
        label="",
        language="en",
        messages=(Message("user", "<p>How do I get ink out of a white shirt?</p>"),),
    ),
    ShownBlock(
        kind="compare",
        label="",
        language="en",
        order="ab",
        sides=(
            Side("a", "markdown", "<p>Dab it with <strong>alcohol</strong> from behind, then wash it cold.</p>"
                 "<ul><li>Do not rub.</li><li>Do not use hot water: it sets the stain.</li></ul>"),
            Side("b", "markdown", "<p>Ink never comes out again. Buy a new shirt.</p>"),
        ),
    ),
]  # fmt: skip


def _sample_values() -> SimpleNamespace:
    now = timezone.now()
    return SimpleNamespace(
        moment=now - timedelta(minutes=12),
        soon=now + timedelta(minutes=4),
        later=now + timedelta(minutes=18),
        form=SampleForm(),
        wrong_form=SampleForm({"wrong-email": "ada", "wrong-country": "DE"}, prefix="wrong"),
        messages=[Said(SUCCESS, "The project is saved."), Said(INFO, "The import has begun.")],
        tabs=[
            {"label": "Tasks", "href": "#tasks", "current": True, "count": 300},
            {"label": "Answers", "href": "#answers", "current": False},
            {"label": "Results", "href": "#results", "current": False},
        ],
        roles=[
            Link("Work", "#work", True),
            Link("Order", "#order", False),
            Link("Operate", "#operate", False),
        ],
        person=SimpleNamespace(name="Ada"),
        languages=[("en", "English"), ("de", "Deutsch")],
        bars=[
            {"label": "positive", "width": 62, "text": "62 %"},
            {"label": "neutral", "width": 21, "text": "21 %"},
            {"label": "negative", "width": 17, "text": "17 %"},
        ],
        shown=SHOWN,
        questions=questions_context(
            SampleDesign([sample_question("again", {"kind": "choice", "options": ["yes", "no"]})])
        ),
    )
