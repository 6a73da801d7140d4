import json
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.base.secrecy import decrypted, encrypted
from tagwerk.domain.accounts.models import Person
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.notices import actions as notices_actions
from tagwerk.domain.notices import queries as notices
from tagwerk.domain.notices.models import Letter, Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.actions.receiving import confirm_path
from tagwerk.domain.payments.models import PayoutMethod, PayoutProfile
from tagwerk.domain.payments.queries import rail_files, receiving
from tagwerk.domain.payments.rules.holds import HoldCode
from tagwerk.domain.payments.rules.profile import Address, VatTreatment, details_of, names_in, target_of
from tagwerk.domain.payments.rules.rails import Rail
from tests.domain.payments.wages import (
    company,
    details,
    earn,
    iban_of,
    method_of,
    now,
    payee,
    payout_of,
    released_run,
)
from tests.people import actor, person

pytestmark = pytest.mark.django_db
FRESH = {"recently_signed_in": True, "with_second_factor": True}


def profiled(name: str = "ben") -> int:
    person_id = person(name).id
    payments.save_payout_profile(person_id=person_id, details=details(), now=now())
    return person_id


def ask(person_id: int, account: str = "", **how: object) -> int:
    facts = {"rail": Rail.SEPA, "account": account or iban_of(7), "now": now()} | FRESH | how
    return payments.ask_payout_method(person_id=person_id, **facts)  # type: ignore[arg-type]


def confirm(method_id: int, name: str = "ben", at=None) -> None:
    proof = notices.mail_proof(person(name).id, confirm_path(method_id))
    payments.confirm_payout_method(actor=actor(name), method_id=method_id, proof=proof, now=at or now())


def test_what_a_worker_says_is_unreadable_in_the_database_and_comes_back_whole() -> None:
    ben = profiled()
    ask(ben)
    sealed = PayoutProfile.objects.get().sealed + PayoutMethod.objects.get().sealed
    assert not any(word in sealed for word in ("Ben", "Lange", "36574261809", iban_of(7)))
    found = receiving.payout_details(ben)
    assert found == details()
    assert json.loads(json.dumps(found.tax_numbers)) == {"DE": "36574261809"}
    (target,) = receiving.targets_of([method_of(ben).id]).values()
    assert (target.account, target.shown) == (iban_of(7), f"DE ••• {iban_of(7)[-4:]}")


def test_only_the_link_in_the_mail_confirms(monkeypatch) -> None:
    ben = profiled()
    method_id = ask(ben)
    for proof in (
        "",
        "x",
        notices.mail_proof(ben, "/payouts/"),
        notices.mail_proof(person("eve").id, confirm_path(method_id)),
    ):
        with pytest.raises(NotAllowed, match="link in the mail"):
            payments.confirm_payout_method(actor=actor("ben"), method_id=method_id, proof=proof, now=now())
    with pytest.raises(NotFound):
        confirm(method_id, "eve")
    last_week = time.time() - 8 * 86_400
    with monkeypatch.context() as earlier:
        earlier.setattr(time, "time", lambda: last_week)
        old = notices.mail_proof(ben, confirm_path(method_id))
    with pytest.raises(NotAllowed, match="for seven days"):
        payments.confirm_payout_method(actor=actor("ben"), method_id=method_id, proof=old, now=now())
    confirm(method_id)
    confirm(method_id)
    assert receiving.method_in_use(ben).id == method_id


def test_the_mail_has_the_link_and_the_inbox_does_not_prove_anything(mailoutbox) -> None:
    ben = profiled()
    Person.objects.filter(id=ben).update(email_verified_at=now())
    method_id = ask(ben)
    payments.tell_method_asked(method_id=method_id)
    notice = Notice.objects.get(person_id=ben)
    assert "proof" not in notice.link
    assert Letter.objects.count() == 1
    notices_actions.send_due_mail(now=now())
    assert f"{confirm_path(method_id)}?proof=" in mailoutbox[0].body


