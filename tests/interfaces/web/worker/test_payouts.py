import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tagwerk.base.ids import public_id
from tagwerk.base.secrecy import decrypted, encrypted
from tagwerk.domain.accounts.models import Person
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import PayoutMethod, PayoutProfile, PayoutRun, PaypalBatch, PaypalItem
from tagwerk.domain.payments.queries import receiving
from tagwerk.domain.payments.rules.holds import HoldCode
from tests.domain.payments.wages import earn, iban_of, now, payee, payout_of, released_run
from tests.interfaces.web.visiting import plain_files, proved, visitor, words
from tests.people import actor, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
DETAILS = {
    "holder": "Ben Müller", "street": "Lange Straße", "building": "7", "postcode": "10115", "town": "Berlin",
    "country": "DE", "first_name": "Ben", "last_name": "Müller", "vat_treatment": "private_person",
}  # fmt: skip


def enter(client: Any, account: str = "", rail: str = "sepa") -> Any:
    return client.post("/work/payouts/way/", {"rail": rail, "account": account or iban_of(7)}, follow=True)


def test_from_nothing_to_being_paid(mailoutbox) -> None:
    ben = person("ben")
    Person.objects.filter(id=ben.id).update(email_verified_at=now())
    client = proved(visitor("ben"), "password")
    said = words(client.get("/work/payouts/"))
    assert "Your name and address for payouts are missing" in said
    assert "Fill in your details below first" in said
    said = words(client.post("/work/payouts/details/", DETAILS | {"holder": "B"}))
    assert "2 to 70 characters" in said
    client.post("/work/payouts/details/", DETAILS)
    assert receiving.payout_details(ben.id).holder == "Ben Müller"
    assert "no IBAN" in words(enter(client, "DE89370400440532013001"))
    assert "waits for you to open the link in our mail" in words(enter(client))
    method = PayoutMethod.objects.get()
    payments.tell_method_asked(method_id=method.id)
    notices.send_due_mail(now=now())
    link = re.search(r"http\S+(/work/payouts/confirm/\S+)", mailoutbox[-1].body)[1]
    assert "Yes, pay me there" in words(client.get(link))
    path, _, proof = link.partition("?proof=")
    assert client.post(path, {"proof": "x"}).status_code == 403
    assert client.post(path, {"proof": unquote(proof)}).status_code == 303
    method.refresh_from_db()
    assert method.confirmed_at is not None
    assert "It is confirmed already" in words(client.get(link))
    assert f"DE ••• {iban_of(7)[-4:]}" in words(client.get("/work/payouts/"))


def test_the_names_are_asked_for_one_by_one_and_begin_as_the_holder_has_them() -> None:
    ben = person("ben")
    client = proved(visitor("ben"), "password")
    missing = words(client.post("/work/payouts/details/", DETAILS | {"last_name": ""}))
    assert "Write your first and your last name" in missing
    assert receiving.payout_details(ben.id) is None
    client.post("/work/payouts/details/", DETAILS)
    assert "one by one" not in words(client.get("/work/payouts/"))
    row = PayoutProfile.objects.get()
    facts = json.loads(decrypted(row.sealed)) | {"holder": "Eva Maria Hahn"}
    del facts["first_name"], facts["last_name"]
    PayoutProfile.objects.update(sealed=encrypted(json.dumps(facts)))
    page = client.get("/work/payouts/")
    assert "Your pay does not wait for it" in words(page)
    assert 'value="Eva Maria"' in page.content.decode() and 'value="Hahn"' in page.content.decode()
    firm = DETAILS | {
        "vat_treatment": "de_standard",
        "first_name": "",
        "last_name": "",
        "vat_id": "DE136695976",
    }
    client.post("/work/payouts/details/", firm)
    assert receiving.payout_details(ben.id).is_company


def test_what_is_kept_for_payouts_is_in_the_download_of_ones_own_data() -> None:
    ben, _eve = payee("ben"), payee("eve")
    payments.hold_payouts(
        actor=actor("dan"),
        person_id=ben,
        code=HoldCode.FRAUD_REVIEW,
        reason="We look.",
        until=now() + timedelta(days=3),
        now=now(),
    )
    found = json.loads(b"".join(proved(visitor("ben"), "password").get("/settings/data/").streaming_content))
    (said,), (way,), (hold,) = (
        found[part] for part in ("details_for_payouts", "ways_to_be_paid", "payouts_held_back")
    )
    assert (said["first_name"], said["address"]["town"], said["tax_numbers"]) == (
        "Ben",
        "Berlin",
        {"DE": "36574261809"},
    )
    assert (way["account"], hold["words"]) == (iban_of(ben), "We look.")


