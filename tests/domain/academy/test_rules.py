"""Scores, lists of grants, when a test counts as passed."""

from datetime import UTC, datetime

import pytest

from tagwerk.base.errors import Invalid
from tagwerk.domain.academy import rules


def test_slugs_are_plain():
    assert rules.slug("rlhf-basics-2") == "rlhf-basics-2"
    for text in ("", "RLHF", "rlhf_basics", "-a", "a-", "a--b", "ä", "a" * 61, "a\n"):
        with pytest.raises(Invalid) as refusal:
            rules.slug(text)
        assert refusal.value.code == "slug_unreadable"


@pytest.mark.parametrize(("value", "score"), [(0, 0), ("80", 80), (" 100 ", 100)])
def test_scores_are_whole_numbers_to_a_hundred(value, score):
    assert rules.score_of(value) == score


@pytest.mark.parametrize("value", [-1, 101, "", "80.5", "eighty", None, 79.5])
def test_other_scores_are_refused(value):
    with pytest.raises(Invalid) as refusal:
        rules.score_of(value)
    assert refusal.value.code == "score_out_of_range"


def test_moments_are_iso_8601_in_utc_unless_they_say_otherwise():
    assert rules.moment_of(" ") is None
    assert rules.moment_of("2027-01-31") == datetime(2027, 1, 31, tzinfo=UTC)
    assert rules.moment_of("2027-01-31T12:00+01:00") == datetime(2027, 1, 31, 11, tzinfo=UTC)
    with pytest.raises(Invalid) as refusal:
        rules.moment_of("31.1.2027")
    assert refusal.value.code == "moment_unreadable"


def test_a_csv_becomes_rows_with_their_numbers():
    rows = rules.grants_of_csv(
        "\ufeffWorker, score,expires,note\r\nben@example.org,80,2027-01-31,x\r\nabc\r\n"
    )
    assert rows == [
        rules.GrantRow(1, "ben@example.org", "80", "2027-01-31"),
        rules.GrantRow(2, "abc", "", ""),
    ]
    assert rules.grants_of_csv("worker,revoke\nabc,yes\n") == [rules.GrantRow(1, "abc", "", "", "yes")]
    for text in ("", "who,score\nx,1\n", "worker,expires\nx,\n"):
        with pytest.raises(Invalid) as refusal:
            rules.grants_of_csv(text)
        assert refusal.value.code == "columns_missing"


def test_a_csv_has_an_end(monkeypatch):
    monkeypatch.setattr(rules, "MOST_ROWS", 1)
    with pytest.raises(Invalid) as refusal:
        rules.grants_of_csv("worker,score\na,1\nb,2\n")
    assert refusal.value.code == "rows_too_many"


@pytest.mark.parametrize(
    ("distances", "tolerance_bp", "right"),
    [
        ([0.0], 0, True),
        ([0.25], 0, False),
        ([0.25], 2500, True),
        ([0.0, 0.3], 2500, False),
        ([1.0], 9999, False),
    ],
)
def test_a_task_is_right_within_the_tolerance(distances, tolerance_bp, right):
    assert rules.is_right(distances, tolerance_bp=tolerance_bp) is right


def test_a_hundred_means_all():
    assert rules.attempt_score([True] * 3) == 100
    assert rules.attempt_score([True] * 199 + [False]) == 99
    assert rules.attempt_score([False]) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"draw": 0},
        {"draw": 6},
        {"pass_mark": 0},
        {"pass_mark": 101},
        {"tolerance": 1.0},
        {"tolerance": -0.1},
        {"retry_after_seconds": -1},
    ],
)
def test_a_plan_that_cannot_work_is_refused(change):
    plan = {"draw": 5, "pass_mark": 80, "tolerance": 0.0, "retry_after_seconds": 0, "tasks": 5}
    rules.check_plan(**plan)
    with pytest.raises(Invalid) as refusal:
        rules.check_plan(**(plan | change))
    assert refusal.value.code == "test_plan_wrong"


def test_a_row_is_split_into_data_and_gold():
    row = {"text": "hi", "_gold": {"mood": "good"}, "_id": "7"}
    assert rules.split_row(row, 1) == ({"text": "hi"}, {"mood": "good"})
    assert "_gold" in row
    for gold in (None, {}, "good"):
        with pytest.raises(Invalid) as refusal:
            rules.split_row({"text": "hi", "_gold": gold}, 3)
        assert (refusal.value.code, refusal.value.path) == ("test_gold_missing", "row 3")


def test_a_list_of_grants_has_lines_of_every_kind_and_is_never_our_mistake():
    wanted = [rules.GrantRow(1, "a", "1", "", ""), rules.GrantRow(2, "b", "2", "", "")]
    for end in ("\n", "\r\n", "\r"):
        assert rules.grants_of_csv(end.join(("worker,score", "a,1", "b,2"))) == wanted
    for text, code in (
        ("\r\U000fef83", "columns_missing"),
        ("worker,score\n" + "x" * 200_000, "list_unreadable"),
    ):
        with pytest.raises(Invalid) as refusal:
            rules.grants_of_csv(text)
        assert refusal.value.code == code


def test_scores_by_category_need_several_tasks_and_several_categories():
    judged = [("irony", False)] * 3 + [("plain", True)] * 2 + [("plain", False)]
    found = rules.category_scores(judged)
    assert [(one.name, one.right, one.tasks, one.score) for one in found] == [
        ("irony", 0, 3, 0),
        ("plain", 2, 3, 66),
    ]
    assert rules.category_scores([("irony", True)] * 9) == [], "the score of the attempt says it"
    assert [one.name for one in rules.category_scores([("a", True)] * 2 + [("b", True)] * 3)] == ["b"]
    assert (
        rules.category_of_row({"_category": " Irony "}, 1) == "Irony" and rules.category_of_row({}, 1) == ""
    )
