"""The rest of a fact, in words."""

from tagwerk.interfaces.web.pages.operator.fact_words import fact_words


def test_nothing_is_said_as_programs_have_it():
    assert fact_words({"organisation_id": 3, "approved": False}) == "waits for approval"
    assert fact_words({"is_operator": True}) == "operates the instance now"
    assert (
        fact_words({"answers": 12, "code": "x", "reward_micros": 1_200_000, "currency": "EUR"})
        == "answers: 12, pay: €1.20"
    )
    assert fact_words({"role": "viewer", "task_id": 4}) == "role: Viewer"
    assert fact_words({"slug": "night", "added": [3, 4], "removed": []}) == "name: night, came in: 2"
    assert fact_words({"changes": {"name": ["", "Tag"]}}) == "name: – → Tag"