def test_nobody_changes_where_pay_goes_without_a_second_factor() -> None:
    ben = payee("ben")
    client = proved(visitor("ben"), "password")
    assert "Set up a second factor" in words(client.get("/work/payouts/"))
    assert enter(client).status_code == 403
    TOTP.activate(person("ben"), generate_totp_secret())
    said = client.get("/work/payouts/")
    assert "To change it, confirm with your second factor" in words(said)
    assert "/accounts/2fa/reauthenticate/?next=%2Fwork%2Fpayouts%2F" in said.content.decode()
    proved(client, "password", "mfa")
    assert "Send me the mail" in words(client.get("/work/payouts/"))
    assert "open the link" in words(enter(client))
    assert receiving.method_asked(ben) is not None


def test_whoever_signed_in_long_ago_confirms_first() -> None:
    client = visitor("ben")
    client.post("/work/payouts/details/", DETAILS)
    assert "Confirm first that it is you" in words(client.get("/work/payouts/"))
    assert enter(client).status_code == 403
    assert "Then you can change these details" in words(client.get("/work/payouts/"))
    reply = client.post(
        "/work/payouts/details/", DETAILS | {"holder": "Somebody Else", "vat_treatment": "de_standard"}
    )
    assert reply.status_code == 422 and "Confirm that it is you, then save again" in words(reply)
    assert "Somebody Else" in reply.content.decode()  # what was typed is still there
    assert receiving.payout_details(person("ben").id).holder == "Ben Müller"
    proved(client, "password").post("/work/payouts/details/", DETAILS | {"holder": "Ben Maria Müller"})
    assert receiving.payout_details(person("ben").id).holder == "Ben Maria Müller"


def test_a_way_is_removed() -> None:
    ben = payee("ben")
    client = visitor("ben")
    page = client.get("/work/payouts/").content.decode()
    address = re.search(r'action="(/work/payouts/pmt_\w+/remove/)"', page)[1]
    client.post(address)
    assert receiving.method_in_use(ben) is None
    assert client.post(address).status_code == 404


def test_payouts_are_listed_with_what_became_of_them() -> None:
    ben = payee("ben")
    earn(ben, 12.34)
    run = released_run()
    said = words(visitor("ben").get("/work/payouts/"))
    assert "On its way" in said and "€12.34" in said
    payments.mark_returned(ref=payout_of(ben, run).ref, reason="AC04", now=now())
    said = words(visitor("ben").get("/work/payouts/"))
    assert "came back This account is closed. Enter another account." in said
    assert PayoutRun.objects.get().state == "done"


def test_who_holds_payouts_is_said_and_what_paypal_holds() -> None:
    ben = payee("ben")  # the rail does not matter here
    earn(ben, 10)
    run = released_run()
    batch = PaypalBatch.objects.create(run=run, number=1, sender_batch_id="x", try_after=now(), state="sent")
    PaypalItem.objects.create(payout=payout_of(ben, run), batch=batch, state="ONHOLD")
    until = now() + timedelta(days=3)
    held = {"person_id": ben, "now": now()}
    payments.hold_payouts(
        actor=actor("dan"), code=HoldCode.FRAUD_REVIEW, reason="Two of you?", until=until, **held
    )
    payments.hold_by_rule(code=HoldCode.NAME_MISMATCH, reason="This account is closed.", **held)
    said = words(visitor("ben").get("/work/payouts/"))
    assert "held by PayPal PayPal holds it back to look at it" in said
    assert "Two of you? An operator decided this." in said
    assert "This account is closed. The program did this by itself; no person has looked yet." in said
    address = f"/operator/people/{public_id('per', ben)}/payouts/"
    for page in (address, "/operator/payouts/"):
        said = words(visitor("dan").get(page))
        assert "by an operator" in said and "by the program" in said
