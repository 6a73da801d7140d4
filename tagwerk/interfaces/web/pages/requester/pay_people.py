"""The part of the pay step about people: who is paid more than others, for what they can, how much they did, where they live."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tagwerk.base.money import MICROS, plain
from tagwerk.domain.academy import queries as academy
from tagwerk.domain.academy.queries import QualificationView
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.rules.factors import in_audience, plan_of
from tagwerk.domain.work.rules.units import NONE_BP
from tagwerk.interfaces.web import pay_words
from tagwerk.interfaces.web.choices import country_name
from tagwerk.interfaces.web.formats import money_text
from tagwerk.interfaces.web.pages.requester.setup_form import PartForm

BY_COUNTRY = "floor_by_country"
NAMED = 5  # countries: the rest is a number


class PeoplePayForm(PartForm):
    """The fields, and what they make of the pay plan."""

    level = forms.ChoiceField(
        label=gettext_lazy("Qualification that is paid more"),
        help_text=gettext_lazy("Who has it when they take a task is paid more for it. For the largest pay, money is set aside."),
        required=False,
    )  # fmt: skip
    level_score = forms.IntegerField(
        label=gettext_lazy("… from this score on"), min_value=0, max_value=100, required=False
    )
    level_percent = forms.DecimalField(
        label=gettext_lazy("… per cent more"), min_value=0, max_value=900, decimal_places=2, required=False
    )
    volume_after = forms.IntegerField(
        label=gettext_lazy("Much work: after so many approved answers"),
        help_text=gettext_lazy("Of a worker in this project. What they take from then on pays more."),
        min_value=1, max_value=1_000_000, required=False,
    )  # fmt: skip
    volume_percent = forms.DecimalField(
        label=gettext_lazy("Much work: per cent more"), min_value=0, max_value=900, decimal_places=2, required=False,
    )  # fmt: skip
    by_country = forms.BooleanField(
        label=gettext_lazy("Raise pay to the minimum wage of each worker's country"),
        help_text=gettext_lazy(
            "Where the minimum wage for the seconds above is more than the price, that much is paid. Nobody gets less than the "
            "price. Without it, everybody gets the same, wherever they live."
        ),
        required=False,
    )  # fmt: skip

    def offer(self, offered: Sequence[QualificationView], file: ProjectFile) -> None:
        """Which qualifications can be chosen; one that the file names and nobody has any more, too."""
        named = plan_of(file.model_dump(mode="json", exclude_none=True)).qualification
        known = {one.slug: one.title for one in offered}
        choices = [
            ("", _("none")),
            *known.items(),
            *([(named, named)] if named and named not in known else []),
        ]
        self.fields["level"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Half of what belongs together says nothing."""
        given = super().clean() or self.cleaned_data
        if given.get("level") and given.get("level_percent") is None and "level_percent" not in self.errors:
            self.add_error("level_percent", _("Say how much more is paid."))
        for one, other in (("volume_after", "volume_percent"), ("volume_percent", "volume_after")):
            if given.get(one) is not None and given.get(other) is None and other not in self.errors:
                self.add_error(other, _("Fill in both, or neither."))
        return given

    def people(self) -> dict[str, Any]:
        """`location` and `volume` of the pay plan; what is the same for all is not written."""
        given = self.cleaned_data
        found: dict[str, Any] = {"location": BY_COUNTRY} if given["by_country"] else {}
        if given["volume_after"]:
            found["volume"] = {"after": given["volume_after"], "factor": factor_of(given["volume_percent"])}
        return found

    def level_of(self, file: dict[str, Any]) -> dict[str, Any] | None:
        """`level` of the multipliers. A file with several scores keeps them, as long as the first is not changed here."""
        given = self.cleaned_data
        if not given["level"]:
            return None
        kept = ((file.get("pay") or {}).get("multipliers") or {}).get("level")
        shown = people_typed(file)
        if kept and all(given[name] == shown[name] for name in ("level", "level_score", "level_percent")):
            return dict(kept)
        return {
            "qualification": given["level"], "factors": {str(given["level_score"] or 0): factor_of(given["level_percent"])},
        }  # fmt: skip


def people_typed(file: dict[str, Any]) -> dict[str, Any]:
    """What a stored or written file says, as these fields show it."""
    plan = plan_of(file)
    score, factor_bp = plan.levels[0] if plan.levels else (None, NONE_BP)
    return {
        "level": plan.qualification, "level_score": score, "level_percent": _percent(factor_bp) if plan.levels else None,
        "volume_after": plan.volume_after, "volume_percent": None if plan.volume_after is None else _percent(plan.volume_bp), "by_country": plan.by_country,
    }  # fmt: skip


def people_text(view: ProjectView) -> list[str]:
    """Who is paid more than others, and what an answer can cost because of it."""
    slug = work.worker_plan(view).qualification
    titles = academy.titles_of([view.organisation_id], [slug]) if slug else {}
    lines = pay_words.people_lines(view, titles.get((view.organisation_id, slug), slug))
    if not lines:
        return []
    found = [_("Some people are paid more: {what}.").format(what="; ".join(lines))]
    if raised := [
        code
        for code, _bp in sorted(
            in_audience(work.floors_of(view), view.audience).items(), key=lambda one: -one[1]
        )
    ]:
        names = ", ".join(country_name(code) for code in raised[:NAMED])
        found.append(
            ngettext(
                "Raised in {count} country: {names}.",
                "Raised in {count} countries, most in: {names}.",
                len(raised),
            ).format(count=len(raised), names=names)
        )
    if view.measures and view.task_micros is None:
        return found
    return [
        *found,
        _(
            "An answer costs at most {price}, and so much is set aside for each; what is not needed is free again."
        ).format(
            price=pay_words.about_text(work.most_price(view), view.currency)
            if view.measures
            else money_text(work.most_price(view), view.currency)
        ),
    ]


def factor_of(percent: Decimal) -> str:
    """So many per cent more, as the file writes it."""
    return plain(MICROS + int(percent * 10_000))


def _percent(factor_bp: int) -> Decimal:
    """With the two places that a factor's four leave."""
    return Decimal(factor_bp - NONE_BP) / 100
