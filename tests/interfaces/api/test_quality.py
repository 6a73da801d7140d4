"""How good the answers are, by the API."""

from typing import Any

import pytest

from tagwerk.domain.quality import actions as quality
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import ok
from tests.people import key_for
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db


def test_quality_and_disputed_tasks(settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    made = launched(
        [{"text": f"Text {n}"} for n in range(4)],
        quality={"answers": {"min": 2, "max": 3, "confidence": 0.5}},
    )
    do_work(made.id, "ben", lambda data: {"sentiment": "positive"})
    do_work(
        made.id, "eve", lambda data: {"sentiment": "negative" if data["text"] == "Text 2" else "positive"}
    )
    judge(made.id)
    do_work(made.id, "fay", lambda data: {"sentiment": "neutral" if data["text"] == "Text 2" else "positive"})
    judge(made.id)
    key, here = key_for("ada", made.organisation_id), f"/projects/{made.public_id}"
    found = ok(call("GET", f"{here}/quality", key))
    [question] = found["questions"]
    assert question["confusion"]["values"][0] == "positive"
    assert sum(map(sum, question["confusion"]["counts"])) == found["answers"]
    assert found["saved"] == 3 * found["tasks"] - found["answers"]
    assert question["days"][0]["tasks"] == found["tasks"]
    page = ok(call("GET", f"{here}/disputed?limit=1", key))
    assert page["items"][0]["data"] == {"text": "Text 2"}
    assert {one["value"] for one in page["items"][0]["answers"]} == {"positive", "negative", "neutral"}
    following = ok(call("GET", f"{here}/disputed?limit=1&cursor={page['next']}", key))
    assert following == {"items": [], "next": None}
    assert call("GET", f"{here}/disputed?question=nothing", key).code == "question_not_found"


def test_reviews_of_what_a_rule_and_a_signal_point_at(settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    rule = {"collector": "agreement", "answers": 10, "share_below": 0.5, "action": "review"}
    plan = {"answers": {"min": 3, "max": 3}, "rules": [rule], "review": {"share": 0}}
    made = launched([{"text": "good" if n % 2 else "bad", "_id": str(n)} for n in range(12)], quality=plan)
    for name in ("ben", "fay", "bob"):
        do_work(
            made.id, name,
            lambda data, name=name: {
                "sentiment": "neutral" if name == "bob" else "positive" if data["text"] == "good" else "negative"
            },
        )  # fmt: skip
    judge(made.id)
    quality.watch_workers(project_id=made.id)
    key, here = key_for("ada", made.organisation_id), f"/projects/{made.public_id}"
    by_rule, by_signal = ok(call("GET", f"{here}/reviews/pointed-at", key))["items"]
    assert (by_rule["says"]["action"], by_rule["waiting"], by_signal["signal"]) == ("review", 12, "streak")
    [signal] = ok(call("GET", f"{here}/signals", key))["items"]
    for asked, why in (
        ({}, "sent"),
        ({"rule": by_rule["rule"]}, "rule"),
        ({"evidence": signal["id"]}, "signal"),
    ):
        following = ok(call("POST", f"{here}/reviews/next", key, asked))["next"]
        assert following["worker"] == signal["worker"] and "because" not in following
        told = ok(call("POST", f"{here}/answers/{following['answer']}/review", key, {"verdict": "approve"}))
        assert told["because"]["why"] == why and told["because"]["figures"]
    assert ok(call("POST", f"{here}/reviews/next", key, {"rule": "none"})) == {"next": None}
    assert call("POST", f"{here}/reviews/next", key, {"evidence": "sig_x"}).status == 404
