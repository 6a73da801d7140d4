"""Rejections and objections in the words of the requester's pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tagwerk.domain.quality.rules.appeals import AppealState
from tagwerk.domain.quality.rules.reviewing import Verdict
from tagwerk.domain.work.rules.rejecting import WORDS, RejectionCode

APPEAL: Mapping[Any, tuple[str, str]] = {
    AppealState.OPEN: (gettext_noop("waits for a decision"), "wait"),
    AppealState.GRANTED: (gettext_noop("granted"), "ok"),
    AppealState.LAPSED: (gettext_noop("not decided in time, so granted"), "bad"),
    AppealState.REFUSED: (gettext_noop("not granted"), "neutral"),
    AppealState.WITHDRAWN: (gettext_noop("withdrawn by the worker"), "neutral"),
}
VERDICT: Mapping[Any, tuple[str, str]] = {
    Verdict.APPROVE: (gettext_noop("approved"), "ok"),
    Verdict.CORRECT: (gettext_noop("corrected"), "info"),
    Verdict.REVISE: (gettext_noop("a better one asked for"), "wait"),
    Verdict.REJECT: (gettext_noop("rejected"), "bad"),
}


def code_text(code: str) -> str:
    """A reason of the closed list."""
    return _(WORDS[RejectionCode(code)]) if code else ""


def codes() -> list[tuple[str, str]]:
    """The closed list, for a form."""
    return [(str(code), _(words)) for code, words in WORDS.items()]
