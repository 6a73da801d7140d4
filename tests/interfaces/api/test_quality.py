"""How good the answers are, by the API."""

from typing import Any

import pytest

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