def test_the_first_method_counts_at_once_a_change_after_three_days() -> None:
    ben = profiled()
    at = now()
    confirm(ask(ben), at=at)
    assert receiving.method_in_use(ben).usable_at == at
    confirm(ask(ben, iban_of(8)), at=at)
    assert receiving.method_in_use(ben).usable_at == at + timedelta(hours=72)
    assert [one.ended_because for one in receiving.methods_before(ben)] == ["replaced"]


def test_who_removed_one_does_not_begin_anew() -> None:
    ben = profiled()
    confirm(ask(ben))
    payments.remove_payout_method(person_id=ben, method_id=method_of(ben).id, now=now())
    with pytest.raises(NotAllowed, match="second factor"):
        ask(ben, iban_of(8), with_second_factor=False)
    at = now()
    confirm(ask(ben, iban_of(8)), at=at)
    assert receiving.method_in_use(ben).usable_at == at + timedelta(hours=72)


@pytest.mark.parametrize(
    ("how", "message"),
    [({"recently_signed_in": False}, "Sign in again"), ({"with_second_factor": False}, "second factor")],
)
def test_a_change_needs_a_fresh_sign_in_and_a_second_factor(how: dict[str, bool], message: str) -> None:
    ben = profiled()
    confirm(ask(ben))
    with pytest.raises(NotAllowed, match=message):
        ask(ben, iban_of(8), **how)


def test_a_profile_comes_first() -> None:
    with pytest.raises(Conflict, match="name and address"):
        ask(person("ben").id)


def test_an_account_that_is_in_use_is_not_entered_again() -> None:
    ben = profiled()
    confirm(ask(ben))
    with pytest.raises(Conflict, match="goes there already"):
        ask(ben, f" {iban_of(7).lower()} ")


def test_a_method_asked_twice_is_the_newer_one() -> None:
    ben = profiled()
    first = ask(ben)
    second = ask(ben, iban_of(8))
    with pytest.raises(Conflict, match="replaced or removed"):
        confirm(first)
    confirm(second)


def test_operators_see_who_shares_an_account_and_not_which() -> None:
    ben, eve = payee("ben", account=iban_of(5)), payee("eve", account=iban_of(5))
    payee("gus")
    assert receiving.people_with_the_same_account(actor("dan"), ben) == [eve]
    with pytest.raises(NotFound):
        receiving.people_with_the_same_account(actor("eve"), ben)


def test_a_hold_is_told_ends_and_is_limited() -> None:
    ben = profiled()
    given = {"person_id": ben, "code": HoldCode.FRAUD_REVIEW, "now": now()}
    with pytest.raises(Invalid, match="within 14 days"):
        payments.hold_payouts(actor=actor("dan"), reason="Hm", until=now() + timedelta(days=15), **given)
    with pytest.raises(Invalid, match="Say in up to"):
        payments.hold_payouts(actor=actor("dan"), reason=" ", until=now() + timedelta(days=1), **given)
    with pytest.raises(NotFound):
        payments.hold_payouts(actor=actor("eve"), reason="Hm", until=now() + timedelta(days=1), **given)
    hold_id = payments.hold_payouts(
        actor=actor("dan"), reason="Is it you?", until=now() + timedelta(days=1), **given
    )
    with pytest.raises(Conflict, match="already"):
        payments.hold_payouts(actor=actor("dan"), reason="Hm", until=now() + timedelta(days=1), **given)
    payments.tell_hold(hold_id=hold_id)
    assert Notice.objects.get(person_id=ben).params["reason"] == "Is it you?"
    assert [one.id for one in receiving.holds_of(ben, now())] == [hold_id]
    assert receiving.holds_of(ben, now() + timedelta(days=2)) == []
    payments.end_hold(actor=actor("dan"), hold_id=hold_id, now=now())
    assert receiving.holds_of(ben, now()) == []


