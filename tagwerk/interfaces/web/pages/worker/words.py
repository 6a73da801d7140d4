"""Why somebody cannot work on something, and what they can do about it, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.domain.work.rules.audience import Reason
from tagwerk.domain.work.rules.pausing import words_of
from tagwerk.domain.work.rules.states import Idle, Nothing, State
from tagwerk.interfaces.web.choices import LEVELS, country_name, language_name

Titles = Mapping[str, str]
NO_TITLES: Titles = {}


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A reason, what to do about it, and where."""

    text: str
    advice: str = ""
    href: str = ""
    action: str = ""


def pause_text(reason: str, *, paid: bool) -> str:
    """Why somebody gets no more tasks of a project, as they read it themselves."""
    words = words_of(paid=paid)
    return _(words[reason]) if reason in words else reason


def why_not(reasons: Sequence[str], titles: Titles = NO_TITLES) -> list[WhyNot]:
    """The reasons against a worker, as `work.rules.audience` writes them, in words; `titles` of qualifications by slug."""
    return [_why(titles, *reason.split(":")) for reason in reasons]


def needs_of(audience: dict[str, Any], titles: Titles = NO_TITLES) -> list[str]:
    """Who a project is for, line by line; nothing of invitations."""
    levels, lines = dict(LEVELS), list[str]()
    languages, countries = audience.get("languages"), audience.get("countries")
    if isinstance(languages, dict):
        lines += [f"{language_name(tag)}: {levels.get(level, level)}" for tag, level in languages.items()]
    if isinstance(countries, list) and countries:
        lines.append(", ".join(country_name(code) for code in countries))
    qualifications = audience.get("qualifications")
    if isinstance(qualifications, dict):
        lines += [f"{titles.get(slug, slug)}: {score} / 100" for slug, score in qualifications.items()]
    return lines


def _why(titles: Titles, reason: str, *parts: str) -> WhyNot:
    if reason == Reason.QUALIFICATION:
        slug, score = parts
        return _qualification(titles.get(slug, slug), score)
    wording = _WORDINGS.get(reason)
    return wording(*parts) if wording else WhyNot(_("This project is for others."))


def _language(tag: str, level: str) -> WhyNot:
    text = _("It asks for {language}: {level}.").format(
        language=language_name(tag), level=dict(LEVELS).get(level, level)
    )
    return WhyNot(
        text, _("If you speak it so well, say so in your profile."), reverse("profile"), _("Your profile")
    )


def _country(codes: str) -> WhyNot:
    names = ", ".join(country_name(code) for code in codes.split(","))
    return WhyNot(_("It is for people who live in: {countries}.").format(countries=names))


def _qualification(title: str, score: str) -> WhyNot:
    text = _("It asks for the qualification “{name}” with at least {score} of 100 points.").format(
        name=title, score=score
    )
    return WhyNot(
        text, _("Some qualifications have a test."), reverse("my_qualifications"), _("See the tests")
    )


_WORDINGS: dict[str, Any] = {
    Reason.INACTIVE: lambda: WhyNot(_("Your account is switched off."), _("Ask those who run this site.")),
    Reason.MINOR: lambda: WhyNot(_("It shows content that is for adults only.")),
    Reason.LANGUAGE: _language,
    Reason.COUNTRY: _country,
    Reason.TEAM: lambda *_team: WhyNot(_("It is for a team of the organisation that ordered it.")),
    Reason.NOT_INVITED: lambda: WhyNot(_("It is for invited people only.")),
}

