"""How long entry tests take. No right answer is read here."""

import datetime
from collections import defaultdict
from collections.abc import Collection

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from tagwerk.domain.academy import rules
from tagwerk.domain.academy.models import EntryTest, EntryTestAttempt
from tagwerk.domain.academy.queries.gates import open_tests
from tagwerk.domain.accounts import queries as accounts

MEASURED = 50  # attempts by which a test is timed
LONGEST_ATTEMPT = datetime.timedelta(hours=1)  # one that lay open over night was not worked on all the time


def longest_attempt(minutes: int | None) -> datetime.timedelta:
    """As how long an attempt counts at most, at a test that takes so many minutes; None: nobody has said."""
    return max(LONGEST_ATTEMPT, datetime.timedelta(minutes=2 * (minutes or 0)))


def tested_ms(person_id: int, currency: str, *, since: datetime.datetime) -> int:
    """How long a person has been at entry tests since then, in milliseconds: each attempt at most as `longest_attempt` says.

    Every attempt counts in one currency alone: of its pay, or where the test pays nothing, of who offers it.
    """
    owners = Q(test__qualification__organisation__currency=currency)
    if accounts.instance().currency == currency:
        owners |= Q(test__qualification__organisation=None)
    attempts = EntryTestAttempt.objects.filter(
        Q(test__currency=currency) | Q(owners, test__currency=""), person_id=person_id, started_at__gte=since
    )
    spans = attempts.exclude(finished_at=None).values_list("started_at", "finished_at", "test__minutes")
    took = (min(ended - begun, longest_attempt(said)) for begun, ended, said in spans if ended is not None)
    return int(sum(took, datetime.timedelta()) / datetime.timedelta(milliseconds=1))


def minutes_taken(test_ids: Collection[int]) -> dict[int, list[float]]:
    """How long the newest finished attempts at tests took, in minutes: each at most as `longest_attempt` says."""
    place = Window(RowNumber(), partition_by="test_id", order_by=F("id").desc())
    finished = EntryTestAttempt.objects.filter(test_id__in=test_ids, finished_at__isnull=False)
    newest = finished.annotate(place=place).filter(place__lte=MEASURED)
    found: dict[int, list[float]] = defaultdict(list)
    spans = newest.values_list("test_id", "started_at", "finished_at", "test__minutes")
    for test_id, begun, ended, said in spans:
        assert ended is not None, "only finished ones"
        found[test_id].append(min(ended - begun, longest_attempt(said)) / datetime.timedelta(minutes=1))
    return found


def has_to_be_paid(tests: Collection[EntryTest]) -> set[int]:
    """Those of some tests that take long and pay nothing, so that nobody may begin them."""
    taken = minutes_taken([test.id for test in tests if not test.pay_micros])
    return {test_id for test_id, minutes in taken.items() if rules.takes_long(minutes)}


def shut_tests() -> list[EntryTest]:
    """Those of all tests that are offered, with their qualifications."""
    tests = list(open_tests().filter(pay_micros=0).select_related("qualification").order_by("id"))
    shut = has_to_be_paid(tests)
    return [test for test in tests if test.id in shut]
