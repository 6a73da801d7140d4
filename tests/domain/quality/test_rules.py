"""Judging, stopping, gold and stages as plain functions."""

import pytest

from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.domain.designs.rules.when import parse
from tagwerk.domain.quality.rules import gold, stages, stopping
from tagwerk.domain.quality.rules.judging import Ballot, Vote, ballot, judge
from tagwerk.domain.quality.rules.words import NO_ANSWERS, NOT_ANSWERED, Method, Source, TaskState

PLAN = stopping.Plan(least=2, most=5, confidence=0.95)


def question(kind: str, *, when: str | None = None, decides: bool = True, **options) -> Ballot:
    made = KINDS[kind].Options(kind=kind, **options)
    return ballot("q", KINDS[kind], made, decides=decides, when=parse(when) if when else None)


SENTIMENT = question("choice", options=["positive", "neutral", "negative"])


def votes(*values, task_id: int = 1, **more) -> list[Vote]:
    return [Vote(task_id, worker, {"q": value, **more}) for worker, value in enumerate(values, 1)]


def test_the_better_worker_counts_more():
    said = votes("positive", "negative")
    found = judge(SENTIMENT, said, {1: 0.9, 2: 0.5}, [1])[1]
    assert (found.value, found.source, found.answers, found.tied) == ("positive", Source.VOTE, 2, False)
    assert found.agreement == 0.0 and 0.5 < found.confidence < 0.95


def test_who_never_saw_gold_counts_as_right_in_two_of_three_cases():
    found = judge(SENTIMENT, votes("neutral"), {}, [1])[1]
    assert found.confidence == pytest.approx(2 / 3) and found.agreement is None


def test_a_tie_is_said():
    found = judge(SENTIMENT, votes("positive", "negative"), {}, [1])[1]
    assert found.tied and found.confidence == pytest.approx(0.444, abs=1e-3)


def test_many_tasks_at_once_are_judged_as_alone():
    said = [*votes("positive", "positive", task_id=1), *votes("negative", "neutral", "neutral", task_id=2)]
    together = judge(SENTIMENT, said, {1: 0.8}, [1, 2, 3])
    assert together[1] == judge(SENTIMENT, votes("positive", "positive"), {1: 0.8}, [1])[1]
    assert (together[2].value, together[3].value, together[3].reason) == ("neutral", None, NO_ANSWERS)


def test_ratings_agree_by_how_near_they_are():
    found = judge(question("rating", scale=5), votes(4, 5, 4), {}, [1])[1]
    assert found.value == 4 and found.agreement == pytest.approx(1 - (0.25 + 0.25) / 3)


def test_texts_are_merged_without_a_certainty():
    found = judge(question("text"), votes("eins zwei", "eins zwei", "drei"), {}, [1])[1]
    assert (found.value, found.confidence, found.source) == ("eins zwei", None, Source.MERGE)
    assert 0 < found.agreement < 1


def test_how_texts_were_merged_is_said():
    said = votes("the bad cat sat", "the red hat sat", "the red cat sits", None)
    found = judge(question("text"), said, {}, [1])[1]
    assert (found.value, found.method, found.answers) == ("the red cat sat", Method.ROVER, 3)
    assert judge(question("text"), said[:1], {}, [1])[1].method is Method.MEDOID
    fine = question("rating", min=0, max=100, step=1)
    assert judge(fine, votes(3, 70, 75), {}, [1])[1].method is Method.MEDIAN


def test_an_optional_question_that_nobody_answered_has_a_reason():
    found = judge(question("text", required=False), votes(None, None), {}, [1])[1]
    assert (found.value, found.reason, found.answers) == (None, NOT_ANSWERED, 0)


def test_picking_nothing_is_an_answer_where_the_question_was_asked():
    harms = question("choice", options=["a", "b"], many=True, required=False)
    assert judge(harms, votes(None, None, ["a"]), {}, [1])[1].value == []
    hidden = question("choice", options=["a", "b"], many=True, required=False, when="bad == 'yes'")
    assert judge(hidden, votes(None, ["a"], bad="no"), {}, [1])[1].value == ["a"]
    assert judge(hidden, votes(None, bad="no"), {}, [1])[1].reason == NOT_ANSWERED


