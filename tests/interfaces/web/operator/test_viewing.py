"""An operator sees the pages as somebody else: reads, changes nothing, and never in secret."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.base.ids import public_id
from tagwerk.base.models import StoredEvent
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.models import Viewing
from tagwerk.domain.exports import actions as exports
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.models import Notice
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, member, organisation, person
from tests.workshop import launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
WHY = "You asked why no work is shown."


@pytest.fixture
def looking():
    """Dan, who looks as Ben."""
    dan = visitor("dan")
    at = f"/operator/people/{public_id('per', person('ben').id)}/"
    assert dan.post(at, {"step": "view", "reason": WHY}).headers["Location"] == "/"
    return dan


def test_the_pages_are_those_of_the_person_under_a_banner(looking):
    launched([{"text": "good"}])
    for path in ("/work/", "/profile/", "/work/earnings/"):
        page = looking.get(path).content.decode()
        assert "<strong>Ben</strong>" in page and "/operator/viewing/stop/" in page, path
    assert "ben@example.org" in looking.get("/profile/").content.decode()
    assert looking.get("/projects/").status_code == 403  # Ben is a member of nothing
    assert looking.get("/nowhere/").status_code == 404


def test_nothing_can_be_changed(looking):
    before = queries.person(person("ben").id)
    for path, sent in (
        ("/profile/change/", {"display_name": "Hans"}),
        ("/inbox/read/", {"newest": "1"}),
        ("/found/", {"name": "Mine"}),
        ("/accounts/logout/", {}),
        ("/operator/jobs/retry/", {}),
    ):
        refused = looking.post(path, sent)
        assert (refused.status_code, refused.headers["X-Refusal"]) == (403, "viewing_only"), path
    assert queries.person(person("ben").id) == before


def test_a_page_that_notes_something_when_it_is_opened_is_stopped_by_the_database(looking):
    told = notices.tell(
        person_id=person("ben").id,
        kind="organisation_approved",
        params={"organisation": "acme"},
        link="/work/",
    )
    refused = looking.get(f"/inbox/{public_id('ntc', told)}/")
    assert (refused.status_code, refused.headers["X-Refusal"]) == (403, "viewing_only")
    assert "would change something" in refused.content.decode()
    assert Notice.objects.get(id=told).read_at is None


def test_what_holds_secrets_and_what_is_for_operators_stays_closed(looking):
    for path in (
        "/profile/keys/",
        "/accounts/2fa/",
        "/accounts/email/",
        "/operator/",
        "/operator/people/",
        "/settings/data/",
    ):
        refused = looking.get(path)
        assert (refused.status_code, refused.headers["X-Refusal"]) == (403, "viewing_closed"), path


def test_keys_of_an_organisation_stay_closed_too():
    member("ben", organisation(), "owner")
    dan = visitor("dan")
    dan.post(f"/operator/people/{public_id('per', person('ben').id)}/", {"step": "view", "reason": WHY})
    at = f"/organisation/{public_id('org', organisation())}/"
    assert dan.get(at).status_code == 200
    assert dan.get(f"{at}keys/").status_code == dan.get(f"{at}webhooks/").status_code == 403


def test_files_are_not_taken_away():
    made = launched([{"text": "good"}])
    member("ben", made.organisation_id, "owner")
    export = exports.start_export(actor=actor("ada"), project_id=made.id, format="jsonl")
    exports.run_export(export_id=export)
    dan = visitor("dan")
    dan.post(f"/operator/people/{public_id('per', person('ben').id)}/", {"step": "view", "reason": WHY})
    for path in (
        f"/organisation/{public_id('org', made.organisation_id)}/balance/movements.csv",
        f"/projects/{made.public_id}/results/{public_id('exp', export)}/file",
        f"/projects/{made.public_id}/import/example.csv",
    ):
        assert visitor("ben").get(path).status_code == 200, path
        refused = dan.get(path)
        assert (refused.status_code, refused.get("X-Refusal")) == (403, "viewing_closed"), path


def test_it_is_logged_told_and_stands_on_the_profile(looking):
    event = StoredEvent.objects.get(name="PersonViewed")
    assert (event.actor_id, event.facts["person_id"]) == (person("dan").id, person("ben").id)
    for _ in range(2):
        notices.tell_viewing(viewing_id=event.facts["viewing_id"])
    notice = Notice.objects.get(person=person("ben"), kind="account_viewed")
    assert (notice.params["reason"], notice.params["minutes"]) == (WHY, 30)
    assert f"Dan {WHY}" in words(visitor("ben").get("/profile/looked/"))
    assert "Nobody looked" in words(visitor("cyn").get("/profile/looked/"))


def test_it_is_stopped_by_the_button(looking):
    stopped = looking.post("/operator/viewing/stop/")
    assert stopped.headers["Location"] == f"/operator/people/{public_id('per', person('ben').id)}/"
    assert "<strong>Ben</strong>" not in looking.get("/operator/").content.decode()
    assert Viewing.objects.get().ended_at is not None
    assert looking.post("/operator/viewing/stop/").status_code == 303


@pytest.mark.parametrize(
    "over",
    [
        lambda: Viewing.objects.update(until=timezone.now() - timedelta(seconds=1)),
        lambda: accounts.suspend_person(actor=actor("dan"), person_id=person("ben").id, reason="other"),
        lambda: accounts.make_operator(actor=actor("dan"), person_id=person("ben").id),
    ],
)
def test_it_ends_by_itself(looking, over):
    over()
    page = looking.get("/operator/")
    assert page.status_code == 200 and "viewing" not in looking.session


def test_who_can_be_looked_as_and_why():
    dan = actor("dan")
    for who in ("dan", "ben"):
        if who == "ben":
            accounts.make_operator(actor=dan, person_id=person("ben").id)
        with pytest.raises(Conflict):
            accounts.begin_viewing(actor=dan, person_id=person(who).id, reason=WHY)
    with pytest.raises(Invalid):
        accounts.begin_viewing(actor=dan, person_id=person("cyn").id, reason="  ")
    at = f"/operator/people/{public_id('per', person('cyn').id)}/"
    refused = visitor("dan").post(at, {"step": "view", "reason": ""})
    assert refused.status_code == 422 and Viewing.objects.count() == 0


def test_the_look_of_another_operator_cannot_be_taken_over(looking):
    number = looking.session["viewing"]
    eve = visitor("eve", is_operator=True)
    session = eve.session
    session["viewing"] = number
    session.save()
    assert "<strong>Ben</strong>" not in eve.get("/operator/").content.decode()


def test_the_database_wants_a_reason_and_another_person():
    dan, ben, until = person("dan"), person("ben"), timezone.now()
    for name, row in (
        ("viewing_has_reason", {"operator": dan, "person": ben, "reason": "", "until": until}),
        ("viewing_of_another", {"operator": dan, "person": dan, "reason": "x", "until": until}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Viewing.objects.create(**row)
