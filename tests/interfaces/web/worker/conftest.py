"""Signed-in clients, and a project to work on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tagwerk.domain.projects.queries import ProjectView
from tests.people import person
from tests.workshop import launched

SignedIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _plain(settings: Any) -> None:
    """The pages' words matter here, not the hashed names of their files."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.UNDO_SECONDS = 60


@pytest.fixture
def as_person() -> SignedIn:
    """A browser in which this person is signed in."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(person(name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def ben(as_person: SignedIn) -> Client:
    """Ben, who works."""
    return as_person("ben")


@pytest.fixture
def project(db: None) -> ProjectView:
    """A paid project of Ada's with five open tasks."""
    return launched([{"text": f"Text {number}"} for number in range(5)])
