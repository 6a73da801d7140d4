"""The pages about the bank and about PayPal, files to download, and PayPal's webhook."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now

from tagwerk.base.ids import public_id
from tagwerk.base.providers import provider
from tagwerk.domain.payments.models import BankEntry, Booking, Payout, PayoutProfile, PaypalEvent
from tagwerk.domain.payments.rules.bank_entries import creditor_reference
from tagwerk.interfaces.web.pages.public import webhooks
from tagwerk.simulation.bank import Movement, account_day, cut_off
from tests.domain.payments.test_bank_names import NAME, sealed_as
from tests.domain.payments.test_sepa import valid
from tests.domain.payments.wages import company, earn, payee, released_run
from tests.interfaces.web.visiting import plain_files, visitor
from tests.paypal_server import CLIENT, SECRET, WEBHOOK, FakeItem, FakePaypal, fake_paypal, signed
from tests.people import actor, organisation, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
IBAN = "DE89370400440532013000"
DAY = account_day(IBAN, datetime.now(UTC).date(), 1_000, [Movement(500, "No idea <b>", "Somebody")])


def bring(client: Client, content: bytes) -> Any:
    return client.post("/operator/bank/", {"file": SimpleUploadedFile("day.xml", content)}, follow=True)


def test_a_file_is_brought_in_and_an_entry_explained() -> None:
    company()
    org = organisation()
    dan = visitor("dan")
    assert "No entry yet" in dan.get("/operator/bank/").content.decode()
    page = bring(dan, DAY).content.decode()
    assert "1 new entry." in page and "No idea &lt;b&gt;" in page and "Entries that wait for a word" in page
    assert "was here before" in bring(dan, DAY).content.decode()
    entry = BankEntry.objects.get()
    address = f"/operator/bank/{public_id('bke', entry.id)}/"
    assert "A deposit of an organisation" in dan.get(address).content.decode()
    assert dan.post(address, {"meaning": "deposit"}).status_code == 422
    said = dan.post(address, {"meaning": "deposit", "organisation": public_id("org", org)}, follow=True)
    assert "The entry has its place in the book." in said.content.decode()
    assert Booking.objects.get().amount_micros == 5_000_000
    assert "Say what it is" not in dan.get(address).content.decode()


def test_what_cannot_be_read_is_said_at_the_form() -> None:
    company()
    dan = visitor("dan")
    for content in (cut_off(DAY, seed=1), b"%PDF-1.7", b"PK\x03\x04"):
        reply = dan.post("/operator/bank/", {"file": SimpleUploadedFile("day.xml", content)})
        assert reply.status_code == 422 and "day.xml" in reply.content.decode()


def test_an_organisation_sees_where_to_pay() -> None:
    company()
    org = organisation()
    page = visitor("ada").get(f"/organisation/{public_id('org', org)}/balance/").content.decode()
    assert IBAN in page and creditor_reference(org) in page


def test_files_of_a_run_are_downloads() -> None:
    earn(payee("ben"), 10)
    run = released_run()
    dan, address = visitor("dan"), f"/operator/payouts/{public_id('run', run.id)}/"
    assert "File for the bank" in dan.get(address).content.decode()
    reply = dan.get(f"{address}sepa/?kind=instant")
    content = b"".join(reply.streaming_content)
    assert (
        reply["Content-Disposition"].startswith('attachment; filename="TAGWERK-')
        and reply["Cache-Control"] == "no-store"
    )
    assert valid(content) is not None and b"INST" in content
    details = PayoutProfile.objects.filter(person_id=person("ben").id)
    before = details.get().sealed
    details.update(sealed=sealed_as(NAME))
    reply = dan.get(f"{address}sepa/")
    assert reply.status_code == 422 and "cannot be written in a bank file" in reply.content.decode()
    details.update(sealed=before)
    said = dan.post(f"{address}paid/", {"rail": "sepa", "step": "paid"}, follow=True)
    assert "1 payout is marked as paid." in said.content.decode() and Payout.objects.get().state == "paid"
    assert "It came back" in dan.get(address).content.decode()
    payout = public_id("pay", Payout.objects.get().id)
    said = dan.post(f"{address}paid/", {"payout": payout, "step": "came_back"}, follow=True)
    assert "the money is in the balance again" in said.content.decode()
    bring(dan, account_day(IBAN, datetime.now(UTC).date(), 0, [Movement(900, "back")]))
    entry = f"/operator/bank/{public_id('bke', BankEntry.objects.get().id)}/"
    assert "Ben, €10.00" in dan.get(entry).content.decode()
    assert dan.post(entry, {"meaning": "returned"}).status_code == 422
    assert dan.post(entry, {"meaning": "returned", "payout": payout}).status_code == 303
    assert BankEntry.objects.get().meaning == "returned"


def strangers_do_not_shut_paypal_out(world: FakePaypal, send: Any, body: bytes) -> None:
    """Each stranger may have few checked, all of them not many, and PayPal's own addresses are another matter."""
    world.calls.clear()
    for stranger in range(20):
        for _again in range(webhooks.MOST_STRANGER):
            send(body, address=f"2001:db8::{stranger + 1:x}", paypal_transmission_sig="forged")
    asked = len([call for call in world.calls if "verify" in call])
    assert asked == webhooks.MOST_STRANGERS - 1  # PayPal's own first one was a stranger's too
    assert send(body, address="2001:db8::99") == 429
    assert send(body) == 200  # from where a genuine one has come before


def test_paypals_webhook(settings: Any, monkeypatch: Any) -> None:
    cache.clear()
    minute = now()
    monkeypatch.setattr(webhooks, "now", lambda: minute)  # so many in a minute: this one
    with fake_paypal() as world:
        settings.PAYPAL_URL, settings.PAYPAL_CLIENT_ID = world.url, CLIENT
        settings.PAYPAL_SECRET, settings.PAYPAL_WEBHOOK_ID = SECRET, WEBHOOK
        provider.cache_clear()
        _headers, body = world.webhook(FakeItem("I1", "0" * 32, "B1", "1.00", "EUR", "x"))
        client = Client(enforce_csrf_checks=True)

        def send(content: bytes, address: str = "127.0.0.1", **changes: str) -> int:
            return client.post(
                "/webhooks/paypal/",
                content,
                content_type="application/json",
                headers=signed(content, **changes),
                REMOTE_ADDR=address,
            ).status_code

        assert [send(body), send(body)] == [200, 200] and PaypalEvent.objects.count() == 1
        other = body.replace(b"WH-I1-1", b"WH-I1-2")
        assert send(other, paypal_transmission_sig="forged") == 400
        assert send(b"x" * 2_000_000) == 400 and send(b"{}") == 400
        assert client.get("/webhooks/paypal/").status_code == 405
        strangers_do_not_shut_paypal_out(world, send, other)
    provider.cache_clear()
    assert (
        send(other.replace(b"WH-I1-2", b"WH-I1-3")) == 503
    )  # it cannot be asked any more; PayPal will try again
    assert PaypalEvent.objects.count() == 2 and actor("dan")
    provider.cache_clear()
