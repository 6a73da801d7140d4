"""Around a form that was sent: an action's refusal is shown at its field, what was typed stays, success moves on."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url

from tagwerk.base.errors import Conflict, Invalid, NotFound, Refusal, TooMany
from tagwerk.interfaces.web.middleware import refusal_text

OF_THE_INPUT = (Invalid, Conflict, TooMany, NotFound)  # who lacks a role has no use for the form


class PageForm(forms.Form):
    """A form that carries an action out."""

    result: Any = None  # what the action returned

    def carry_out(self, action: Callable[[dict[str, Any]], Any]) -> bool:
        """Give what was filled in to the action; False: something is wrong, and the form says what."""
        if not self.is_valid():
            return False
        try:
            self.result = action(self.cleaned_data)
        except OF_THE_INPUT as refusal:
            self.add_refusal(refusal)
            return False
        return True

    def add_refusal(self, refusal: Refusal) -> None:
        """Show a refusal at the field that it is about, else above the form with the place that it names."""
        at = refusal.path if refusal.path in self.fields else None
        text = refusal_text(refusal)
        said = text if at or not refusal.path else f"{refusal.path}: {text}"
        for line in said.split("\n"):  # of a list each wrong line is an error of its own
            self.add_error(at, ValidationError(line, refusal.code))


def see_other(to: str, *args: Any, said: str = "", request: HttpRequest | None = None) -> HttpResponse:
    """Send the browser to a page by GET (303), so that reloading repeats nothing; `said` is shown there."""
    if said and request is not None:
        messages.success(request, said)
    response = HttpResponseRedirect(resolve_url(to, *args))
    response.status_code = 303
    return response


def page_with_form(request: HttpRequest, template: str, values: dict[str, Any]) -> HttpResponse:
    """A page with its forms: 422 where one of them came back with errors."""
    wrong = any(
        isinstance(value, forms.BaseForm) and value.is_bound and value.errors for value in values.values()
    )
    return render(request, template, values, status=422 if wrong else 200)


def shown_once(request: HttpRequest, template: str, values: dict[str, Any]) -> HttpResponse:
    """A page with a secret that nobody can show again: no cache keeps it."""
    response = render(request, template, values)
    response.headers["Cache-Control"] = "no-store"
    return response


def no_formula(text: str) -> str:
    """A text for a cell of a CSV: what a spreadsheet would take for a formula is quoted (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
