"""What is said about gold: its states, and what was found out about it with the figures."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.quality.queries import GoldTask
from tagwerk.domain.quality.rules.words import BY_MEMBER, FAST, KNOWN, WRONG_KEY, GoldState
from tagwerk.interfaces.web.formats import number_text

GOLD_STATES: Mapping[GoldState, tuple[str, str]] = {
    GoldState.SERVING: (gettext_noop("served"), "ok"),
    GoldState.SUSPICIOUS: (gettext_noop("suspicious"), "bad"),
    GoldState.RETIRED: (gettext_noop("retired"), "neutral"),
}


def evidence_text(design: DesignView, gold: GoldTask) -> str:
    """Why a gold task is not served, with the figures; "" where it is."""
    found = gold.evidence
    if gold.why == BY_MEMBER:
        return _("A member retired it.")
    if gold.why == WRONG_KEY and found:
        question = design.by_name.get(found["question"])
        return _(
            "Only {right} of {good} workers who are good at other gold gave the right answer to “{question}”. The key is "
            "probably wrong. Until you decide, the task counts for nobody."
        ).format(
            right=number_text(found["right"]), good=number_text(found["good_workers"]),
            question=question.label if question else found["question"],
        )  # fmt: skip
    if gold.why == KNOWN and found:
        return _(
            "Of the newest {newest} answers, {newest_right} are right; before, {before_right} of {before} were. Workers are "
            "no better at other gold than before, so people seem to know it. The newest answers count for nobody."
        ).format(**_figures(found))
    if gold.why == FAST and found:
        return _(
            "The newest {newest} answers took {now} s in the middle, those before {earlier} s: faster than it can be read, "
            "and right. The newest answers count for nobody."
        ).format(
            **_figures(found), now=number_text(found["seconds_newest"]), earlier=number_text(found["seconds_before"])
        )  # fmt: skip
    return ""


def _figures(found: Mapping[str, object]) -> dict[str, str]:
    names = ("newest", "newest_right", "before", "before_right")
    return {name: number_text(found[name]) for name in names}  # type: ignore[arg-type]
