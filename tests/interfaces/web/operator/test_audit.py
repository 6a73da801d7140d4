"""The log of the whole instance: searched by person, organisation, project, kind and time, by indexes."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.base.log import Wanted, audit_page
from tagwerk.base.models import StoredEvent
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.events import PasswordSet, PersonSignedUp
from tests import orders
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, member, organisation, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
AT = "/operator/log/"


def names(wanted: Wanted) -> list[str]:
    return [one.name for one in audit_page(wanted)]


def test_each_way_to_search_finds_what_it_should():
    ben, acme = person("ben").id, organisation()
    made = orders.project()
    accounts.suspend_person(actor=actor("dan"), person_id=ben, reason="abuse")
    assert names(Wanted(person_id=ben))[0] == "PersonSuspended"  # done to them
    assert "PersonSuspended" in names(Wanted(person_id=person("dan").id))  # done by them
    assert "PersonSuspended" not in names(Wanted(person_id=person("ada").id))
    assert set(names(Wanted(project_id=made.id))) == {"ProjectCreated"}
    assert "OrganisationFounded" in names(Wanted(organisation_id=acme))
    assert names(Wanted(names=["PersonSuspended"])) == ["PersonSuspended"]
    StoredEvent.objects.filter(name="PersonSuspended").update(happened_at=timezone.now() - timedelta(days=3))
    day = timezone.now() - timedelta(days=2)
    assert names(Wanted(until=day)) == ["PersonSuspended"] and "PersonSuspended" not in names(
        Wanted(since=day)
    )


def test_the_page_says_it_in_words_with_ways_on(django_assert_max_num_queries):
    ben = person("ben")
    accounts.suspend_person(actor=actor("dan"), person_id=ben.id, reason="abuse")
    accounts.change_instance(actor=actor("dan"), fee_bp=100)
    dan = visitor("dan")
    dan.get(AT)
    with django_assert_max_num_queries(12):
        page = words(dan.get(AT))
    assert "Dan suspended a person Ben reason: abuse" in page and "fee_bp: – → 100" in page
    member("vic", organisation(), "viewer")
    assert "joined the organisation role: Viewer" in words(dan.get(AT))
    for asked in ("person=ben@example.org", f"person={public_id('per', ben.id)}", "kind=PersonSuspended"):
        assert "suspended a person" in words(dan.get(f"{AT}?{asked}"))
    assert "There is nothing of that name." in words(dan.get(f"{AT}?person=nobody@example.org"))
    assert "Nothing fits" in words(dan.get(f"{AT}?since=2999-01-01"))


def test_many_entries_have_pages():
    person("dan")
    for _ in range(60):
        record(PasswordSet(actor_id=1, person_id=2))
    first = visitor("dan").get(f"{AT}?kind=PasswordSet")
    assert len(first.context["lines"]) == 50 and "kind=PasswordSet" in first.context["page"].older
    assert len(visitor("dan").get(first.context["page"].older).context["lines"]) == 10


def test_each_search_reads_an_index():
    """Over many rows, none of which is the one that is looked for first."""
    StoredEvent.objects.bulk_create(
        StoredEvent(
            name=f"Kind{number % 50}", actor_id=number % 500, organisation_id=number % 300,
            project_id=number % 900, facts={"person_id": number % 700} if number % 2 else {},
            happened_at=timezone.now() - timedelta(minutes=20_000 - number),
        )
        for number in range(20_000)
    )  # fmt: skip
    record(PersonSignedUp(person_id=1))
    with connection.cursor() as cursor:
        cursor.execute("analyze event")
    for wanted in (
        Wanted(person_id=7), Wanted(organisation_id=7), Wanted(project_id=7), Wanted(names=["Kind7"]),
        Wanted(until=timezone.now() - timedelta(days=10)),
    ):  # fmt: skip
        with connection.execute_wrapper(explained) as _:
            audit_page(wanted, limit=20)


def explained(execute, sql, params, many, context):
    if sql.startswith("SELECT"):
        with connection.cursor() as cursor:
            cursor.cursor.execute(f"explain {sql}", params)
            plan = " ".join(line for (line,) in cursor.cursor.fetchall())
        assert "Seq Scan" not in plan, (sql, plan)
    return execute(sql, params, many, context)


def test_what_is_set_stands_on_the_fold_of_the_filters():
    page = visitor("dan").get("/operator/log/", {"kind": "PersonSuspended", "since": "2026-11-02"})
    fold = re.findall(r"<details class=\"filters-fold\">.*?</details>", page.content.decode(), re.S)
    assert [re.sub(r"<[^>]+>", " ", one).split() for one in fold] == [
        ["Filters", "What:", "suspended", "a", "person", "From:", "2026-11-02"]
    ]
    wrong = visitor("dan").get("/operator/log/", {"person": "nobody"}).content.decode()
    assert '<details class="filters-fold" open>' in wrong
