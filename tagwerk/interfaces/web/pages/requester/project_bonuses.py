"""Bonuses of a project: by hand, by a file, by a rule that is looked at first; and what was given, with the reason."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tagwerk.base.errors import NotFound
from tagwerk.base.money import fee_micros
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.quality import actions as quality_actions
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import RuleLine
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.rules.bonuses import (
    BonusRule,
    Gift,
    GiftLine,
    bonus_amount,
    bonus_reason,
    gifts_of_csv,
)
from tagwerk.domain.work.rules.extras import BonusSource
from tagwerk.interfaces.web.formats import number_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.operator.instance_forms import Percent
from tagwerk.interfaces.web.pages.qualifying_forms import text_of
from tagwerk.interfaces.web.pages.requester.frame import PEOPLE, Frame, framed, project_page
from tagwerk.interfaces.web.paging import cut, plain_place
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

PAGE = 50
SURE = gettext_lazy("I am sure, also about bonuses of more than 20 times what an answer pays")
WHY = gettext_lazy("The worker reads it.")


class BonusForm(PageForm):
    """A bonus by hand. The key makes sending the form twice one bonus."""

    to = forms.CharField(
        label=gettext_lazy("For whom"), max_length=100,
        help_text=gettext_lazy("The pseudonym of a worker, or the id of an answer (asg_…)"),
    )  # fmt: skip
    amount = forms.CharField(
        label=gettext_lazy("Amount"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, help_text=WHY)
    sure = forms.BooleanField(label=SURE, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)


class FileForm(PageForm):
    """Bonuses by a file."""

    file = forms.FileField(
        label=gettext_lazy("List (CSV)"),
        help_text=gettext_lazy(
            "Columns: amount, reason, and worker (a pseudonym) or answer (an id). If one line is wrong, nothing is paid."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    sure = forms.BooleanField(label=SURE, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def clean_file(self) -> str:
        """The text of the file."""
        return text_of(self.cleaned_data["file"])


class RuleForm(PageForm):
    """A rule: it is looked at first, then paid."""

    accuracy = Percent(label=gettext_lazy("Right in at least (per cent)"), initial=90)
    answers = forms.IntegerField(
        label=gettext_lazy("Over at least so many answers that were measured"), min_value=1, max_value=10_000, initial=20
    )  # fmt: skip
    share = Percent(label=gettext_lazy("Bonus in per cent of what they earned"), initial=10)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, help_text=WHY)
    sure = forms.BooleanField(label=SURE, required=False)

    @property
    def rule(self) -> BonusRule:
        """What was filled in."""
        given = self.cleaned_data
        return BonusRule(
            accuracy=float(given["accuracy"]) / 100,
            answers=given["answers"],
            share=float(given["share"]) / 100,
        )


@project_page(Permission.PROJECT_MANAGE)
def project_bonuses(request: ActorRequest, frame: Frame) -> HttpResponse:
    """What was given, and three ways to give; each form names itself in `what`."""
    if not frame.project.paid or frame.project.launched_at is None:
        raise NotFound("page_not_found", "There is nothing here.")
    what = request.POST.get("what", "")
    if request.method == "POST" and what not in _POSTS:
        raise NotFound("page_not_found", "There is nothing here.")
    all_forms = _forms(request, what)
    looked: list[RuleLine] = []
    if request.method == "POST":
        form = all_forms[what]
        if form.carry_out(lambda given: _POSTS[what](request, frame, form, given)):
            if what != "rule" or "pay" in request.POST:
                return see_other(frame.url("project_bonuses"), said=_said(form.result), request=request)
            looked = form.result
    values = framed(frame, PEOPLE, **_given(request, frame), **_looked(frame, looked)) | {
        f"{name}_form": form for name, form in all_forms.items()
    }
    return page_with_form(request, "pages/requester/project_bonuses.html", values)


def _forms(request: ActorRequest, what: str) -> dict[str, PageForm]:
    """Those that were not sent are empty; the one that was sent shows what was typed."""
    sent = {what: request.POST} if request.method == "POST" else {}
    key = {"key": f"page-{uuid4()}"}
    to = request.GET.get("worker", "") or request.GET.get("answers", "")
    return {
        "hand": BonusForm(sent.get("hand"), initial={"to": to, **key}),
        "file": FileForm(sent.get("file"), request.FILES if what == "file" else None, initial=key),
        "rule": RuleForm(sent.get("rule")),
    }


def _by_hand(request: ActorRequest, frame: Frame, _form: PageForm, given: dict[str, Any]) -> int:
    to = given["to"].strip()
    is_answer = to.startswith("asg_")
    line = GiftLine(
        1, "" if is_answer else to, to if is_answer else "", bonus_amount(given["amount"]), bonus_reason(given["reason"])
    )  # fmt: skip
    (one,) = queries.gifts_of(frame.project.id, [line], key=given["key"])
    gift = Gift(one.worker_id, one.reward_micros, one.reason, given["key"], one.assignment_id)
    return actions.give_bonuses(
        actor=request.actor, project_id=frame.project.id, gifts=[gift], sure=given["sure"], now=timezone.now()
    )


def _by_file(request: ActorRequest, frame: Frame, _form: PageForm, given: dict[str, Any]) -> int:
    gifts = queries.gifts_of(frame.project.id, gifts_of_csv(given["file"]), key=given["key"])
    return actions.give_bonuses(
        actor=request.actor, project_id=frame.project.id, gifts=gifts, source=BonusSource.FILE, sure=given["sure"],
        now=timezone.now(),
    )  # fmt: skip


def _by_rule(request: ActorRequest, frame: Frame, form: PageForm, given: dict[str, Any]) -> Any:
    assert isinstance(form, RuleForm)
    if "pay" not in request.POST:
        return quality.bonuses_by(frame.project, form.rule)
    found = quality_actions.give_bonuses_by_rule(
        actor=request.actor, project_id=frame.project.id, rule=form.rule, reason=given["reason"], sure=given["sure"],
        now=timezone.now(),
    )  # fmt: skip
    return found.given


_POSTS: Mapping[str, Callable[[ActorRequest, Frame, PageForm, dict[str, Any]], Any]] = {
    "hand": _by_hand,
    "file": _by_file,
    "rule": _by_rule,
}


def _said(count: int) -> str:
    if not count:
        return _("Nothing new: these bonuses were given already.")
    return ngettext("{count} bonus is paid.", "{count} bonuses are paid.", count).format(
        count=number_text(count)
    )


def _given(request: ActorRequest, frame: Frame) -> dict[str, Any]:
    found = queries.bonuses_page(frame.project.id, before=plain_place(request), limit=PAGE + 1)
    page = cut(request, found, PAGE, lambda one: str(one.id))
    return {
        "page": page,
        "cost": queries.bonus_cost(frame.project.id),
    }


def _looked(frame: Frame, lines: list[RuleLine]) -> dict[str, Any]:
    paid = [one for one in lines if one.bonus_micros]
    reward = sum(one.bonus_micros for one in paid)
    return {
        "looked": lines[:PAGE],
        "looked_all": len(lines),
        "looked_paid": len(paid),
        "looked_micros": reward,
        "looked_total": reward + fee_micros(reward, frame.project.fee_bp),
    }
