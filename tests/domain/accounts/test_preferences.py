"""What people prefer on the pages: kept for themselves, read back whole, refused where no page could follow."""

import pytest

from tagwerk.base.errors import Invalid
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.models import Person
from tagwerk.domain.accounts.rules import Preferences, preferences_read
from tests.people import actor, person


@pytest.mark.django_db
def test_changes_are_kept_and_the_rest_stays() -> None:
    accounts.change_preferences(actor=actor("ben"), theme="dark", keys={"skip": "n"})
    accounts.change_preferences(actor=actor("ben"), auto_advance=True)
    assert actor("ben").preferences == Preferences(theme="dark", keys={"skip": "n"}, auto_advance=True)
    assert actor("ben").preferences.all_keys["skip"] == "n"
    assert actor("ben").preferences.all_keys["submit"] == "Enter"
    assert actor("ada").preferences == Preferences()


@pytest.mark.django_db
def test_the_key_of_the_timer_gives_way_to_what_people_had_chosen() -> None:
    assert Preferences().all_keys["timer"] == "t"
    accounts.change_preferences(actor=actor("ben"), option_keys="qwertzuopa", keys={"skip": "."})
    assert actor("ben").preferences.all_keys["timer"] == ","
    with pytest.raises(Invalid):
        accounts.change_preferences(actor=actor("ben"), keys={"timer": "t"})  # which is an option


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"theme": "pink"}, "theme_unknown", "theme"),
        ({"keys": {"fly": "f"}}, "key_unusable", "keys.fly"),
        ({"keys": {"skip": ""}}, "key_unusable", "keys.skip"),
        ({"keys": {"skip": "\n"}}, "key_unusable", "keys.skip"),
        ({"keys": {"skip": "x", "help": "x"}}, "key_twice", "keys"),
        ({"goal_minutes": 961}, "preference_range", "goal_minutes"),
        ({"goal_micros": -1}, "preference_range", "goal_micros"),
        ({"break_minutes": 241}, "preference_range", "break_minutes"),
        ({"keys": {"skip": "f"}}, "key_twice", "keys"),  # which is full screen
        ({"keys": {"skip": "1"}}, "key_twice", "keys"),  # which is the first option
        ({"option_keys": "abc"}, "option_keys_unusable", "option_keys"),
        ({"option_keys": "asdfghjkl;"}, "key_twice", "keys"),  # s skips, f is full screen
    ],
)
def test_what_no_page_could_follow_is_refused(changes: dict, code: str, path: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.change_preferences(actor=actor("ben"), **changes)
    assert (refused.value.code, refused.value.path) == (code, path)
    assert Person.objects.get(id=person("ben").id).preferences == {}


def test_what_another_version_kept_is_left_out() -> None:
    assert preferences_read({"theme": "light", "hologram": True}) == Preferences(theme="light")
