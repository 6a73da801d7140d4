"""Control rules and signals in words, for members and for the workers whom they are about."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from tagwerk.base.money import micros_of
from tagwerk.domain.designs.rules.control import Rule
from tagwerk.domain.quality.rules.control import figures_text
from tagwerk.interfaces.web.formats import money_text, number_text, percent_text, whole_minutes_text

COLLECTORS: dict[str, tuple[Any, Any]] = {  # what is looked at: its name, and one sentence about it
    "guessing": (
        gettext_lazy("Guessing"),
        gettext_lazy("Somebody who answers gold of one question hardly better than chance."),
    ),
    "gold": (gettext_lazy("Right on gold"), gettext_lazy("The share of right answers to tasks whose answer is known.")),
    "agreement": (
        gettext_lazy("Agreement with results"),
        gettext_lazy("The share of answers that are the same as the result, once a task is done."),
    ),
    "decisions": (
        gettext_lazy("Approved and rejected"),
        gettext_lazy("The share of answers that were approved, among those that were decided."),
    ),
    "speed": (
        gettext_lazy("Speed"),
        gettext_lazy("How much faster somebody is than others at the same tasks. Only ever a hint: fast can be good."),
    ),
    "count": (gettext_lazy("Number of answers"), gettext_lazy("So many answers, altogether or within a time.")),
    "signals": (
        gettext_lazy("Signals"),
        gettext_lazy("What is noticed in answers by itself: copying, streaks, straight lines, pasted text."),
    ),
    "skips": (
        gettext_lazy("Skipped tasks"),
        gettext_lazy("Several skips in a row: other work may suit somebody better. It never counts against them."),
    ),
    "day": (gettext_lazy("Answers a day"), gettext_lazy("The most that one person hands in on one day.")),
    "income": (gettext_lazy("Income a day"), gettext_lazy("The most that one person earns here on one day.")),
}  # fmt: skip
ACTIONS: dict[str, Any] = {
    "pause": gettext_lazy("pause the worker"),
    "signal": gettext_lazy("show members a signal"),
    "review": gettext_lazy("send the worker’s answers to review"),
    "more_answers": gettext_lazy("ask for one more answer to their tasks"),
    "grant": gettext_lazy("grant a qualification"),
    "revoke": gettext_lazy("take a qualification away"),
    "offer_other_work": gettext_lazy("offer other work"),
    "limit_today": gettext_lazy("no more tasks until tomorrow"),
}
SIGNALS: dict[str, Any] = {
    "copying": gettext_lazy("the same rare answers as somebody else"),
    "streak": gettext_lazy("the same answer again and again"),
    "straight_lining": gettext_lazy("all questions answered alike"),
    "pasted": gettext_lazy("text of others"),
    "fast": gettext_lazy("very fast"),
    "rule": gettext_lazy("a rule asks for a look"),
}
STEPS: dict[str, Any] = {
    "pause": gettext_lazy("paused"),
    "signal": gettext_lazy("a signal for members"),
    "review": gettext_lazy("answers sent to review"),
    "more_answers": gettext_lazy("one more answer asked for to the newest tasks"),
    "grant": gettext_lazy("a qualification was granted"),
    "revoke": gettext_lazy("a qualification was taken away"),
}
_BELOW = {
    "gold": gettext_noop("after {answers} answers to gold, less than {share} right"),
    "agreement": gettext_noop("after {answers} answers, less than {share} the same as the result"),
    "decisions": gettext_noop("after {answers} decided answers, less than {share} approved"),
}
_FROM = {
    "gold": gettext_noop("after {answers} answers to gold, {share} or more right"),
    "agreement": gettext_noop("after {answers} answers, {share} or more the same as the result"),
    "decisions": gettext_noop("after {answers} decided answers, {share} or more approved"),
}


def rule_of(said: Mapping[str, Any]) -> Rule:
    """A rule as it was kept."""
    return Rule.model_validate(said)


def condition_text(rule: Rule, currency: str = "EUR") -> str:
    """When a rule holds."""
    if rule.collector in _BELOW:
        share, words = (
            (rule.share_below, _BELOW) if rule.share_below is not None else (rule.share_from, _FROM)
        )
        text = _(words[rule.collector]).format(
            answers=number_text(rule.least), share=percent_text(share or 0)
        )
        newest = _("of the newest {last}").format(last=rule.last) if rule.last else ""
        question = _("at “{question}”").format(question=rule.question) if rule.question else ""
        return ", ".join(part for part in (text, newest, question) if part)
    return str(_CONDITIONS[rule.collector](rule, currency))


def action_text(rule: Rule, titles: Mapping[str, str] | None = None) -> str:
    """What follows from a rule; `titles` of qualifications by slug."""
    name = (titles or {}).get(rule.qualification or "", rule.qualification or "")
    if rule.action == "pause":
        if rule.until == "test":
            return _("paused until the test for “{name}” is passed again").format(name=name)
        return _("paused until a member has looked")
    if rule.action == "grant":
        score = 100 if rule.score is None else rule.score
        return _("“{name}” is granted, with {score} of 100 points").format(name=name, score=score)
    if rule.action == "revoke":
        return _("“{name}” is taken away").format(name=name)
    words = {
        "signal": _("members see a signal"),
        "review": ngettext(
            "what waits of the worker’s answers and the next {count} come to review first",
            "what waits of the worker’s answers and the next {count} come to review first",
            rule.reviewed_next,
        ).format(count=number_text(rule.reviewed_next)),
        "more_answers": _("the newest tasks of the worker get one more answer each"),
        "offer_other_work": _("other work is offered, and nothing else"),
        "limit_today": _("no more tasks until tomorrow"),
    }
    return words[rule.action]


def rule_text(rule: Rule, currency: str = "EUR", titles: Mapping[str, str] | None = None) -> str:
    """A rule as a line: when, then what."""
    said = condition_text(rule, currency)
    return f"{said[:1].upper()}{said[1:]} → {action_text(rule, titles)}"


def _guessing(rule: Rule, _currency: str) -> str:
    sure = percent_text(0.95 if rule.sure is None else rule.sure)
    return _("after {answers} answers to gold of one question, {sure} sure that it is guessed").format(
        answers=number_text(rule.least), sure=sure
    )


def _count(rule: Rule, _currency: str) -> str:
    if rule.minutes is None:
        return _("after {answers} answers").format(answers=number_text(rule.least))
    return _("{answers} answers within {time}").format(
        answers=number_text(rule.least), time=whole_minutes_text(rule.minutes)
    )


_CONDITIONS: dict[str, Any] = {
    "guessing": _guessing,
    "count": _count,
    "speed": lambda rule, _currency: _("{times} times faster than others at the same tasks, after {answers} answers").format(
        times=number_text(rule.times_faster), answers=number_text(rule.least)
    ),
    "signals": lambda rule, _currency: _("a signal was found: {kind}").format(kind=SIGNALS[rule.signal]),
    "skips": lambda rule, _currency: _("{count} tasks skipped one after another").format(count=rule.in_a_row),
    "day": lambda rule, _currency: ngettext(
        "{count} answer on one day", "{count} answers on one day", rule.least
    ).format(count=number_text(rule.least)),
    "income": lambda rule, currency: _("{amount} earned on one day").format(
        amount=money_text(micros_of(rule.per_day), currency)
    ),
}  # fmt: skip


def chance_text(chance: float) -> str:
    """How unlikely something is for who works by themselves."""
    if chance < 1e-9:
        return _("less than one in a thousand million")
    return _("about one in {count}").format(count=number_text(round(1 / max(chance, 1e-9))))


def signal_text(kind: str, figures: Mapping[str, Any], other: str = "") -> str:
    """What a signal saw, with its figures."""
    known = {
        name: number_text(value) if isinstance(value, int | float) else value
        for name, value in figures.items()
    }
    words = {
        "copying": _("{alike} of {compared} rare answers are the same as those of {other}, about {time} apart; {second} of them came after the other one’s."),
        "streak": _("The same answer {in_a_row} times in a row; others answered these tasks in different ways."),
        "straight_lining": _("In {alike} of {compared} tasks all these questions are answered alike; usual would be {expected}."),
        "pasted": _("{alike} of {compared} texts repeat long parts of what was there before; usual would be {expected}."),
        "fast": _("{times_faster} times faster than others at the same tasks, surely {at_least} times: {seconds} seconds for an answer, over {answers} answers. That alone is no mistake."),
    }  # fmt: skip
    if kind == "rule":
        rule = rule_of(figures["rule"])
        return f"{condition_text(rule)}: {figures_text(figures['rule'], figures)}"
    apart = whole_minutes_text(figures["minutes"]) if "minutes" in figures else ""
    return words[kind].format(other=other or "–", time=apart, **known)
