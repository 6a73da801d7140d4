"""All kinds of notices: their texts, who gets them by mail, and how the texts are filled in."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency

from tagwerk.base.errors import minutes_said
from tagwerk.base.money import MICROS
from tagwerk.domain.notices.rules.kinds import N_, NoticeKind
from tagwerk.domain.notices.rules.kinds_of_money import KINDS_OF_MONEY

KINDS: Mapping[str, NoticeKind] = {
    **KINDS_OF_MONEY,
    "invitation": NoticeKind(
        N_("You are invited to {organisation}"),
        N_(
            "{inviter} invites you to join {organisation} on tagwerk. If you accept, its members see your name."
        ),
        button=N_("See the invitation"),
    ),
    "worker_invitation": NoticeKind(
        N_("You are invited to work on tagwerk"),
        N_("You can sign up with this address and see the work that is open to you."),
        button=N_("Sign up"),
    ),
    "answer_rejected": NoticeKind(  # as it was told until reasons came from a closed list
        N_("An answer of yours was rejected: {project}"),
        N_("The reason given is: {reason}\n\nIf you think this is wrong, you can object to it."),
        button=N_("See the answer"),
    ),
    "answer_not_paid": NoticeKind(
        N_("An answer of yours was rejected: {project}"),
        N_(
            "The reason is: {reason}\n\n{text}\n\nIf you think this is wrong, object to it within {days} days: somebody else decides then, and if nobody does in time, the answer is paid."
        ),
        button=N_("See the answer, or object"),
    ),
    "bonus_given": NoticeKind(
        N_("You got a bonus: {amount}"),
        N_(
            "For your work on {project} you were given {amount} on top. The reason is: {reason}\n\nIt is yours at once."
        ),
        important=False,
    ),
    "appeal_waits": NoticeKind(
        N_("A worker objects to a rejection: {project}"),
        N_(
            "Somebody other than who rejected the answer decides, within seven days and in words. What nobody decides in time is approved and paid."
        ),
        button=N_("See the objections"),
    ),
    "appeal_granted": NoticeKind(
        N_("Your objection was granted: {project}"),
        N_("The answer counts and is paid. What was answered to your objection stands beside it."),
        button=N_("See the answer"),
    ),
    "appeal_refused": NoticeKind(
        N_("Your objection was not granted: {project}"),
        N_("The answer stays rejected. What was answered to your objection stands beside it."),
        button=N_("Read why"),
    ),
    "appeal_lapsed": NoticeKind(
        N_("Your objection was granted: {project}"),
        N_("Nobody decided about it in time, so the answer counts and is paid."),
        button=N_("See the answer"),
    ),
    "appeal_not_decided": NoticeKind(
        N_("An objection was not decided in time: {project}"),
        N_("So it was granted: the answer is approved and paid, and counts in your public figures."),
        button=N_("See the objections"),
    ),
    "rejections_wait": NoticeKind(
        N_("Rejections wait for a second person: {project}"),
        N_(
            "So many answers ({answers}) are not rejected by one person alone. Confirm it within three days, or have them paid; what nobody confirms is paid."
        ),
        button=N_("See what it would do"),
    ),
    "timer_lost": NoticeKind(
        N_("Your timer was stopped: {project}"),
        N_(
            "The page of your task said nothing any more, so its timer ended after {minutes}, at the last sign of life. "
            "If you went on working, go on with the timer, and correct the time when you have handed in."
        ),
        button=N_("See the task"),
        important=False,
    ),
    "late_answer_paid": NoticeKind(
        N_("An answer that came too late was paid: {project}"),
        N_(
            "It does not count, but {amount} for it are yours at once: the operator of this platform pays that."
        ),
        button=N_("See the answer"),
        important=False,
    ),
    "time_waits": NoticeKind(
        N_("A worker asks for more time: {project}"),
        N_(
            "Decide within three days. What nobody decides is paid, up to what the project pays without asking."
        ),
        button=N_("See what is asked"),
    ),
    "time_granted": NoticeKind(
        N_("Your time is paid: {project}"),
        N_("The time that you asked for was granted: {amount} more are yours at once."),
        button=N_("See the time"),
    ),
    "time_agreed": NoticeKind(
        N_("More time is agreed: {project}"),
        N_("Up to {minutes} of your task are paid without asking again. The money for it is set aside."),
        button=N_("See the time"),
    ),
    "time_refused": NoticeKind(
        N_("Your time was not granted: {project}"),
        N_("{reason}: {reply}\n\nWhat is paid for the task stays yours."),
        button=N_("See the time"),
    ),
    "time_lapsed": NoticeKind(
        N_("Nobody decided about your time: {project}"),
        N_(
            "So what the project pays without asking is paid. Time beyond that is paid only where somebody grants it."
        ),
        button=N_("See the time"),
    ),
    "rework_asked": NoticeKind(
        N_("A better answer is asked for: {project}"),
        N_("{text}\n\nChange your answer until {until}, leave it as it is, or give the task back."),
        button=N_("See the answer"),
    ),
    "rework_asked_paid": NoticeKind(
        N_("A better answer is asked for: {project}"),
        N_(
            "{text}\n\nFor a better one you get {extra} on top. Change your answer until {until}, leave it as it is, or give the task back."
        ),
        button=N_("See the answer"),
    ),
    "answer_approved_after_objection": NoticeKind(
        N_("A rejection was withdrawn: {project}"),
        N_("The answer counts and is paid after all."),
        button=N_("See the answer"),
    ),
    "enrolment_paused": NoticeKind(
        N_("Your work on {project} is paused"),
        N_(
            "The reason is: {reason}\n\nWhat you have handed in is kept and judged as usual. If you think this is wrong, you can object: somebody else decides within seven days."
        ),
        button=N_("See what happened"),
    ),
    "enrolment_paused_by_rule": NoticeKind(
        N_("Your work on {project} is paused"),
        N_(
            "The reason is: {reason}\n\nThe figures: {figures}. A rule of the project did this by itself; no person has looked yet.\n\nWhat you have handed in is kept and judged as usual. If you think this is wrong, you can object: a person decides within seven days."
        ),
        button=N_("See what happened"),
    ),
    "pause_objected": NoticeKind(
        N_("A paused worker of {project} objects"),
        N_("Look at it and decide within seven days. If nobody does, the worker goes on."),
        button=N_("See the objection"),
    ),
    "pause_objection_refused": NoticeKind(
        N_("Your objection was looked at: {project}"),
        N_(
            "You get no more tasks of this project. The answer is: {answer}\n\nWhat you have handed in is kept and judged as usual."
        ),
        button=N_("See what happened"),
    ),
    "enrolment_resumed": NoticeKind(
        N_("You can go on with {project}"),
        N_("You get tasks of this project again."),
        button=N_("Go on working"),
    ),
    "worker_paused": NoticeKind(
        N_("A worker gets no more tasks of {project} for now"),
        N_("This happened by itself. Look at it, and let the worker go on if it is all right."),
        important=False,
        button=N_("See the workers"),
    ),
    "project_paused": NoticeKind(
        N_("{project} is paused"),
        N_(
            "You can still hand in what you have in hand, and it counts as usual. New tasks come when the project goes on."
        ),
        button=N_("See the project"),
    ),
    "gold_retired": NoticeKind(
        N_("Gold has become known: {project}"),
        N_(
            "A task with a known answer is served no more, because its newest answers show that people know it. "
            "Since then, it counts for nobody. You can have it served again."
        ),
        important=False,
        button=N_("Look at the gold task"),
    ),
    "gold_suspicious": NoticeKind(
        N_("Is this right answer wrong? {project}"),
        N_(
            "Workers who are good at other gold hardly ever give the answer that this task wants. It is not served and "
            "counts for nobody until you correct its right answer, or say that it is right."
        ),
        important=False,
        button=N_("Look at the gold task"),
    ),
    "task_unanswerable": NoticeKind(
        N_("A task of {project} cannot be answered"),
        N_("A worker says so, and why: something may be missing or broken, in other tasks too."),
        important=False,
        button=N_("See the task"),
    ),
    "organisation_approved": NoticeKind(
        N_("{organisation} was approved"),
        N_("You can launch projects now."),
        button=N_("See the organisation"),
    ),
    "account_suspended": NoticeKind(
        N_("Your account on {instance} is suspended"),
        N_(
            "The reason is: {reason}\n\n{note}\n\nYou cannot sign in for now, and no key of yours works. What you earned stays yours. If you think this is wrong, write to {contact}."
        ),
        always=True,
        button="",
    ),
    "account_open_again": NoticeKind(
        N_("You can use {instance} again"),
        N_("The suspension of your account was lifted. You can sign in as before."),
        always=True,
        button=N_("Go to your profile"),
    ),
    "operator_made": NoticeKind(
        N_("{name} operates {instance} now"),
        N_(
            "They can do what every operator can, but release money only after three days. If that is not right, take the role away again."
        ),
        button=N_("See who operates it"),
    ),
    "operator_ended": NoticeKind(
        N_("{name} does not operate {instance} any more"),
        N_(
            "For three days nobody can release alone what they began. If that is not right, tell the other operators."
        ),
    ),
    "account_viewed": NoticeKind(
        N_("An operator looked at your pages"),
        N_(
            "{operator} saw the pages of {instance} as you see them, for at most {minutes}, and could change nothing. The reason given is: {reason}"
        ),
        important=False,
    ),
    "organisation_suspended": NoticeKind(
        N_("{organisation} is suspended"),
        N_(
            "The reason is: {reason}\n\n{note}\n\nIts projects are paused, and none can be launched or resumed for now. What was handed in is judged and paid as usual. If you think this is wrong, write to {contact}."
        ),
        button=N_("See the organisation"),
    ),
    "organisation_open_again": NoticeKind(
        N_("{organisation} can work again"),
        N_("The suspension was lifted. Its projects are still paused: resume those that shall go on."),
        button=N_("See the organisation"),
    ),
    "project_finished": NoticeKind(
        N_("{project} is finished"),
        N_(
            "All its tasks are done. The results are ready to be exported, and what was not spent is prepaid money again."
        ),
        important=False,
        button=N_("See the results"),
    ),
    "thread_message": NoticeKind(
        N_("A new message about a task of {project}"),
        N_("{author} wrote: {excerpt}"),
        important=False,
        button=N_("Read and answer"),
    ),
    "qualification_granted": NoticeKind(
        N_("You were granted a qualification: {qualification}"),
        N_("Your score is {score}. Work that asks for no more than that is open to you now."),
        important=False,
        button=N_("See your qualifications"),
    ),
    "test_has_to_be_paid": NoticeKind(
        N_("Nobody can begin your entry test any more: {qualification}"),
        N_(
            "It takes longer than {minutes} and pays nothing. Put one in its place that pays, or a shorter one."
        ),
        button=N_("See the test"),
    ),
    "export_ready": NoticeKind(
        N_("The export of {project} is ready"),
        N_("You can download it from the page of the project."),
        important=False,
        button=N_("Download the export"),
    ),
    "webhook_disabled": NoticeKind(
        N_("A webhook of {organisation} was switched off"),
        N_(
            "Deliveries to {url} kept failing. Nothing is lost: put it right and switch it on again, and they follow."
        ),
        button=N_("See the webhook"),
    ),
}


MINUTES = "minutes"  # a place that so many minutes fill: a whole number, counted the reader's way


def amount(micros: int, currency: str) -> dict[str, Any]:
    """A parameter that is money; it is written the reader's way when it is shown."""
    return {"micros": micros, "currency": currency}