def test_a_hold_of_the_program_ends_when_its_reason_does() -> None:
    ben = profiled()
    at = now()
    first = payments.hold_by_rule(person_id=ben, code=HoldCode.NAME_MISMATCH, reason="RVNM", now=at)
    assert payments.hold_by_rule(person_id=ben, code=HoldCode.NAME_MISMATCH, reason="RVNM", now=at) == first
    payments.save_payout_profile(person_id=ben, details=details("Benjamin Müller"), now=at)
    assert receiving.holds_of(ben, at) == []
    payments.hold_by_rule(person_id=ben, code=HoldCode.NAME_MISMATCH, reason="RVNM", now=at)
    rule = {"person_id": ben, "code": HoldCode.NAME_MISMATCH, "reason": "RVNM"}
    assert payments.hold_by_rule(**rule, now=at + timedelta(days=40)) is None  # it has lasted its 30 days
    held = payments.hold_by_rule(**rule, now=at + timedelta(days=70))
    assert held and held > first
    (last,) = receiving.holds_of(ben, at + timedelta(days=70))
    assert last.by_rule and last.until == at + timedelta(
        days=80
    )  # of those 30, the first ten lie so far back


def test_a_hold_is_not_renewed_beyond_its_longest_time() -> None:
    ben = profiled()
    begin = now()
    given = {"actor": actor("dan"), "person_id": ben, "code": HoldCode.FRAUD_REVIEW, "reason": "Is it you?"}
    first = payments.hold_payouts(until=begin + timedelta(days=9), now=begin, **given)
    payments.end_hold(actor=actor("dan"), hold_id=first, now=begin + timedelta(days=4))
    later = begin + timedelta(days=20)
    with pytest.raises(Invalid, match="10 days are left"):
        payments.hold_payouts(until=later + timedelta(days=11), now=later, **given)
    payments.hold_payouts(until=later + timedelta(days=10), now=later, **given)
    for days in (31, 45, 59):
        with pytest.raises(Invalid, match="0 days are left"):
            payments.hold_payouts(
                until=begin + timedelta(days=days, hours=3), now=begin + timedelta(days=days), **given
            )
    other = given | {"code": HoldCode.SANCTIONS_HIT}
    assert payments.hold_payouts(until=later + timedelta(days=30), now=later, **other)
    last = begin + timedelta(days=81)
    assert payments.hold_payouts(until=last + timedelta(days=5), now=last, **given)


def test_what_the_console_holds_is_held_by_a_person() -> None:
    ben = profiled()
    hold_id = payments.hold_payouts(
        actor=CONSOLE, person_id=ben, code=HoldCode.NAME_MISMATCH, reason="Is it you?", now=now(),
        until=now() + timedelta(days=1),
    )  # fmt: skip
    payments.tell_hold(hold_id=hold_id)
    assert Notice.objects.get(person_id=ben, kind="payouts_held").params["reason"] == "Is it you?"
    payments.save_payout_profile(person_id=ben, details=details("Benjamin Müller"), now=now())
    assert not receiving.holds_of(ben, now())[0].by_rule  # only what the program held ends by itself