def test_own_words_vote_for_other():
    other = question("choice", options=["a", "b"], other=True)
    assert judge(other, votes({"other": "c"}, {"other": "d"}, "a"), {}, [1])[1].value == "other"


def certain(reached, classes=2, typical=0.8):
    return stopping.Certainty(reached, classes, typical)


@pytest.mark.parametrize(
    ("answers", "wanted", "reached", "state", "more"),
    [
        (1, 2, [0.99], TaskState.OPEN, 0),  # the least come first, however sure
        (2, 2, [0.96], TaskState.DONE, 0),
        (2, 2, [0.96, 0.5], TaskState.OPEN, 3),  # the least sure question holds the task
        (2, 3, [0.8], TaskState.OPEN, 0),  # one is on its way
        (3, 3, [0.8], TaskState.OPEN, 2),
        (5, 5, [0.8], TaskState.EXHAUSTED, 0),
        (4, 4, [0.5], TaskState.OPEN, 1),  # never more than the most
        (2, 2, [], TaskState.DONE, 0),  # nothing decides: the least are enough
        (2, 2, [None], TaskState.DONE, 0),
        (0, 2, [None], TaskState.OPEN, 0),
        (1, 1, [0.99], TaskState.OPEN, 1),  # the plan asks for more than there were
    ],
)
def test_standing(answers, wanted, reached, state, more):
    found = stopping.standing(PLAN, answers=answers, wanted=wanted, deciding=[certain(r) for r in reached])
    assert (found.state, found.more) == (state, more)
    assert found.wanted == (answers + more if more else wanted)


def test_gold_is_right_when_nothing_lies_between():
    third = pytest.approx(1 / 3)
    assert gold.score({"q": "neutral"}, {"q": "neutral"}, [SENTIMENT]) == {"q": gold.Scored(True, third)}
    assert gold.score({"q": "neutral"}, {}, [SENTIMENT]) == {"q": gold.Scored(False, third)}
    assert gold.score({}, {"q": "neutral"}, [SENTIMENT]) == {}


def test_gold_that_does_not_fit_the_question_any_more_says_nothing():
    rating = question("rating", min=1, max=5)
    assert gold.score({"q": "neutral"}, {"q": 3}, [rating]) == {}
    assert gold.score({"q": "gone"}, {"q": "neutral"}, [SENTIMENT]) == {}
    several = question("choice", options=["a", "b"], many=True, required=False)
    assert gold.right(several, ["b", "a"], ["a", "b"]) and gold.right(several, None, None)
    assert not gold.right(several, ["a"], None)
    assert not gold.right(question("rating", scale=5), 4, 5)


@pytest.mark.parametrize(
    ("seen", "correct", "classes", "paused"),
    [(7, 0, 2, False), (8, 1, 2, True), (8, 4, 2, False), (8, 3, 2, False), (8, 2, 2, True), (40, 20, 2, True), (40, 30, 2, False),
     (12, 2, 3, True), (30, 10, 3, True), (30, 18, 3, False), (20, 4, 5, True), (9, 0, 1, False)],
)  # fmt: skip
def test_who_clearly_guesses(seen, correct, classes, paused):
    assert gold.guesses(gold.Record(seen, correct), classes) is paused


def test_a_good_worker_is_hardly_ever_taken_for_one_who_guesses():
    from math import comb

    wrongly = sum(
        comb(20, k) * 0.8**k * 0.2 ** (20 - k) for k in range(21) if gold.guesses(gold.Record(20, k), 2)
    )
    assert wrongly < 1e-3


def test_weights_are_looked_at_again_as_gold_doubles():
    assert [n for n in range(1, 40) if gold.weight_changed(n - 1, n)] == [4, 8, 16, 32]
    assert gold.weight_changed(3, 9) and not gold.weight_changed(4, 7)


def test_a_result_becomes_the_next_stages_task_without_who_said_it():
    row = stages.row_of_result({"text": "x", "_id": "7"}, {"q": "positive"}, source="tsk_1")
    assert row == {"text": "x", "result": {"q": "positive"}, "_id": "tsk_1"}
    assert stages.row_of_answer({"text": "x"}, {"q": 1}, source="asg_1")["answer"] == {"q": 1}
    assert stages.goes_on(parse("q != 0"), {"q": 1}) and not stages.goes_on(parse("q != 0"), {"q": 0})
    assert stages.goes_on(None, {})
