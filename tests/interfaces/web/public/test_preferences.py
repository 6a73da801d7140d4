"""Settings of one's own."""

import pytest
from django.conf import settings

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db

ALL = {
    "theme": "dark", "ui_language": "de", "time_zone": "Europe/Vienna", "mail_level": "none", "goal": "12.50",
    "goal_minutes": "90", "break_minutes": "50",
}  # fmt: skip


def test_settings_are_kept_and_the_pages_follow() -> None:
    client = visitor("ben")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    accounts.change_preferences(actor=actor("ben"), keys={"skip": "n"})
    response = client.post("/settings/", ALL)
    assert response.status_code == 303
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == ""
    ben, mine = queries.person(person("ben").id), actor("ben").preferences
    assert (ben.ui_language, ben.time_zone, ben.mail_level) == ("de", "Europe/Vienna", "none")
    assert (mine.theme, mine.goal_micros, mine.goal_minutes, mine.break_minutes) == (
        "dark",
        12_500_000,
        90,
        50,
    )
    assert mine.keys == {"skip": "n"}
    page = client.get("/settings/")
    assert page.headers["Content-Language"] == "de"
    assert 'data-theme="dark"' in page.content.decode()
    assert 'value="12.50"' in page.content.decode() or 'value="12.5"' in page.content.decode()


def test_no_goal_is_a_choice() -> None:
    client = visitor("ben")
    client.post("/settings/", ALL)
    client.post("/settings/", ALL | {"goal": "", "goal_minutes": ""})
    assert (actor("ben").preferences.goal_micros, actor("ben").preferences.goal_minutes) == (0, 0)


def test_what_cannot_be_is_said_at_its_field() -> None:
    response = visitor("ben").post("/settings/", ALL | {"goal_minutes": "961", "theme": "pink", "goal": "-1"})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"goal_minutes", "theme", "goal"}
    assert actor("ben").preferences.theme == "system"


def test_a_break_that_a_program_chose_stays() -> None:
    accounts.change_preferences(actor=actor("ben"), break_minutes=33)
    assert "After 33 minutes" in words(visitor("ben").get("/settings/"))