@pytest.mark.parametrize(
    ("rail", "account", "code"),
    [
        (Rail.SEPA, "DE89370400440532013001", "iban_wrong"),
        (Rail.SEPA, "DE8937040044053201300", "iban_wrong"),
        (Rail.SEPA, "Ben", "iban_wrong"),
        (Rail.SEPA, "SA0380000000608010167519", "iban_outside_sepa"),
        (Rail.PAYPAL, "ben", "paypal_unreadable"),
        (Rail.PAYPAL, "ben@exam\nple.org", "paypal_unreadable"),
        (Rail.MANUAL, "x", "line_unusable"),
    ],
)
def test_an_account_is_checked(rail: Rail, account: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        target_of(rail, account)
    assert refusal.value.code == code


def test_a_bic_is_checked_and_optional() -> None:
    assert target_of(Rail.SEPA, "DE89 3704 0044 0532 0130 00", "cobadeffxxx").bic == "COBADEFFXXX"
    with pytest.raises(Invalid, match="no BIC"):
        target_of(Rail.SEPA, "DE89370400440532013000", "COBA")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"holder": "B"}, "line_unusable"),
        ({"holder": "Ben\u202eMüller"}, "line_unusable"),
        ({"holder": "B" * 71}, "line_unusable"),
        ({"address": Address("", "7", "10115", "Berlin", "DE")}, "line_unusable"),
        ({"address": Address("Weg", "7", "10115", "Berlin", "XX")}, "country_unknown"),
        ({"tax_numbers": {"DE": "36574261808"}}, "tax_number_wrong"),
        ({"vat_id": "DE123"}, "vat_id_wrong"),
        ({"vat_treatment": VatTreatment.REVERSE_CHARGE}, "vat_id_missing"),
        ({"born_on": date(1800, 1, 1)}, "born_on_unusable"),
    ],
)
def test_details_are_checked(changes: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        details_of(details(**changes), today=date(2026, 11, 29))
    assert refusal.value.code == code


def test_details_are_tidied_and_say_whether_tax_reports_have_all() -> None:
    tidy = details_of(details("  Ben   Müller "), today=date(2026, 11, 29))
    assert tidy.holder == "Ben Müller"
    assert tidy.tax_data_complete
    assert not details(tax_numbers={}).tax_data_complete
    assert details(tax_numbers={}, birth_place="Ulm").tax_data_complete
    assert details(tax_numbers={"CY": "00123456X"}).tax_data_complete
    trader = details(business=True)
    assert not trader.is_company and not replace(trader, born_on=None).tax_data_complete
    company = details(business=True, born_on=None, first_name="", last_name="")
    assert company.is_company and company.tax_data_complete
    assert not replace(company, tax_numbers={}).tax_data_complete
    assert replace(company, tax_numbers={}, vat_id="DE136695976").tax_data_complete


def test_the_names_are_said_one_by_one() -> None:
    for missing in ({"first_name": " "}, {"last_name": ""}, {"business": True, "last_name": ""}):
        with pytest.raises(Invalid) as refusal:
            details_of(details(**missing), today=date(2026, 11, 29))
        assert refusal.value.code == "name_missing" and refusal.value.path in missing
    tidy = details_of(details(first_name=" Ben  Otto "), today=date(2026, 11, 29))
    assert (tidy.first_name, tidy.last_name, tidy.lacks_name) == ("Ben Otto", "Müller", False)
    assert names_in(" Eva Maria  Hahn") == ("Eva Maria", "Hahn") and names_in("Cher") == ("", "Cher")
    assert not details_of(
        details(business=True, first_name="", last_name="", vat_id="DE136695976"), today=date(2026, 11, 29)
    ).lacks_name


def of_old(ben: int) -> None:
    """The profile is one from before the names were asked for."""
    row = PayoutProfile.objects.get(person_id=ben)
    facts = json.loads(decrypted(row.sealed))
    del facts["first_name"], facts["last_name"]
    PayoutProfile.objects.filter(id=row.id).update(sealed=encrypted(json.dumps(facts)))


def test_who_said_it_before_the_names_were_asked_for_is_still_paid() -> None:
    company()
    ben = payee()
    of_old(ben)
    assert receiving.payout_details(ben).lacks_name
    earn(ben, 20)
    run = released_run()
    assert payout_of(ben, run).amount_micros == 20_000_000
    assert b"<Nm>Ben</Nm>" in b"".join(rail_files.sepa_file(actor("dan"), run.id).pieces)


def test_the_banks_name_changes_the_holder_alone() -> None:
    ben = profiled()
    of_old(ben)
    payments.change_account_holder(person_id=ben, holder="Benjamin Müller", now=now())
    found = receiving.payout_details(ben)
    assert (found.holder, found.lacks_name, found.address.town) == ("Benjamin Müller", True, "Berlin")
    assert PayoutProfile.objects.latest("id").tax_data_complete
    with pytest.raises(NotFound):
        payments.change_account_holder(person_id=person("eve").id, holder="Eve", now=now())


def test_the_console_confirms_without_a_mail() -> None:
    ben = profiled()
    payments.confirm_payout_method(actor=CONSOLE, method_id=ask(ben), now=now())
    assert receiving.method_in_use(ben) is not None
