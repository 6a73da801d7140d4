"""Corrections of the book: those there were, a new one, and the movements of an account to find what was wrong."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpResponseBase
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.errors import Invalid, NotFound
from tagwerk.base.ids import public_id
from tagwerk.base.money import micros_of
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.ledger.queries import Movement
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.queries import corrections as queries
from tagwerk.domain.payments.queries.corrections import CorrectionView
from tagwerk.domain.payments.rules.corrections import LONGEST_REASON, CorrectionState, Line
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

SHOWN, MOVEMENTS_SHOWN = 30, 20
STATES = {
    CorrectionState.PROPOSED: ("wait", gettext_lazy("waits")),
    CorrectionState.APPROVED: ("ok", gettext_lazy("in the book")),
    CorrectionState.REFUSED: ("bad", gettext_lazy("refused")),
}


def _reason() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy(
            "Whose balance changes reads it, and it stands in the book for ever: name no person, only numbers."
        ),
    )


class OppositeForm(PageForm):
    """What is to be undone, and why. The key makes sending the form twice one proposal."""

    transfer = forms.CharField(
        label=gettext_lazy("Transfer"),
        max_length=36,
        help_text=gettext_lazy("Its id, as the journal says it; or find it above by its account."),
    )
    whole = forms.BooleanField(
        label=gettext_lazy("With all that was booked in the same event, such as the fee"), required=False
    )
    reason = _reason()
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)


class MoveForm(PageForm):
    """What is to be moved from where to where, and why."""

    debit = forms.CharField(
        label=gettext_lazy("From account"),
        max_length=120,
        help_text=gettext_lazy("Such as expense:goodwill:EUR, your own money."),
    )
    credit = forms.CharField(
        label=gettext_lazy("To account"),
        max_length=120,
        help_text=gettext_lazy("Such as worker:12:available:EUR."),
    )
    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=30,
        help_text=gettext_lazy("In the currency of both accounts, such as 12.50"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    reason = _reason()
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)


class FindForm(PageForm):
    """Which account to look into."""

    account = forms.CharField(label=gettext_lazy("Account"), max_length=120)


@operator_only
def corrections(request: ActorRequest) -> HttpResponseBase:
    """The list; by POST a new proposal, of one of two sorts."""
    step, key = request.POST.get("step", ""), f"page-{uuid4()}"
    if request.method == "POST" and step not in ("undo", "move"):
        raise NotFound("page_not_found", "There is nothing here.")
    undo = OppositeForm(
        request.POST if step == "undo" else None,
        initial={"key": key, "transfer": request.GET.get("opposite", "")[:36]},
    )
    move = MoveForm(request.POST if step == "move" else None, initial={"key": key}, prefix="move")
    form, propose = (undo, _undo) if step == "undo" else (move, _move)
    if request.method == "POST" and form.carry_out(lambda given: propose(request, given)):
        return see_other(
            "operator_correction", public_id("cor", form.result), said=_said(request), request=request
        )
    found = queries.corrections_page(request.actor, before=place(request, "cor"), limit=SHOWN + 1)
    page = cut(request, found, SHOWN, lambda one: public_id("cor", one.id))
    values = {"undo": undo, "move": move, "page": page, "lines": lines_of(page.lines), **_movements(request)}
    return page_with_form(request, "pages/operator/corrections.html", values)


def _undo(request: ActorRequest, given: dict[str, Any]) -> int:
    return payments.propose_opposite(
        actor=request.actor, transfer=_transfer(given["transfer"]), whole_event=given["whole"],
        reason=given["reason"], key=given["key"],
    )  # fmt: skip


def _transfer(text: str) -> UUID:
    try:
        return UUID(text.strip())
    except ValueError:
        raise Invalid("transfer_unknown", "The book has no such transfer.", path="transfer") from None


def _move(request: ActorRequest, given: dict[str, Any]) -> int:
    amount = given["amount"].replace(",", ".") if "." not in given["amount"] else given["amount"]
    line = Line(given["debit"].strip(), given["credit"].strip(), micros_of(amount, path="amount"))
    return payments.propose_correction(
        actor=request.actor, lines=[line], reason=given["reason"], key=given["key"]
    )


def _said(request: ActorRequest) -> str:
    if accounts.second_operators(request.actor.person_id, now()):
        return _("Proposed: another operator has to look at it. Nothing is booked yet.")
    return _("Proposed. Nothing is booked yet: look at it again, then approve it.")


def _movements(request: ActorRequest) -> dict[str, Any]:
    """What moved in the account that was asked for, each with the way to undo it."""
    form = FindForm(request.GET if "account" in request.GET else None)
    found: list[Movement] = []

    def look(given: dict[str, Any]) -> None:
        found.extend(queries.movements_of(request.actor, given["account"], limit=MOVEMENTS_SHOWN))

    looked = form.carry_out(look)
    return {
        "finder": form,
        "movements": found,
        "account": form.cleaned_data["account"] if looked else "",
    }


def lines_of(found: Any) -> list[dict[str, Any]]:
    """Corrections with the names and words that pages show."""
    people = accounts.names_of(
        {number for one in found for number in (one.proposed_by_id, one.decided_by_id) if number}
    )
    return [_line(one, people) for one in found]


def _line(one: CorrectionView, people: dict[int, str]) -> dict[str, Any]:
    tone, state = STATES[one.state]
    return {
        "correction": one, "id": public_id("cor", one.id), "tone": tone, "state": state,
        "proposer": people.get(one.proposed_by_id or 0) or _("console"),
        "decider": people.get(one.decided_by_id or 0) or _("console"),
    }  # fmt: skip
