"""Ten thousand workers in one run: all are paid what they have, and nobody is in it twice."""

import json

import pytest
from django.db import connection
from django.db.models import Sum

from tagwerk.base.secrecy import encrypted
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.ledger.rules import Entry, available, goodwill, transfer_id
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Payout
from tagwerk.domain.payments.rules.profile import Target, as_json
from tagwerk.domain.payments.rules.rails import Rail
from tests.domain.payments.wages import details, iban_of, now, released_run, right_book
from tests.people import actor, person

pytestmark = [pytest.mark.django_db, pytest.mark.long]
WORKERS = 10_000
PEOPLE = """
INSERT INTO person (password, uuid, email, display_name, kind, country, time_zone, ui_language, mail_level, preferences,
    is_operator, is_active)
SELECT '!', gen_random_uuid(), 'many-' || n || '@example.org', 'Many', 'person', 'DE', 'UTC', 'en', 'none', '{}', false, true
FROM generate_series(1, %s::int) n RETURNING id
"""
PROFILES = (
    "INSERT INTO payout_profile (person_id, sealed, tax_data_complete) SELECT unnest(%s::bigint[]), %s, true"
)
METHODS = """
INSERT INTO payout_method (person_id, rail, sealed, shown, fingerprint, confirmed_at, usable_at)
SELECT unnest(%s::bigint[]), 'sepa', %s, 'DE', '\\x00', now() - interval '9 days', now() - interval '5 days'
"""


def test_ten_thousand_workers_in_one_run() -> None:
    people = _people()
    for start in range(0, WORKERS, 2_500):
        ledger.transfer(entries=[_earned(one) for one in people[start : start + 2_500]])
    person("dan")
    run = released_run()
    payments.tell_released(run_id=run.id)
    refs = list(Payout.objects.filter(run=run).values_list("ref", flat=True))
    assert len(set(refs)) == run.payouts == WORKERS
    for _again in range(2):
        assert payments.mark_paid(refs=refs, now=now()) == frozenset()
    run.refresh_from_db()
    paid = Payout.objects.filter(run=run, state="paid").aggregate(sum=Sum("amount_micros"))["sum"]
    assert (run.state, run.sum_micros) == ("done", paid)
    assert book.balance("bank:EUR").posted == -paid
    assert book.worker_balances("EUR", 10**12) == {}
    assert right_book()
    assert payments.make_run(actor=actor("dan"), currency="EUR", now=now(), now_due=True) > run.id
    assert Payout.objects.exclude(run=run).count() == 0


def _people() -> list[int]:
    profile = encrypted(json.dumps(as_json(details())))
    target = encrypted(json.dumps(as_json(Target(Rail.SEPA, iban_of(7)))))
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [WORKERS])
        people = [number for (number,) in cursor.fetchall()]
        cursor.execute(PROFILES, [people, profile])
        cursor.execute(METHODS, [people, target])
    return people


def _earned(person_id: int) -> Entry:
    key = transfer_id("test", person_id)
    target = available(person_id, "EUR").code
    micros = 5_000_000 + person_id % 1000 * 10_000
    return Entry(key, key, "single", goodwill("EUR").code, target, micros, "EUR", "goodwill")
