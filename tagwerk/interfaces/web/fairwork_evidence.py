"""What was counted about the thresholds of Fairwork, in sentences and small plots."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tagwerk.domain.quality.rules.openness import LONG_WEEK_HOURS, OF_COUNTRY, Fact
from tagwerk.interfaces.web import plots
from tagwerk.interfaces.web.choices import country_name
from tagwerk.interfaces.web.formats import duration_text, number_text, percent_text

SHARE = plots.Measure(percent=True)


def sentences(facts: Mapping[str, Fact], names: tuple[str, ...]) -> list[str]:
    """What these facts say, in their order; those that were not counted say nothing."""
    return [line for name in names if name in facts for line in [_WORDS[name](facts[name])] if line]


def pictures(threshold: str, facts: Mapping[str, Fact]) -> list[plots.Plot]:
    """The plots of a threshold."""
    if threshold == "2.1" and "weeks" in facts:
        return [_weeks(facts["weeks"])]
    if threshold == "4.1" and "appeals" in facts:
        return [_appeals(facts["appeals"])]
    countries = {name: one for name, one in facts.items() if name.startswith(OF_COUNTRY)}
    return [_countries(countries)] if threshold == "4.2" and len(countries) > 1 else []


def _basis(one: Fact) -> str:
    return ngettext("{count} person", "{count} people", one.people).format(count=number_text(one.people))


def _numbers(one: Fact, *parts: str) -> dict[str, str]:
    """What the sentences fill in: all, of how many people, and parts as numbers and as shares."""
    found = {"count": number_text(one.count), "people": _basis(one)}
    for part in parts:
        found |= {part: number_text(one.parts[part]), f"{part}_share": percent_text(one.share(part))}
    return found


def _weeks_text(one: Fact) -> str:
    long = one.parts[f"from_{LONG_WEEK_HOURS[-1]}"]
    return _("In {share} of all weeks somebody worked {hours} hours or more ({long} of {count} weeks of {people}).").format(
        share=percent_text(long / one.count), hours=LONG_WEEK_HOURS[-1], long=number_text(long), **_numbers(one)
    )  # fmt: skip


def _unpaid_text(one: Fact) -> str:
    return _("{share} of the time at work was not paid, because answers were rejected ({people}). Time that people spent looking for tasks is not measured.").format(
        share=percent_text(one.share("rejected_ms")), people=_basis(one)
    )  # fmt: skip


def _tests_text(one: Fact) -> str:
    return _("{count} entry tests were taken by {people}: {long} of them take longer than ten minutes, {paid} were paid.").format(
        **_numbers(one, "long", "paid")
    )  # fmt: skip


def _guaranteed_text(one: Fact) -> str:
    return _("{count} weeks of {people} were short of the minimum wage where it is guaranteed; of them {paid} are made up for.").format(
        **_numbers(one, "paid")
    )  # fmt: skip


def _sensitive_text(one: Fact) -> str:
    return _("{count} answers were about disturbing content ({people}): for {consented_share} of them consent was given before, {capped_share} stood in projects with a limit for each day.").format(
        **_numbers(one, "consented", "capped")
    )  # fmt: skip


def _stopped_text(one: Fact) -> str:
    return _("{people} stopped at {count} tasks; {paid} of these were paid all the same.").format(
        **_numbers(one, "paid")
    )


def _terms_text(one: Fact) -> str:
    said = ngettext(
        "{people} have agreed to the terms, of which there was {count} version.",
        "{people} have agreed to the terms, of which there were {count} versions.",
        one.count,
    ).format(**_numbers(one))
    for newest, agreed in one.parts.items():
        said += " " + _("To the newest, {version}, {agreed} have agreed.").format(
            version=newest, agreed=number_text(agreed)
        )
    return said


def _returned_text(one: Fact) -> str:
    share = percent_text(one.count / one.parts["taken"]) if one.parts["taken"] else "–"
    went_on = percent_text(one.parts["people_who_went_on"] / one.people)
    return _("{people} gave back {count} tasks, {share} of all that people took; {went_on} of them went on with other tasks afterwards.").format(
        share=share, went_on=went_on, **_numbers(one)
    )  # fmt: skip


def _rejections_text(one: Fact) -> str:
    return _("{count} answers of {people} were rejected: {of_the_list_share} with a reason of the closed list, {with_words_share} with words of their own.").format(
        **_numbers(one, "of_the_list", "with_words")
    )  # fmt: skip


def _appeals_text(one: Fact) -> str:
    return _("{count} objections to rejections by {people} were decided, half of them within {time}: {granted} granted, {refused} refused, {lapsed} granted because nobody had decided in time; {by_another} by somebody else than who had rejected.").format(
        time=duration_text(one.parts["median_seconds"]), **_numbers(one, "granted", "refused", "lapsed", "by_another")
    )  # fmt: skip


def _objections_text(one: Fact) -> str:
    return _("{count} objections to pauses by {people} were decided, half of them within {time}: {granted} granted, {refused} refused, {lapsed} ended because nobody had decided in time.").format(
        time=duration_text(one.parts["median_seconds"]), **_numbers(one, "granted", "refused", "lapsed")
    )  # fmt: skip


def _holds_text(one: Fact) -> str:
    return _("Payouts of {people} were held back {count} times, each with a reason and an end; {by_rule} times the program did it by a rule.").format(
        **_numbers(one, "by_rule")
    )  # fmt: skip


def _audiences_text(one: Fact) -> str:
    return _("Projects that began: {count}; open to people of some countries only: {countries}; asking for a language: {languages}, for a qualification: {qualifications}.").format(
        **_numbers(one, "countries", "languages", "qualifications")
    )  # fmt: skip


def _questions_text(one: Fact) -> str:
    said = _("{people} asked {count} questions about tasks; {answered_share} were answered").format(
        **_numbers(one, "answered")
    )
    if not one.parts["answered"]:
        return f"{said}."
    return _("{said} (half of them within {time}).").format(
        said=said, time=duration_text(one.parts["median_seconds"])
    )


_WORDS: Mapping[str, Callable[[Fact], str]] = {
    "weeks": _weeks_text, "unpaid_time": _unpaid_text, "entry_tests": _tests_text, "guaranteed_weeks": _guaranteed_text,
    "sensitive_answers": _sensitive_text, "stopped_tasks": _stopped_text, "terms": _terms_text,
    "returned_tasks": _returned_text, "rejections": _rejections_text, "appeals": _appeals_text,
    "objections": _objections_text, "holds": _holds_text, "audiences": _audiences_text, "questions": _questions_text,
}  # fmt: skip


def _weeks(one: Fact) -> plots.Plot:
    edges = (0, *LONG_WEEK_HOURS)
    names = [
        _("{low}–{high} h").format(low=low, high=high)
        for low, high in zip(edges, LONG_WEEK_HOURS, strict=False)
    ]
    return plots.bars(
        title=_("Hours that people worked in a week"), name_label=_("Hours"), value_label=_("Weeks"), basis=_basis(one),
        bars=[(name, one.parts[f"from_{low}"]) for name, low in zip([*names, _("{low} h or more").format(low=edges[-1])], edges, strict=True)],
    )  # fmt: skip


def _appeals(one: Fact) -> plots.Plot:
    named = (
        (_("The worker was right"), "granted"),
        (_("Nobody decided in time, so the worker was right"), "lapsed"),
        (_("The rejection stands"), "refused"),
    )
    return plots.bars(
        title=_("What became of objections to rejections"), name_label=_("Decision"), value_label=_("Share"), measure=SHARE,
        whole=1.0, basis=_basis(one), bars=[(name, one.share(part)) for name, part in named],
    )  # fmt: skip


def _countries(facts: Mapping[str, Fact]) -> plots.Plot:
    people = sum(one.people for one in facts.values())
    return plots.bars(
        title=_("Rejected answers by country of the worker"), name_label=_("Country"), value_label=_("Rejected"),
        measure=SHARE, basis=ngettext("{count} person", "{count} people", people).format(count=number_text(people)),
        bars=[(country_name(name.removeprefix(OF_COUNTRY)), one.share("rejected")) for name, one in facts.items()],
    )  # fmt: skip
