"""What operators see and do: figures, people, approvals, deposits, jobs, qualifications."""

import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from tagwerk.base.ids import public_id
from tagwerk.base.models import JobFailure
from tagwerk.domain.academy import queries as academy
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.models import Person
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tests.domain.work import scene
from tests.interfaces.web.visiting import plain_files, proved, visitor, words
from tests.orders import FILE, deposit
from tests.people import actor, key_for, member, organisation, person, simulated
from tests.workshop import launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return visitor("dan")


def parked(error="Traceback\nKeyError: 'x'"):
    """A job that failed until its last try."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args, status, attempts)"
            " values ('default', 'react', '{\"reaction\": \"judge\", \"project\": 7}', 'failed', 5) returning id"
        )
        (number,) = cursor.fetchone()
    JobFailure.objects.create(job_id=number, failed_at=timezone.now(), error=error)
    return number


def state_of(job):
    with connection.cursor() as cursor:
        cursor.execute("select status from procrastinate_jobs where id = %s", [job])
        return cursor.fetchone()[0]


# The overview.


def test_the_overview_shows_the_instance(client, django_assert_max_num_queries):
    deposit(5_000_000)
    organisation("new", "ada", approved=False)
    simulated()
    parked()
    client.get("/operator/")
    with django_assert_max_num_queries(15):
        page = words(client.get("/operator/"))
    assert "An organisation waits for approval." in page and "1 failed until their last try" in page
    assert (
        "People 2 active" in page and "Models and simulations 1" in page and "Waiting for approval 1" in page
    )
    assert "EUR €5.00 €5.00 €0.00 €0.00 €0.00 €0.00" in page
    assert "the book is right, drift 0" in page
    assert "20% of the pay, which is 16.7% of the price" in page


def test_a_book_that_is_wrong_is_cried_out_and_checked_again_on_request(client, monkeypatch):
    from tagwerk.domain.ledger import queries as ledger

    client.post("/operator/book/")
    client.get("/operator/")
    monkeypatch.setattr(ledger, "drift_micros", lambda: 17)
    assert "the book is right" in words(client.get("/operator/"))  # checked a moment ago
    assert client.post("/operator/book/").status_code == 303
    page = words(client.get("/operator/"))
    assert "The book is wrong" in page and "the book differs by 17 micros" in page
    client.post("/operator/book/")


def test_accounts_that_are_wrong_and_a_book_that_is_not_sealed_are_on_the_page(client, monkeypatch):
    from tagwerk.domain.ledger.queries import checking

    launched([{"text": "good"}])
    client.post("/operator/book/")
    assert "Not sealed any more" not in words(client.get("/operator/"))
    monkeypatch.setattr(checking, "SEALED_WITHIN", timedelta(0))
    client.post("/operator/book/")
    page = words(client.get("/operator/"))
    assert "Not sealed any more: the oldest transfer without a seal was booked" in page
    assert "the book is right" in page
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_account (code, kind, currency) VALUES ('worker:7:available:EUR', 'liability', 'EUR')"
        )
    client.post("/operator/book/")
    page = words(client.get("/operator/"))
    assert "The book is wrong" in page and "not in the chart: worker:7:available:EUR" in page
    assert "the book is right" not in page
    client.post("/operator/book/")


def test_a_project_whose_money_does_not_cover_it_is_named(client):
    client.post("/operator/book/")
    project = launched([{"text": "good"}])
    assert "what is set aside covers all" in words(client.get("/operator/"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE opened_task SET most = most + 5 WHERE project_id = %s", [project.id])
    client.post("/operator/book/")
    page = words(client.get("/operator/"))
    assert f"Sentiment ({project.public_id}): €0.60 are missing" in page
    client.post("/operator/book/")


# People.


def test_people_are_searched(client):
    person("ada"), person("ben"), simulated("sim-1")
    assert "Ben" in words(client.get("/operator/people/?search=BEN"))
    assert "ada@example.org" not in words(client.get("/operator/people/?search=ben@"))
    machines = words(client.get("/operator/people/?kind=simulation"))
    assert "sim-1" in machines and "Ben" not in machines
    assert "Nobody fits" in words(client.get("/operator/people/?search=zzz"))
    for wrong in ("search=%00", "kind=password", "active=1", "before=per_x"):
        assert client.get(f"/operator/people/?{wrong}").status_code in (400, 404, 422)


def test_many_people_have_pages_and_few_queries(client, django_assert_max_num_queries):
    for number in range(52):
        simulated(f"sim-{number:02}")
    client.get("/operator/people/")
    with django_assert_max_num_queries(8):
        first = client.get("/operator/people/?kind=simulation")
    assert len(first.context["lines"]) == 50
    assert "kind=simulation" in first.context["page"].older
    assert len(client.get(first.context["page"].older).context["lines"]) == 2


def test_a_person_is_suspended_let_in_and_made_an_operator(client):
    ben = person("ben")
    path = f"/operator/people/{public_id('per', ben.id)}/"
    theirs = visitor("ben")
    refused = client.post(path, {"step": "suspend", "reason": ""})
    assert refused.status_code == 422 and refused.context["suspend_form"].errors.keys() == {"reason"}
    client.post(path, {"step": "suspend", "reason": "fraud", "note": "You copied answers."})
    assert theirs.get("/profile/").headers["Location"].startswith("/accounts/login/")
    page = words(client.get(path))
    assert "Answers without work, or several accounts · You copied answers." in page and "Dan" in page
    client.post(path, {"step": "lift"})
    client.post(path, {"step": "operator"})
    assert queries.person(ben.id).is_operator and "operator" in words(client.get(path))
    assert client.post(path, {"step": "suspend", "reason": "other"}).status_code == 422
    client.post(path, {"step": "no_operator"})
    assert not queries.person(ben.id).is_operator
    assert client.post(path, {"step": "explode"}).status_code == 404


def test_all_about_a_person_in_few_queries(client, settings, django_assert_max_num_queries):
    settings.UNDO_SECONDS = 0
    project = scene.running(2, quality=scene.answers(1))
    ben = scene.worker("ben", project)
    scene.done(ben, project)
    key_for("ben")
    member("ben", organisation(), "reviewer")
    path = f"/operator/people/{public_id('per', person('ben').id)}/"
    client.get(path)
    with django_assert_max_num_queries(20):
        page = words(client.get(path))
    for said in (
        "acme Reviewer",
        "ben's key",
        "works",
        "terms 20",
        "Never suspended.",
        "joined the organisation",
    ):
        assert said in page, said
    assert "Waits for approval €0.10" in page and project.title in page
    other = words(client.get(f"/operator/people/{public_id('per', person('cyn').id)}/"))
    assert "Entered no project yet." in other and "Member of none." in other


def test_the_last_operator_stays(client):
    path = f"/operator/people/{public_id('per', person('dan').id)}/"
    refused = client.post(path, {"step": "no_operator"})
    assert refused.status_code == 409 and "last operator" in words(refused)


def test_a_worker_is_invited(client):
    person("ben")
    assert client.post("/operator/people/", {"email": "new@example.org"}).status_code == 303
    assert queries.is_invited("new@example.org")
    refused = client.post("/operator/people/", {"email": "ben@example.org"})
    assert refused.status_code == 422 and "is here already" in words(refused)


# Organisations.


def test_organisations_are_found_and_approved(client, django_assert_max_num_queries):
    new = organisation("new", "ada", approved=False)
    organisation("old", "eve")
    client.get("/operator/organisations/")
    with django_assert_max_num_queries(9):
        page = words(client.get("/operator/organisations/?state=waiting"))
    assert "new Ada Germany" in page and "old" not in page
    assert "old" in words(client.get("/operator/organisations/?search=OL"))
    assert "None fits" in words(client.get("/operator/organisations/?search=zzz"))
    client.post(f"/operator/organisations/{public_id('org', new)}/approve/")
    assert queries.organisation(new).approved_at is not None
    assert "Nothing waits" in words(client.get("/operator/organisations/?state=waiting"))


def test_an_organisation_is_suspended_on_its_page(client, django_assert_max_num_queries):
    project = launched([{"text": "good"}])
    path = f"/operator/organisations/{public_id('org', organisation())}/"
    client.get(path)
    with django_assert_max_num_queries(18):
        page = words(client.get(path))
    assert "Ada Owner" in page and project.title in page and "Never suspended." in page
    assert client.post(path, {"step": "suspend", "reason": "mood"}).status_code == 422
    client.post(path, {"step": "suspend", "reason": "payment", "note": "The invoice of May."})
    assert "A payment is open · The invoice of May." in words(client.get(path))
    assert "acme" in words(client.get("/operator/organisations/?state=suspended"))
    client.post(path, {"step": "lift"})
    assert queries.organisation(organisation()).suspended_at is None
    assert client.post(path, {"step": "explode"}).status_code == 404


# Deposits.


def booking(client, org, **changes):
    page = client.get(f"/operator/deposits/?organisation={public_id('org', org)}").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    return {
        "organisation": public_id("org", org),
        "direction": "deposit",
        "amount": "1200,50",
        "reference": "invoice 7",
        "key": key[1],
        **changes,
    }


def test_a_deposit_is_booked_once_however_often_it_is_sent(client):
    org = organisation()
    sent = booking(client, org)
    for _ in range(2):
        done = client.post("/operator/deposits/", sent, follow=True)
    assert "Booked: €1,200.50 from acme." in words(done)
    assert payments.prepaid_micros(org, "EUR") == 1_200_500_000
    assert "Deposit invoice 7 Dan €1,200.50" in words(done)


def test_a_refund_takes_no_more_than_there_is(client):
    org = deposit(5_000_000)
    client.post("/operator/deposits/", booking(client, org, direction="refund", amount="2.00"))
    assert payments.prepaid_micros(org, "EUR") == 3_000_000
    refused = client.post("/operator/deposits/", booking(client, org, direction="refund", amount="4.00"))
    assert refused.status_code == 422 and payments.prepaid_micros(org, "EUR") == 3_000_000


@pytest.mark.parametrize("amount", ["", "0", "-5", "1.000,50", "1,2,3", "NaN", "1e99", "0.0000001"])
def test_an_amount_that_is_none_is_said_at_its_field(client, amount):
    org = organisation()
    refused = client.post("/operator/deposits/", booking(client, org, amount=amount))
    assert refused.status_code == 422 and refused.context["form"].errors.keys() == {"amount"}
    assert payments.prepaid_micros(org, "EUR") == 0


# Jobs.


def test_a_parked_job_is_shown_with_its_error_and_tried_again(client):
    number = parked()
    page = client.get("/operator/jobs/")
    assert "judge" in words(page) and "KeyError: 'x'" in words(page) and "Traceback" in words(page)
    assert client.post(f"/operator/jobs/{number}/retry/").status_code == 303
    assert state_of(number) == "todo"
    assert client.post(f"/operator/jobs/{number}/retry/").status_code == 404
    assert "No job is parked" in words(client.get("/operator/jobs/"))


def test_all_are_tried_again_at_once(client):
    numbers = [parked(), parked("")]
    client.post("/operator/jobs/retry/")
    assert [state_of(number) for number in numbers] == ["todo", "todo"]


# Qualifications of the instance.


def test_a_qualification_of_the_instance_is_granted_by_address(client):
    person("ben")
    made = client.post("/operator/qualifications/", {"title": "Basics", "slug": "basics"})
    path = made.headers["Location"]
    client.post(path, {"what": "grant", "worker": "ben@example.org", "score": "80"})
    assert academy.scores_of(person("ben").id, None) == {"basics": 80}
    assert "Ben 80 granted" in words(client.get(path))
    assert "Basics: 80" in words(client.get(f"/operator/people/{public_id('per', person('ben').id)}/"))


def test_its_test_needs_an_organisation_that_keeps_the_design(client):
    path = client.post("/operator/qualifications/", {"title": "Basics", "slug": "basics"}).headers["Location"]
    assert "found or join one first" in words(client.get(path))
    member("dan", organisation(), "manager")
    row = json.dumps({"text": "x", "_gold": {"sentiment": "positive"}})
    sent = {
        "what": "test",
        "owner": public_id("org", organisation()),
        "design": SimpleUploadedFile("p.yaml", FILE.encode()),
        "tasks": SimpleUploadedFile("t.jsonl", row.encode()),
        "draw": "1",
        "pass_mark": "80",
        "tolerance": "0",
        "retry_after_days": "0",
        "minutes": "5",
    }
    assert client.post(path, sent).status_code == 303
    assert [test.title for test in academy.offered_tests(actor("ben"))] == ["Basics"]


def test_late_answers_are_paid_from_goodwill_once(client, settings):
    settings.UNDO_SECONDS = 0
    assert "No answer came too late" in words(client.get("/operator/late/"))
    project = scene.running(1, quality=scene.answers(1))
    ben = scene.worker("ben", project)
    held = scene.taken(ben, project)
    work.sweep_expired(now=timezone.now() + timedelta(hours=1))
    in_time = scene.done(scene.worker("cyn", project), project)
    scene.submit(held, ben)
    page = client.get("/operator/late/")
    assert "Ben" in words(page) and "€0.10" in words(page) and "Cyn" not in words(page)
    at = f"/operator/late/{project.public_id}"
    assert client.post(f"{at}/{public_id('asg', in_time)}/").status_code == 404
    pay = f"{at}/{public_id('asg', held.assignment_id)}/"
    assert pay in page.content.decode()
    for _ in range(2):
        assert client.post(pay).status_code == 303
    assert work_queries.earnings(ben)[0].available_micros == 100_000
    page = client.get("/operator/late/")
    assert "paid from goodwill" in words(page) and pay not in page.content.decode()
    scene.check_money(project)


def test_who_has_a_second_factor_shows_it_before_changing_who_operates():
    dan, eve = visitor("dan"), person("eve")
    path = f"/operator/people/{public_id('per', eve.id)}/"
    Authenticator.objects.create(user=person("dan"), type=Authenticator.Type.TOTP, data={})
    reply = dan.post(path, {"step": "operator"})
    assert reply.status_code == 303 and "reauthenticate" in reply.headers["Location"]
    assert not Person.objects.get(id=eve.id).is_operator
    assert proved(dan, "mfa").post(path, {"step": "operator"}).status_code == 303
    assert Person.objects.get(id=eve.id).is_operator
