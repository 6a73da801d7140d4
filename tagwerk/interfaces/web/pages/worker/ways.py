"""The reasons for which a task is skipped: a closed list, in the worker's words and in what is kept of them."""

from typing import Any

from django.utils.translation import gettext_lazy

from tagwerk.domain.work.actions.reporting import CANNOT_BE_ANSWERED

RETURN = "return"
WAYS: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...] = (
    (
        gettext_lazy("Nobody can answer it"),
        (
            (f"{CANNOT_BE_ANSWERED}/broken", gettext_lazy("Something is missing or does not load")),
            (
                f"{CANNOT_BE_ANSWERED}/senseless",
                gettext_lazy("It makes no sense, or does not fit the question"),
            ),
            (f"{CANNOT_BE_ANSWERED}/language", gettext_lazy("It is in another language")),
            (
                f"{CANNOT_BE_ANSWERED}/forbidden",
                gettext_lazy("It shows what nobody should be asked to look at"),
            ),
        ),
    ),
    (
        gettext_lazy("Others may"),
        (
            ("not_for_me", gettext_lazy("I do not know enough about it")),
            ("would_rather_not", gettext_lazy("I would rather not do this one")),
            (RETURN, gettext_lazy("I have no time now; stop working on this project")),
        ),
    ),
)
ALL_WAYS = tuple(way for _group, ways in WAYS for way in ways)
