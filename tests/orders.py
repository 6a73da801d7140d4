"""Projects for tests, made through the actions from a real project file."""

from functools import cache
from typing import Any

from django.utils import timezone

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import Wage
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects.queries import ProjectView
from tests.people import actor, organisation

FILE = """
title: Sentiment
language: en
instructions: Read the text and say how it sounds.
show:
  - text: "{{ text }}"
ask:
  sentiment: {kind: choice, options: [positive, neutral, negative], label: How does it sound?}
quality: {answers: {min: 2, max: 4, confidence: 0.9}}
pay: {per: answer, amount: "0.10", currency: EUR, estimate_seconds: 20}
hold: {tasks: 1}
"""


@cache
def _read(text: str) -> ProjectFile:
    return read_project_file(text)  # nobody changes what comes back; most tests read the same


def project_file(text: str = FILE, **changes: Any):
    """A project file; `changes` replace whole top-level keys."""
    file = _read(text)
    if not changes:
        return file
    raw = file.model_dump(mode="json", by_alias=True, exclude_none=True)
    return type(file).model_validate({**raw, **changes})


def deposit(micros: int, owner: str = "ada", name: str = "acme") -> int:
    """Money for an organisation; returns its id."""
    organisation_id = organisation(name, owner)
    payments.book_deposit(
        actor=actor("dan"),
        organisation_id=organisation_id,
        amount_micros=micros,
        currency="EUR",
        reference="test",
        key=f"deposit-{name}-{micros}",
    )
    return organisation_id


def project(owner: str = "ada", name: str = "acme", **changes: Any) -> ProjectView:
    """A draft project of Ada's."""
    organisation_id = organisation(name, owner)
    return projects.create_project(
        actor=actor(owner), organisation_id=organisation_id, file=project_file(**changes)
    )


def floor(micros: int = 13_900_000, country: str = "DE", currency: str = "EUR") -> None:
    """The minimum wage that holds today, whatever day that is."""
    wage = Wage(country, timezone.localdate(), micros, currency, "test")
    accounts.put_wages(actor=actor("dan"), wages=[wage])
