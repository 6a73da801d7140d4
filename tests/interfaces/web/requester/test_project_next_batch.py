"""The page of the next batch: typed points, a file, what is refused; and the same by API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tagwerk.inference.learning_curve import Curve
from tests import orders
from tests.domain.work import scene
from tests.inference.test_learning_curve import measured
from tests.interfaces.api.calling import call
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor
from tests.people import key_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]
POINTS = measured(Curve(0.88, 1.2, 0.6), test=20_000)
LINES = "\n".join(f"{n}, {y}" for n, y in POINTS)


def test_typed_points_give_advice_for_one_batch_and_a_price_for_a_point():
    made = scene.running(20, launch=False, quality=scene.answers(2, 4))
    reply = visitor("ada").post(f"/projects/{made.public_id}/estimate/next/", {"points": LINES, "more": "1600", "target": "95"})  # fmt: skip
    page = text_of(reply)
    assert reply.status_code == 200
    assert "With 1,600 labels more, your model probably gains" in page
    assert "for each point of accuracy" in page
    assert "probably out of reach with this model" in page
    assert "Nobody can say how many labels a target takes in all" in page


def test_a_file_counts_as_typed_and_unpaid_projects_see_no_price():
    made = orders.project(**scene.without_pay("ben"))
    file = SimpleUploadedFile("points.csv", f"labels,accuracy\n{LINES}".encode())
    page = text_of(
        visitor("ada").post(f"/projects/{made.public_id}/estimate/next/", {"file": file, "more": "4800"})
    )
    assert "so far ahead, the curve is off by a point and more" in page
    assert "€" not in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [({"points": "100, 0.8", "more": "100"}, "At least 5 numbers of labels are needed"),
     ({"points": LINES, "more": "4801"}, "at most 4800 labels more"),
     ({"points": "a, b\nc, d", "more": "1"}, "Line 2 is not"),
     ({"points": LINES, "more": "10", "target": "much"}, "Write a number from 0 to 100")],
)  # fmt: skip
def test_what_says_too_little_comes_back_with_the_reason(sent, words):
    made = orders.project()
    reply = visitor("ada").post(f"/projects/{made.public_id}/estimate/next/", sent)
    assert reply.status_code == 422
    assert words in text_of(reply).replace("4,800", "4800")


def test_the_same_by_api():
    made = scene.running(20, launch=False, quality=scene.answers(2, 2))
    body = {"points": [{"labels": n, "accuracy": y} for n, y in POINTS], "more": 1_600, "target": 0.95}
    key = key_for("ada", made.organisation_id)
    told = call("POST", f"/projects/{made.public_id}/next-batch", key, body).value
    assert told["gain"]["low"] <= told["gain"]["value"] <= told["gain"]["high"]
    assert told["target_out_of_reach"] is True
    assert told["cost"]["amount"].startswith("39")  # 1,600 x 2 x 0.12, and some done again
    assert (
        call("POST", f"/projects/{made.public_id}/next-batch", key, body | {"more": 5_000}).code
        == "curve_too_far"
    )
    assert "total" not in " ".join(told)
