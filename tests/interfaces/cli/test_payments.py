"""tagwerk payout payments, csv, paid, take-out, came-back, holds, late: what operators say of single payouts."""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tagwerk.base.models import StoredEvent
from tagwerk.domain.payments.models import Payout
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.domain.work import actions as work
from tests.domain.payments.test_by_hand import run_by_hand
from tests.domain.payments.test_paypal import sent_run, world
from tests.domain.payments.wages import earn, payee, payout_of, released_run, right_book, there
from tests.domain.work import scene
from tests.paypal_server import FakePaypal
from tests.people import actor, email_of

__all__ = ["world"]
pytestmark = pytest.mark.django_db


def refs(run: Any) -> dict[str, str]:
    rows = Payout.objects.filter(run=run).select_related("person")
    return {row.person.display_name: row.ref.hex for row in rows}


def state_of(name: str, run: Any) -> str:
    return str(payout_of(actor(name).person_id or 0, run).state)


def test_a_list_that_was_paid_is_marked_once(command: Any, tmp_path: Path) -> None:
    run, file = run_by_hand(), tmp_path / "hand.csv"
    said = command("payout", "csv", str(run.id), str(file))
    assert said.code == 0 and file.stat().st_mode & 0o77 == 0
    assert {row["name"] for row in csv.DictReader(file.open())} == {"Ben", "Cyn"}
    assert "2 payouts are marked as paid." in command("payout", "paid", str(run.id), "--file", str(file)).out
    assert (state_of("ben", run), state_of("cyn", run), state_of("fay", run)) == ("paid", "paid", "submitted")
    again = command("payout", "paid", str(run.id), "--file", str(file))
    assert again.code == 0 and "0 payouts are marked as paid; 2 were before." in again.out
    assert StoredEvent.objects.filter(name="PayoutsMarkedPaid", actor_id=None).count() == 1
    assert "1 payouts" in command("payout", "paid", str(run.id), "--all", "sepa").out and right_book()


def test_one_wrong_line_and_none_is_marked(command: Any, tmp_path: Path) -> None:
    run, file = run_by_hand(), tmp_path / "paid.csv"
    mine = refs(run)
    earn(payee("gil", Rail.MANUAL), 9)
    other = refs(released_run())["Gil"]
    for rows, words in (
        (f"{mine['Ben']},10\n{mine['Cyn']},11", "11.50 EUR are due"),
        (f"{mine['Ben']},10\n{mine['Ben'].upper()},10", "stands in line 2"),
        (f"{mine['Ben']},10\n{other},9", "belongs to run"),
        (f"{mine['Ben']},10\n{'0' * 32},9", "No payout has the reference"),
        (f"{mine['Ben']},10\nsomething,9", "No payout has the reference"),
        (f"{mine['Ben']},much", "is not an amount"),
        ("", "names no payout"),
    ):
        file.write_text(f"reference,amount\n{rows}\n")
        said = command("payout", "paid", str(run.id), "--file", str(file))
        assert (said.code, words in said.err) == (2, True), said.err
    file.write_text("name\nBen\n")
    assert "column “reference”" in command("payout", "paid", str(run.id), "--file", str(file)).err
    file.write_bytes(b"\xff\xfe\x00")
    assert command("payout", "paid", str(run.id), "--file", str(file)).code == 2
    assert state_of("ben", run) == "submitted"
    file.write_text(
        f"\ufeffname;reference;amount\nBen;{mine['Ben']};10,00\n"
    )  # as a spreadsheet saves it in German
    assert "1 payouts" in command("payout", "paid", str(run.id), "--file", str(file)).out


def test_payouts_are_named_by_their_references(command: Any) -> None:
    run = run_by_hand()
    mine = refs(run)
    listed = command("payout", "payments", str(run.id)).out
    assert all(ref in listed for ref in mine.values()) and "Fay" in listed
    assert command("payout", "paid", str(run.id), "--ref", mine["Ben"], mine["Cyn"]).code == 0
    assert mine["Fay"] in command("payout", "payments", str(run.id), "--state", "submitted").out
    assert command("payout", "came-back", mine["Fay"]).code == 2
    assert "10.00 EUR are in the balance again" in command("payout", "came-back", mine["Ben"]).out
    assert "12.00 EUR are in the balance again" in command("payout", "take-out", mine["Fay"]).out
    assert there(actor("ben").person_id or 0) == 10 and there(actor("fay").person_id or 0) == 12
    said = command("payout", "paid", str(run.id), "--ref", mine["Cyn"], mine["Fay"])
    assert (said.code, "is failed, so it is not on its way" in said.err) == (2, True)
    assert command("payout", "take-out", mine["Fay"]).code == 2
    assert command("payout", "take-out", "x").code == 2 and command("payout", "payments", "999").code == 2
    assert right_book()


def test_what_leaves_by_paypal_is_not_said_by_hand(command: Any, world: FakePaypal) -> None:
    run = sent_run(world, "ben")
    ref = refs(run)["Ben"]
    said = command("payout", "paid", str(run.id), "--ref", ref)
    assert (said.code, "leaves by PayPal" in said.err) == (2, True)
    assert command("payout", "take-out", ref).code == 2


def test_holds_are_listed(command: Any) -> None:
    assert "Nobody’s payouts are held." in command("payout", "holds").out
    payee("ben")
    command("payout", "hold", email_of("ben"), "fraud_review", "Is it you?")
    assert "Is it you?" in command("payout", "holds").out


def test_late_answers_are_paid_once(command: Any, settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    assert "No answer" in command("payout", "late").out
    project = scene.running(1, quality=scene.answers(1))
    ben = scene.worker("ben", project)
    held = scene.taken(ben, project)
    work.sweep_expired(now=timezone.now() + timedelta(hours=1))
    scene.done(scene.worker("cyn", project), project)
    scene.submit(held, ben)
    line = next(one for one in command("payout", "late").out.splitlines() if "Ben" in one).split()
    for _ in range(2):
        assert command("payout", "pay-late", line[0], line[1]).code == 0
    assert there(ben) == 0.1 and command("payout", "pay-late", line[0], "asg_x").code == 2
    scene.check_money(project)
