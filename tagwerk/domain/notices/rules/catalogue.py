"""All kinds of notices: their texts, who gets them by mail, and how the texts are filled in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from string import Formatter
from typing import Any

from babel.numbers import format_currency

from tagwerk.base.money import MICROS


def N_(text: str) -> str:  # noqa: N802 (the name by which Babel finds texts to translate later)
    """Marks a text for translation; it is translated when it is shown, for who reads it."""
    return text


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """Title, body and what stands on the button of the mail are message ids, the first two with named places.

    An important one is mailed to all who take any mail.
    """

    title: str
    body: str
    important: bool = True
    always: bool = False  # is mailed whatever a person chose, also to who cannot sign in any more
    button: str = N_("Look at it")  # empty: none

    @property
    def places(self) -> frozenset[str]:
        """The names of the places to be filled in."""
        parts = (*Formatter().parse(self.title), *Formatter().parse(self.body))
        return frozenset(name for _, name, _, _ in parts if name)


KINDS: Mapping[str, NoticeKind] = {
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
    "account_viewed": NoticeKind(
        N_("An operator looked at your pages"),
        N_(
            "{operator} saw the pages of {instance} as you see them, for at most {minutes} minutes, and could change nothing. The reason given is: {reason}"
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
    "book_wrong": NoticeKind(
        N_("The book of this instance is wrong"),
        N_(
            "Something was changed past tagwerk, or is broken: seals that do not fit: {seals}, accounts that differ from their transfers: {accounts}, currencies in which debits and credits differ: {currencies}. Pay nobody out, keep a backup, and run “tagwerk ledger verify”, which names what is wrong."
        ),
        always=True,
        button=N_("Go to the operator's page"),
    ),
    "book_sealed": NoticeKind(
        N_("The newest seal of the book is number {number}"),
        N_(
            "Keep this mail: with it you can prove later that no transfer up to {last} was changed. The seal is:\n\n{hash}\n\n“tagwerk ledger verify” compares."
        ),
        button=N_("Go to the operator's page"),
    ),
    "deposit_booked": NoticeKind(
        N_("{amount} arrived for {organisation}"),
        N_("The money can be spent on projects now."),
        important=False,
        button=N_("See the balance"),
    ),
    "project_finished": NoticeKind(
        N_("{project} is finished"),
        N_(
            "All its tasks are done. The results are ready to be exported, and what was not spent is prepaid money again."
        ),
        important=False,
        button=N_("See the results"),
    ),
    "budget_low": NoticeKind(
        N_("The budget of {project} is nearly used up"),
        N_(
            "{left} of {budget} are left. What is open now is covered by it; tasks that are added may need a larger budget."
        ),
        important=False,
        button=N_("See the project"),
    ),
    "tasks_wait_for_money": NoticeKind(
        N_("Tasks of {project} wait for money"),
        N_(
            "The {budget} that were set aside cover no more tasks ({tasks} wait), and no others are open. Raise the budget to go on."
        ),
        button=N_("See the project"),
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


def amount(micros: int, currency: str) -> dict[str, Any]:
    """A parameter that is money; it is written the reader's way when it is shown."""
    return {"micros": micros, "currency": currency}


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
    filled = {name: _written(value, translate, language) for name, value in params.items()}
    title = translate(texts.title).format_map(filled)
    return " ".join(title.split()), translate(texts.body).format_map(filled)


def _written(value: Any, translate: Callable[[str], str], language: str) -> str:
    if isinstance(value, dict) and "message" in value:
        return translate(value["message"])
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
