"""What somebody prefers on the pages: theme, keys, the pace of the task page. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from tagwerk.base.errors import Invalid

THEMES = ("system", "light", "dark")
KEY_ACTIONS = (
    "submit",
    "skip",
    "next_question",
    "previous_question",
    "instructions",
    "timer",
    "full_screen",
    "help",
)
MOST = {"goal_micros": 1_000_000_000, "goal_minutes": 960, "break_minutes": 240}
OPTION_KEYS = "1234567890"
# What each key does where nobody has chosen another (KeyboardEvent.key).
KEYS = {
    "submit": "Enter",
    "skip": "s",
    "next_question": "]",
    "previous_question": "[",
    "instructions": "i",
    "timer": "t",
    "full_screen": "f",
    "help": "?",
}
_SPARE_KEYS = (".", ",", "-", "+", "#", "F2", *map(str, range(10)), "F4")
_LONGEST_KEY = 20  # names of KeyboardEvent.key, "ArrowRight" among them


@dataclass(frozen=True)
class Preferences:
    """How the pages are for one person; every field has the value that most people want."""

    theme: str = "system"  # of THEMES
    keys_on: bool = True  # single keys on the page of a task (WCAG 2.1.4: they can be switched off)
    keys: Mapping[str, str] = field(
        default_factory=dict
    )  # of KEY_ACTIONS → the KeyboardEvent.key instead of ours
    auto_advance: bool = False  # hand in as soon as a task's only single choice is made
    swipe: bool = True  # on a phone, swiping answers a single choice of two
    goal_micros: int = 0  # to be earned on a day, in the currency that they earn most in; 0: no goal
    goal_minutes: int = 0  # of active work on a day; 0: no goal
    break_minutes: int = 0  # after so much active work the page of a task reminds of a break; 0: never
    option_keys: str = OPTION_KEYS  # the key of the first option, of the second …

    @property
    def all_keys(self) -> dict[str, str]:
        """Each of KEY_ACTIONS with its key. The timer's came when people had chosen theirs, and gives way to them."""
        keys = {**KEYS, **self.keys}
        taken = {*self.option_keys.lower(), *(key.lower() for name, key in keys.items() if name != "timer")}
        if "timer" not in self.keys and keys["timer"] in taken:
            keys["timer"] = next(key for key in _SPARE_KEYS if key not in taken)
        return keys


DEFAULT_PREFERENCES = Preferences()


def preferences_read(kept: Mapping[str, Any]) -> Preferences:
    """The preferences as kept, in whatever version of the program: what is unknown is left out."""
    known = {f.name for f in fields(Preferences)}
    return Preferences(**{name: value for name, value in kept.items() if name in known})


def preferences_changed(kept: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be kept after the changes; refuses what no page could follow."""
    changed = replace(preferences_read(kept), **changes)
    if changed.theme not in THEMES:
        raise Invalid("theme_unknown", "Choose one of: {themes}.", path="theme", themes=", ".join(THEMES))
    for name, most in MOST.items():
        if not 0 <= getattr(changed, name) <= most:
            raise Invalid("preference_range", "Choose a smaller number.", path=name)
    _require_usable_keys(changed.keys)
    _require_distinct_keys(changed)
    return asdict(changed)


def _require_usable_keys(keys: Mapping[str, str]) -> None:
    """A wrong key would break the task page for its owner, for good and silently."""
    for action, key in keys.items():
        if (
            action not in KEY_ACTIONS
            or not 1 <= len(key) <= _LONGEST_KEY
            or not key.isprintable()
            or key == " "
        ):
            raise Invalid(
                "key_unusable",
                "“{key}” cannot be a key here; choose another one.",
                path=f"keys.{action}",
                key=key[:20],
            )


def _require_distinct_keys(changed: Preferences) -> None:
    options = changed.option_keys
    if len(options) != len(OPTION_KEYS) or not options.isprintable() or " " in options:
        raise Invalid(
            "option_keys_unusable", "Give exactly ten keys, without spaces between them.", path="option_keys"
        )
    used = [*options.lower(), *(key.lower() for key in changed.all_keys.values())]
    if len(set(used)) < len(used):
        raise Invalid("key_twice", "Each key can do only one thing.", path="keys")
