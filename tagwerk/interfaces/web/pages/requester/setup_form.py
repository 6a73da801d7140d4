"""The small forms of the set-up: each is a part of the project file, and says in sentences what will happen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tagwerk.base.errors import Refusal
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.yaml_text import ProjectFileError
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.frame import wants_fragment
from tagwerk.interfaces.web.pages.requester.setup_frame import Setup


@dataclass(frozen=True)
class Worry:
    """What is worth a thought, and the field that mends it: its step, its address, what the link says."""

    text: str
    step: str
    href: str = ""
    label: str = ""


class PartForm(forms.Form):
    """A form for some parts of the file; `places` says which field a path of the file belongs to."""

    use_required_attribute = False
    places: tuple[tuple[str, str], ...] = ()

    def parts(self, file: dict[str, Any]) -> dict[str, Any]:
        """The parts of the file that these fields make; None: left out."""
        raise NotImplementedError

    def refuse(self, refusal: Refusal) -> None:
        """Show what is wrong at the field that it is about."""
        if isinstance(refusal, ProjectFileError):
            for problem in refusal.problems:
                self._add(problem.path, problem.message.said(_))
        else:
            self._add(refusal.path or "", refusal_text(refusal))

    def _add(self, path: str, text: str) -> None:
        at = next(
            (name for place, name in self.places if path.startswith(place) and name in self.fields), None
        )
        self.add_error(at, ValidationError(text))


Says = Callable[[Setup, ProjectFile], dict[str, Any]]


def part_page(setup: Setup, form: PartForm, template: str, says: Says, **more: Any) -> HttpResponse:
    """A step that is one form: looked at while it is filled in, saved when it is sent."""
    request = setup.request
    file = _file(setup, form) if form.is_bound else None
    if wants_fragment(request):
        return render(
            request,
            "pages/requester/_setup_says.html",
            {**_said(setup, file, says), "oob": True, "errors": form.errors},
        )
    if request.POST.get("do") in ("go", "leave", "gold", "rules") and file is not None:
        try:
            setup.keep(file)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return setup.go_on()
    values = _said(setup, file, says) | {"form": form, **more}
    return render(request, template, values, status=422 if form.errors else 200)


def _file(setup: Setup, form: PartForm) -> ProjectFile | None:
    if not form.is_valid():
        return None
    try:
        return setup.with_parts(form.parts(setup.file))
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _said(setup: Setup, file: ProjectFile | None, says: Says) -> dict[str, Any]:
    """What will happen with the form as it is filled in now; while it has errors, with the file as it is."""
    shown = file or setup.with_parts({})
    view = setup.as_if(shown)
    return setup.values(price=setup.price(view), paid=view.paid, **says(setup, shown))
