"""Payout runs: what waits to be paid, the runs there were, and a new one."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.timezone import now
from django.utils.translation import gettext_lazy

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.payments import actions
from tagwerk.domain.payments.queries import payouts as queries
from tagwerk.domain.payments.queries import receiving
from tagwerk.domain.payments.rules.reasons import HOLD_WORDS
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.labels import translated
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.payout_words import RUN_STATES
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

SHOWN = 30


class RunForm(PageForm):
    """Which currency, and up to when."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    until = forms.ChoiceField(
        label=gettext_lazy("Pay what was approved"),
        choices=[
            ("week", gettext_lazy("until the end of last week")),
            ("now", gettext_lazy("until now")),
        ],
        widget=forms.RadioSelect,
        initial="week",
    )

    def __init__(self, *args: Any, currencies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["currency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one, one) for one in currencies]


@operator_only
def runs(request: ActorRequest) -> HttpResponseBase:
    """The list; by POST a new run."""
    due = queries.due_now(request.actor)
    form = RunForm(request.POST or None, currencies=[one.currency for one in due])
    if request.method == "POST" and form.carry_out(lambda given: _make(request, given)):
        return see_other("operator_run", public_id("run", form.result), request=request)
    found = queries.runs_page(request.actor, before=place(request, "run"), limit=SHOWN + 1)
    page = cut(request, found, SHOWN, lambda one: public_id("run", one.id))
    people = accounts.names_of(
        {number for one in page.lines for number in (one.made_by_id, one.released_by_id) if number}
    )
    holds = receiving.holds_page(request.actor, now=now(), limit=SHOWN)
    held = accounts.names_of({one.person_id for one in holds})
    values = {
        "form": form,
        "due": due,
        "week_end": queries.week_end(now()),
        "page": page,
        "lines": [
            (
                one,
                *RUN_STATES[one.state],
                people.get(one.made_by_id or 0, ""),
                people.get(one.released_by_id or 0, ""),
            )
            for one in page.lines
        ],
        "holds": [
            (one, held.get(one.person_id, ""), translated(HOLD_WORDS[one.code.value])) for one in holds
        ],
    }
    return page_with_form(request, "pages/operator/runs.html", values)


def _make(request: ActorRequest, given: dict[str, Any]) -> int:
    return actions.make_run(
        actor=request.actor, currency=given["currency"], now=now(), now_due=given["until"] == "now"
    )
