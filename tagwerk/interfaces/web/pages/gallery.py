"""All components and answer kinds on one page, each by its sample: for those who build pages, and for the tests."""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.contrib.messages import INFO, SUCCESS
from django.contrib.messages.storage.base import Message as Said
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from tagwerk.domain.designs.rules.render import Message, ShownBlock, Side
from tagwerk.interfaces.web.answers import questions_context
from tagwerk.interfaces.web.finders import WEB
from tagwerk.interfaces.web.layout.navigation import Link
from tagwerk.interfaces.web.pages.gallery_plots import sample_plots
from tagwerk.interfaces.web.tables import Column, table_view
from tagwerk.interfaces.web.templatetags.gallery import SampleDesign, sample_question

LOOKS = {
    "theme": {"": "As the system", "light": "Light", "dark": "Dark"},
    "dir": {"ltr": "Left to right", "rtl": "Right to left"},
    "lang": {"en": "English", "de": "Deutsch"},
}


class SampleForm(forms.Form):
    """One field of each sort."""

    email = forms.EmailField(label="E-mail", help_text="Notices go here.")
    country = forms.ChoiceField(label="Country", choices=[("DE", "Germany"), ("AT", "Austria")])
    about = forms.CharField(label="About you", widget=forms.Textarea, required=False)
    level = forms.ChoiceField(label="Level", choices=[("B2", "B2"), ("C1", "C1")], widget=forms.RadioSelect)
    agrees = forms.BooleanField(label="I am at least 18 years old.")


class SampleFilters(forms.Form):
    """What a list is searched by."""

    state = forms.ChoiceField(label="State", choices=[("", "All"), ("open", "open")], required=True)
    text = forms.CharField(label="Contains", required=True)


CHOICES = {
    "choices": [
        {"value": "all", "label": "Everybody", "text": "Whoever speaks the language.", "icon": "people", "checked": True, "aside": "214 people"},
        {"value": "team", "label": "A team", "text": "Members you choose.", "icon": "person-badge"},
        {"value": "models", "label": "Models", "text": "No model is connected yet.", "icon": "cpu", "disabled": True},
    ],
    "choices_open": [{"value": "all", "label": "Everybody"}, {"value": "team", "label": "A team"}],
    "choices_many": [
        {"value": "done", "label": "A project is finished", "checked": True},
        {"value": "low", "label": "Money runs out"},
    ],
}  # fmt: skip


TABLE = (
    Column("project", "Project", sortable=True, fixed=True),
    Column("state", "State", fixed=True),
    Column("tasks", "Tasks", number=True, sortable=True, fixed=True),
    Column("spent", "Spent", number=True),
)
NO_DATABASE = {"instance": None}  # the gallery stands by itself


def gallery(request: HttpRequest) -> HttpResponse:
    """The page with all samples, in the look that the address asks for: ?theme=dark&dir=rtl&lang=de."""
    look = {name: _one_of(request, name, known) for name, known in LOOKS.items()}
    shelves = [("Components", _samples("components")), ("Answer kinds", _samples("answers"))]
    with translation.override(look["lang"]):
        values = {
            "shelves": shelves,
            "sample": _sample_values(request),
            "looks": [(name, _look_tabs(request, name, known, look[name])) for name, known in LOOKS.items()],
            "theme": look["theme"],
            "direction": look["dir"],
            "language": look["lang"],
        }
        return render(request, "pages/gallery.html", values | NO_DATABASE)


def gallery_task(request: HttpRequest) -> HttpResponse:
    """A whole task as a worker meets it; what is posted comes back as it arrived."""
    if request.method == "POST":
        fields = sorted((key, value) for key, value in request.POST.items() if key != "csrfmiddlewaretoken")
        return render(request, "pages/gallery_posted.html", {"fields": fields} | NO_DATABASE)
    values = {"questions": questions_context(TASK), "shown": SHOWN, "instructions": True}
    return render(request, "pages/gallery_task.html", values | NO_DATABASE)


def _one_of(request: HttpRequest, name: str, known: dict[str, str]) -> str:
    """What the address asks for, else the first."""
    wish = request.GET.get(name, "")
    return wish if wish in known else next(iter(known))


def _look_tabs(request: HttpRequest, name: str, known: dict[str, str], current: str) -> list[Link]:
    query = request.GET.copy()
    tabs = []
    for value, label in known.items():
        query[name] = value
        tabs.append(Link(label, f"?{query.urlencode()}", value == current))
    return tabs


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


def _sample_values(request: HttpRequest) -> SimpleNamespace:
    now = timezone.now()
    return SimpleNamespace(
        moment=now - timedelta(minutes=12),
        long_ago=now - timedelta(days=40),
        soon=now + timedelta(minutes=4),
        later=now + timedelta(minutes=18),
        timer={
            "seconds": 754,
            "running": False,
            "lost": False,
            "now": now.isoformat(),
            "fresh": False,
            "most_seconds": 1_800,
            "most": "30 min",
            "rate_micros": 18_000_000,
            "most_micros": 9_000_000,
            "currency": "EUR",
            "ask": "#",
            "asked": "",
            "start": "#",
            "pause": "#",
            "seen": "#",
            "beat_seconds": 40,
        },
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
        one_organisation=[Link("Acme Language Data", "#acme", False)],
        organisations=[Link("Acme Language Data", "#acme", False), Link("Brand new", "#new", True)],
        person=SimpleNamespace(name="Ada"),
        languages=[("en", "English"), ("de", "Deutsch")],
        bars=[
            {"label": "positive", "width": 62, "text": "62 %"},
            {"label": "neutral", "width": 21, "text": "21 %"},
            {"label": "negative", "width": 17, "text": "17 %"},
        ],
        **CHOICES,
        steps=[
            {"label": "Data", "href": "#data", "state": "done", "note": "1,204 rows"},
            {"label": "Design", "href": "#design", "state": "problem", "note": "one error"},
            {"label": "People", "state": "current"},
            {"label": "Quality", "href": "#quality"},
            {"label": "Pay", "href": "#pay"},
            {"label": "Launch"},
        ],
        filters=SampleFilters(),
        table=table_view(request, "gallery", TABLE, sort="-tasks"),
        numbers=range(1, 41),
        plots=sample_plots(now),
        shown=SHOWN,
        questions=questions_context(
            SampleDesign([sample_question("again", {"kind": "choice", "options": ["yes", "no"]})])
        ),
    )
