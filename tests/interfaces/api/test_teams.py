"""Teams by programs: made, filled, renamed, deleted; and what members decide about answers."""

import pytest

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.work import queries as work
from tests import orders, people
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import ok
from tests.people import actor, member
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db


def test_a_team_from_its_beginning_to_its_end():
    number = orders.deposit(10_000_000)
    key = people.key_for("ada", number)
    member("vic", number, "viewer")
    assert ok(call("POST", "/teams", key, {"name": "Night shift"})) == {"slug": "night-shift"}
    assert call("POST", "/teams", key, {"name": "Night shift"}).code == "team_slug_taken"
    vic = next(one["id"] for one in ok(call("GET", "/members", key))["items"] if one["name"] == "Vic")
    assert call("POST", "/teams/night-shift/members", key, {"members": [vic, vic]}).status == 204
    assert [one["id"] for one in ok(call("GET", "/teams/night-shift/members", key))["items"]] == [vic]
    assert call("PATCH", "/teams/night-shift", key, {"name": "Nights"}).status == 204
    assert ok(call("GET", "/teams", key))["items"] == [
        {"slug": "night-shift", "name": "Nights", "members": 1}
    ]
    assert call("DELETE", f"/teams/night-shift/members/{vic}", key).status == 204
    assert queries.team_members(actor("ada"), number, "night-shift") == set()
    assert call("DELETE", "/teams/night-shift", key).status == 204
    assert call("DELETE", "/teams/night-shift", key).status == 404


def test_who_is_no_member_of_the_organisation_comes_into_no_team():
    number, other = orders.deposit(10_000_000), people.organisation("other", "eve")
    key = people.key_for("ada", number)
    accounts.create_team(actor=actor("ada"), organisation_id=number, slug="night", name="Night")
    theirs = people.key_for("eve", other)
    eve = ok(call("GET", "/members", theirs))["items"][0]["id"]
    assert call("POST", "/teams/night/members", key, {"members": [eve]}).code == "member_not_found"
    assert call("DELETE", f"/teams/night/members/{eve}", key).code == "member_not_found"


def test_an_answer_is_taken_out_put_back_and_more_are_asked_for(settings):
    settings.UNDO_SECONDS = 0
    made = launched([{"text": "good"}])
    for name in ("ben", "bea"):
        do_work(made.id, name, lambda data: {"sentiment": "positive"})
    judge(made.id)
    key = people.key_for("ada", made.organisation_id)
    task = ok(call("GET", f"/projects/{made.public_id}/tasks", key))["items"][0]["id"]
    answer = ok(call("GET", f"/projects/{made.public_id}/tasks/{task}/answers", key))["items"][0]["id"]
    at = f"/projects/{made.public_id}/answers/{answer}"
    number = work.tasks_after(made.id, 0, 1)[0].id
    assert call("POST", f"{at}/exclude", key, {"reason": "Too quick."}).status == 204
    assert len(quality.exclusions(made.id, number)) == 1
    assert call("POST", f"{at}/include", key).status == 204
    assert quality.exclusions(made.id, number) == {}
    assert call("POST", f"{at}/include", key).code == "answer_not_excluded"
    more = f"/projects/{made.public_id}/tasks/{task}/more-answers"
    assert call("POST", more, key, {"answers": 1}).status == 204
    assert call("POST", more, key, {"answers": 21}).status == 422