def date(at: datetime) -> dict[str, Any]:
    """A parameter that is a day; it is written the reader's way when it is shown."""
    return {"date": at.date().isoformat()}


def message(text: str) -> dict[str, Any]:
    """A parameter that is a text of ours, marked for translation; it is written in the reader's language."""
    return {"message": text}


def check_params(kind: str, params: Mapping[str, Any]) -> None:
    """Every place of the kind's texts is filled, and nothing else is given: a slip of ours, not of a person."""
    assert kind in KINDS, f"no notice of the kind {kind}"
    assert KINDS[kind].places == frozenset(params), f"{kind} needs {sorted(KINDS[kind].places)}"


def render(
    kind: str, params: Mapping[str, Any], *, translate: Callable[[str], str], language: str
) -> tuple[str, str]:
    """Title (one line) and body in the reader's language."""
    texts = KINDS[kind]
    filled = {
        name: minutes_said(int(value)).said(translate)
        if name == MINUTES
        else _written(value, translate, language)
        for name, value in params.items()
    }
    title = translate(texts.title).format_map(filled)
    return " ".join(title.split()), translate(texts.body).format_map(filled)


def _written(value: Any, translate: Callable[[str], str], language: str) -> str:
    if isinstance(value, dict) and "message" in value:
        return translate(value["message"])
    if isinstance(value, dict) and "date" in value:
        return format_date(
            datetime.fromisoformat(value["date"]), format="long", locale=language.replace("-", "_")
        )
    if isinstance(value, dict):
        units = Decimal(value["micros"]) / MICROS
        return format_currency(units, value["currency"], locale=language.replace("-", "_"))
    return str(value)


def is_mailed(kind: str, mail_level: str) -> bool:
    """Whether a notice also goes out by mail to somebody who takes that much mail."""
    wanted = mail_level == "all" or (mail_level == "important" and KINDS[kind].important)
    return wanted or KINDS[kind].always


def reaches(kind: str, *, has_mailbox: bool, is_active: bool) -> bool:
    """Whether mail of this kind reaches somebody at all: some kinds go to who is shut out, too."""
    return has_mailbox and (is_active or KINDS[kind].always)


def check_link(link: str) -> None:
    """A notice leads to a page of ours or nowhere: a path, never an address."""
    assert link == "" or (link.startswith("/") and not link.startswith(("//", "/\\"))), "a link is a path"
