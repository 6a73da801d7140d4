"""How results are found, in words: the method of each question, why it was chosen, and on what it rests."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import ModelView
from tagwerk.domain.quality.rules.words import Cause, Method, Reason
from tagwerk.interfaces.web.formats import number_text, percent_text
from tagwerk.interfaces.web.pages.requester.frame import Frame

METHODS = {
    Method.IBCC: gettext_noop("a model of how each person errs"),
    Method.ONE_COIN: gettext_noop("a model of how often each person is right"),
    Method.GOLD_VOTE: gettext_noop("a vote weighted by gold"),
    Method.MAJORITY: gettext_noop("a vote in which all count alike"),
    Method.MERGE: gettext_noop("put together from the answers"),
    Method.MEMBER: gettext_noop("decided by hand"),
    Method.EXPERTS: gettext_noop("decided by experts"),
}
REASONS = {
    Reason.PLAN: gettext_noop("The project file asks for it."),
    Reason.FEW_ANSWERS: gettext_noop("There are too few answers yet to learn how people err."),
    Reason.ONE_ANSWER_EACH: gettext_noop("Most tasks have one answer, so people cannot be compared."),
    Reason.MANY_CLASSES: gettext_noop("There are too many options to learn how people confuse them."),
    Reason.GOLD_KNOWS_BETTER: gettext_noop(
        "On gold that it had not seen, the model was worse than the vote."
    ),
    Reason.USUAL: gettext_noop("It is right most often with as few answers as people have given here."),
}
CAUSES = {
    Cause.GROWTH: gettext_noop("because many answers came"),
    Cause.NIGHTLY: gettext_noop("in the night"),
    Cause.BUTTON: gettext_noop("because a member asked for it"),
}


@dataclass(frozen=True)
class QuestionModel:
    """How the results of a question are found now; `version` 0: nothing was fitted yet."""

    label: str
    method: str
    why: list[str]
    version: int
    cause: str
    at: datetime | None


def method_text(method: str, model: int) -> str:
    """A method in words, with the version of its model; "" where it is not known."""
    if method not in METHODS:
        return ""
    words = _(METHODS[Method(method)])
    return _("{method}, version {number}").format(method=words, number=model) if model else words


def models_of(frame: Frame) -> list[QuestionModel]:
    """Each question whose answers can be counted, and how its results are found."""
    current = quality.current_models(frame.project.id)
    counted = [one for one in quality.ballots_of(frame.design.id) if one.classes]
    return [_question(frame.design.by_name[one.question].label, current.get(one.question)) for one in counted]


def _question(label: str, view: ModelView | None) -> QuestionModel:
    if view is None:
        why = _(REASONS[Reason.FEW_ANSWERS])
        return QuestionModel(label, _(METHODS[Method.GOLD_VOTE]), [why], 0, "", None)
    return QuestionModel(
        label, _(METHODS[view.method]), [_(REASONS[view.reason]), *_figures(view.figures)], view.version,
        _(CAUSES[view.cause]), view.fitted_at,
    )  # fmt: skip


def _figures(figures: dict[str, float]) -> list[str]:
    answers, people = int(figures.get("answers", 0)), int(figures.get("workers", 0))
    said = ngettext("{count} answer", "{count} answers", answers).format(count=number_text(answers))
    of = ngettext("of {count} person", "of {count} people", people).format(count=number_text(people))
    each = _("{number} per task").format(number=number_text(round(figures.get("per_task", 0.0), 1)))
    found = [f"{said} {of}, {each}."]
    if "gold" in figures:
        found.append(
            _("On {count} gold tasks that each did not know, the model was right in {model}, the vote in {vote}.").format(
                count=number_text(int(figures["gold"])), model=percent_text(figures["gold_model"]),
                vote=percent_text(figures["gold_vote"]),
            )
        )  # fmt: skip
    return found