# Why there is no next task: heading, what it means and what to do.
NOTHING: dict[str, tuple[Any, Any]] = {
    Nothing.EMPTY: (
        gettext_lazy("Nothing left for you here right now"),
        gettext_lazy("You have had every task that is open. More can come: look again later, or take other work."),
    ),
    Nothing.SEARCHING: (
        gettext_lazy("Still looking"),
        gettext_lazy("You have done so much here that finding a task takes a moment. Look again."),
    ),
    Nothing.PAUSED: (
        gettext_lazy("The project is paused"),
        gettext_lazy("Those who ordered it stopped it for a while. What you handed in stays, and is judged and paid as agreed."),
    ),
    Nothing.CLOSED: (
        gettext_lazy("The project has ended"),
        gettext_lazy("No more answers are needed. What you handed in stays, and is judged and paid as agreed."),
    ),
    Nothing.NOT_ELIGIBLE: (
        gettext_lazy("This project is for others"),
        gettext_lazy("It asks for something that your profile does not say."),
    ),
    Nothing.WORKER_PAUSED: (
        gettext_lazy("You get no more tasks of this project for now"),
        gettext_lazy("What you handed in stays, and is judged and paid as agreed. You can read why, and object."),
    ),
    Nothing.LIMIT: (
        gettext_lazy("That is all for today here"),
        gettext_lazy("This project takes only so many answers from one person on one day. Tomorrow there is more; what you handed in stays, and is judged as agreed."),
    ),
    Nothing.API: (
        gettext_lazy("Work on the page"),
        gettext_lazy("This project is not done by programs."),
    ),
}  # fmt: skip
NOTHING[Nothing.NOT_ENROLLED] = NOTHING[Nothing.EMPTY]
NOTHING_UNPAID = NOTHING | {
    Nothing.PAUSED: (
        NOTHING[Nothing.PAUSED][0],
        gettext_lazy("Those who ordered it stopped it for a while. What you handed in stays, and is judged as agreed."),
    ),
    Nothing.CLOSED: (
        NOTHING[Nothing.CLOSED][0],
        gettext_lazy("No more answers are needed. What you handed in stays, and is judged as agreed."),
    ),
    Nothing.WORKER_PAUSED: (
        NOTHING[Nothing.WORKER_PAUSED][0],
        gettext_lazy("What you handed in stays, and is judged as agreed. You can read why, and object."),
    ),
}  # fmt: skip

# Why an open project has nothing for somebody who may work on it, and what happens next.
IDLE: dict[str, tuple[Any, Any]] = {
    Idle.HAD_ALL: (
        gettext_lazy("You have had every task that is open."),
        gettext_lazy("More can come when the requester adds tasks."),
    ),
    Idle.HELD: (
        gettext_lazy("Other people have the remaining tasks in hand."),
        gettext_lazy("What they return or do not finish in time comes back."),
    ),
    Idle.JUDGING: (
        gettext_lazy("All answers that were asked for are in and are being judged."),
        gettext_lazy("Where they disagree, more are asked for."),
    ),
    Idle.MONEY: (
        gettext_lazy("Further tasks wait until the requester sets money aside."),
        gettext_lazy("Nobody can take them before: what you are offered is always covered."),
    ),
    Idle.DONE: (
        gettext_lazy("Every task has its result."),
        gettext_lazy("More can come when the requester adds tasks."),
    ),
}

STATES: dict[int, tuple[str, Any]] = {  # tone of the badge, word
    State.HELD: ("info", gettext_lazy("In your hands")),
    State.SUBMITTED: ("wait", gettext_lazy("Handed in")),
    State.APPROVED: ("ok", gettext_lazy("Approved")),
    State.REJECTED: ("bad", gettext_lazy("Rejected")),
    State.RETURNED: ("neutral", gettext_lazy("Returned")),
    State.EXPIRED: ("neutral", gettext_lazy("Time was over")),
    State.SKIPPED: ("neutral", gettext_lazy("Skipped")),
    State.LATE: ("neutral", gettext_lazy("Came too late")),
    State.STOPPED: ("ok", gettext_lazy("Stopped")),
}
ANSWERED = (State.SUBMITTED, State.APPROVED, State.REJECTED, State.LATE)
SENSITIVE: dict[int, Any] = {
    2: gettext_lazy("Sensitive content"),
    3: gettext_lazy("Disturbing content"),
    4: gettext_lazy("Very disturbing content"),
}


APPEALS: Mapping[str, tuple[str, Any]] = {  # what became of an objection: tone, words
    "open": ("wait", gettext_lazy("waits for a decision")),
    "granted": ("ok", gettext_lazy("granted: the answer is paid")),
    "lapsed": ("ok", gettext_lazy("not decided in time: the answer is paid")),
    "refused": ("bad", gettext_lazy("not granted")),
    "withdrawn": ("neutral", gettext_lazy("withdrawn")),
}
