"""Fitted models as plain functions: what they decide, when they ask on, and when a vote stays."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagwerk.domain.quality.rules.finding import Beliefs, Known, find
from tagwerk.domain.quality.rules.fitting import Said, fit
from tagwerk.domain.quality.rules.judging import Vote
from tagwerk.domain.quality.rules.modelling import Fitted, by_model
from tagwerk.domain.quality.rules.stopping import Certainty, Plan, standing
from tagwerk.domain.quality.rules.words import Method, Reason, Recheck, TaskState
from tagwerk.inference.stopping import Rule
from tests.domain.quality.stream import Crowd, asked
from tests.domain.quality.test_rules import question

LABELS = ["positive", "neutral", "negative"]
CHOICE = question("choice", options=LABELS)
PLAN = Plan(2, 5, 0.95)


def said(crowd: Crowd, each: int = 3, known: bool = True) -> Said:
    """The first so many people's answers to each task, and everybody's to gold."""
    gold = range(crowd.tasks, crowd.tasks + crowd.gold)
    rows = [(t, (t + n) % crowd.people) for t in range(crowd.tasks) for n in range(each)]
    rows += [(t, w) for t in gold for w in range(crowd.people)]
    code = [crowd.answer(*row) for row in rows]
    task, worker = np.array(rows).T
    right = {t: int(crowd.truth[t]) for t in gold} if known else {}
    return Said(task, worker, np.array(code), right, frozenset(gold), crowd.classes)


def fitted(one, version: int = 1) -> Fitted:
    return Fitted(version, one.method, one.models, {w: place for place, w in enumerate(one.workers.tolist())})


def test_models_are_at_least_as_right_as_the_vote_with_fewer_answers():
    """Three of ten people err towards a neighbouring label; models learn how, the vote only how often."""
    asks = {
        by_models: [asked(Crowd(seed=seed), CHOICE, PLAN, by_models=by_models) for seed in range(4)]
        for by_models in (False, True)
    }
    answers, right = (
        {by: sum(getattr(one, name) for one in came) for by, came in asks.items()}
        for name in ("answers", "accuracy")
    )
    assert answers[True] < answers[False] and right[True] > right[False]
    assert answers[True] < 4 * 200 * PLAN.most * 0.7


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.randoms(use_true_random=False))
def test_what_is_found_depends_on_no_order_and_on_no_other_task(seed, chance):
    crowd = Crowd(tasks=60, seed=seed)
    models = fitted(fit(said(crowd), None))
    votes = [
        Vote(t, (t + n) % 12, {"q": LABELS[crowd.answer(t, (t + n) % 12)]})
        for t in range(9)
        for n in range(3)
    ]
    left, rule = dict.fromkeys(range(9), 2), Rule(least=0, sure=0.95)
    together = by_model(CHOICE, models, votes, list(range(9)), left, rule)
    shuffled = votes[:]
    chance.shuffle(shuffled)
    assert by_model(CHOICE, models, shuffled, list(range(9)), left, rule) == together
    for task in range(9):
        alone = by_model(CHOICE, models, [one for one in votes if one.task_id == task], [task], left, rule)[
            task
        ]
        assert alone[0].value == together[task][0].value
        assert alone[0].confidence == pytest.approx(together[task][0].confidence, abs=1e-12)


def test_a_fit_depends_on_no_order():
    one = said(Crowd())
    order = np.random.default_rng(3).permutation(len(one.task))
    other = replace(one, task=one.task[order], worker=one.worker[order], code=one.code[order])
    first, second = fit(one, None), fit(other, None)
    np.testing.assert_array_equal(first.models[0].log_errors, second.models[0].log_errors)
    np.testing.assert_array_equal(first.sure, second.sure)


def test_gold_and_decided_results_are_clamped():
    crowd = Crowd(tasks=60)
    plain = said(crowd, known=False)
    task = 5
    wrong = (crowd.truth[task] + 2) % 3
    clamped = fit(replace(plain, known={task: int(wrong)}), None)
    place = clamped.tasks.tolist().index(task)
    assert (
        clamped.leader[place] != wrong
    )  # the scores are of the answers alone; whoever decided stays in the table
    free = fit(plain, None)
    says_so = [w for w in range(3) if crowd.answer(task, task + w) == crowd.truth[task]]
    who = clamped.workers.tolist().index(task + says_so[0])
    assert clamped.accuracy[who] < free.accuracy[who]  # they were wrong about it, as decided


def test_where_too_little_is_there_the_vote_stays():
    few = fit(said(Crowd(tasks=10, gold=0)), None)
    assert (few.method, few.reason, few.models) == (Method.GOLD_VOTE, Reason.FEW_ANSWERS, [])
    once = fit(said(Crowd(), each=1), None)
    assert (once.method, once.reason) == (Method.GOLD_VOTE, Reason.ONE_ANSWER_EACH)
    nobody = Said(*np.zeros((3, 0), np.int64), {}, frozenset(), 3)
    assert fit(nobody, None).reason is Reason.FEW_ANSWERS
    assert fit(said(Crowd(tasks=0, gold=30)), None).reason is Reason.ONE_ANSWER_EACH  # gold alone
    one_class = replace(said(Crowd(classes=1)), classes=1)
    assert fit(one_class, None).reason is Reason.FEW_ANSWERS
    assert fit(replace(said(Crowd()), classes=99), None).reason is Reason.MANY_CLASSES


def test_the_plan_names_the_method():
    one = said(Crowd())
    assert fit(one, Method.MAJORITY).models == []
    coin, ibcc = fit(one, Method.ONE_COIN), fit(one, Method.IBCC)
    assert (coin.reason, ibcc.reason) == (Reason.PLAN, Reason.PLAN)
    deciding = coin.models[0].errors[-1, 0]
    assert deciding[0, 1] == pytest.approx(deciding[2, 1]), "one coin errs everywhere alike"
    assert ibcc.models[0].errors[-1, 0][2, 1] != pytest.approx(ibcc.models[0].errors[-1, 0][0, 1])


def test_gold_overrules_a_crowd_that_errs_together():
    """Most people make the same mistake; gold knows the few who do not."""
    crowd = Crowd(tasks=120, gold=30, seed=2)
    crowd.skill = np.array([0.97] * 3 + [0.3] * 9)
    found = fit(said(crowd, each=5), None)
    assert found.figures["gold"] == 30
    if found.reason is Reason.GOLD_KNOWS_BETTER:
        assert found.method is Method.GOLD_VOTE and found.figures["gold_vote"] > found.figures["gold_model"]
    else:
        assert found.figures["gold_model"] >= found.figures["gold_vote"] - 2 * found.figures["gold_error"]


def test_all_unanimous_is_certain_and_stays_a_probability():
    crowd = Crowd(tasks=80)
    crowd.skill[:] = 1.0
    found = fit(said(crowd), None)
    assert ((found.sure > 0.95) & (found.sure <= 1.0)).all() and (found.accuracy <= 1.0).all()
    models = fitted(found)
    votes = [Vote(0, w, {"q": "neutral"}) for w in range(2)]
    (outcome, certainty) = by_model(CHOICE, models, votes, [0], {0: 3}, Rule(least=0, sure=0.95))[0]
    assert outcome.value == "neutral" and certainty.least_sure > 0.9


def test_a_worker_nobody_knows_is_somebody_new():
    models = fitted(fit(said(Crowd()), None))
    (known,) = by_model(CHOICE, models, [Vote(1, 1, {"q": "neutral"})], [1], {1: 4}, Rule(least=0)).values()
    (new,) = by_model(CHOICE, models, [Vote(1, 999, {"q": "neutral"})], [1], {1: 4}, Rule(least=0)).values()
    assert new[0].value == "neutral" and 1 / 3 < new[0].confidence < known[0].confidence


def test_several_labels_are_judged_one_by_one():
    harms = question(
        "choice", options=list("abcdefghij"), many=True, required=False
    )  # 2^10 sets: no vote on those
    chance = np.random.default_rng(0)
    truth = chance.integers(0, 1 << 10, 80)
    rows = [(t, (t + n) % 8) for t in range(80) for n in range(3)]
    code = [
        int(truth[t]) ^ (1 << int(chance.integers(0, 10)) if chance.random() < 0.2 else 0) for t, _ in rows
    ]
    task, worker = np.array(rows).T
    found = fit(Said(task, worker, np.array(code), {}, frozenset(), 10, 10), None)
    assert len(found.models) == 10 and np.mean(found.leader == truth) > 0.9
    votes = [Vote(0, w, {"q": harms.value(int(truth[0]))}) for w in range(3)]
    (outcome, certainty) = by_model(harms, fitted(found), votes, [0], {0: 2}, Rule(least=0))[0]
    assert outcome.value == harms.value(int(truth[0])) and outcome.agreement == 1.0
    assert certainty.least_sure <= outcome.confidence
    nothing = by_model(
        harms, fitted(found), [Vote(0, w, {"q": None}) for w in range(3)], [0], {}, Rule(least=0)
    )
    assert nothing[0][0].value == []


def certain(reached, more, least_sure=None):
    return Certainty(reached, 2, 0.0, more=more, least_sure=reached if least_sure is None else least_sure)


@pytest.mark.parametrize(
    ("answers", "deciding", "state", "more"),
    [
        (2, [certain(0.97, 1)], TaskState.DONE, 0),
        (
            2,
            [certain(0.97, 1, 0.9)],
            TaskState.OPEN,
            1,
        ),  # one model doubts, and an answer is worth asking for
        (2, [certain(0.97, 0, 0.9)], TaskState.DONE, 0),
        (2, [certain(0.6, 0)], TaskState.EXHAUSTED, 0),  # nothing that may still come turns it: for an expert
        (2, [certain(0.6, 2)], TaskState.OPEN, 2),
        (2, [certain(0.97, 0), certain(0.6, 3)], TaskState.OPEN, 3),
        (1, [certain(0.6, 0)], TaskState.OPEN, 1),  # the least come first
        (5, [certain(0.6, 2)], TaskState.EXHAUSTED, 0),
    ],
)
def test_standing_by_models(answers, deciding, state, more):
    found = standing(PLAN, answers=answers, wanted=min(answers, 2), deciding=deciding)
    assert (found.state, found.more) == (state, more)


def test_what_is_settled_is_not_asked_again_but_says_how_sure_it_is():
    models = fitted(fit(said(Crowd()), None))
    votes = [Vote(1, 1, {"q": "neutral"}), Vote(1, 2, {"q": "positive"})]
    beliefs = Beliefs({}, {"q": models})
    settled = {1: Known(state=TaskState.DONE, wanted=2)}
    kept = find([CHOICE], PLAN, votes, beliefs, settled, {1: Recheck.REWEIGH}).standings[1]
    assert (kept.state, kept.more) == (TaskState.EXHAUSTED, 0) and kept.confidence < 0.95
    again = find([CHOICE], PLAN, votes, beliefs, settled, {1: Recheck.REOPEN}).standings[1]
    assert again.state is TaskState.OPEN and again.more >= 1


def test_one_answer_never_outvotes_four_of_people_as_good():
    """After a little work with few errors, most errors were never made yet; that makes them rare, not impossible."""
    crowd = Crowd(tasks=130, gold=0)
    crowd.skill[:] = 0.9
    models = fitted(fit(said(crowd, each=2), None))
    for alone in range(12):
        for one, four in permutations(LABELS, 2):
            votes = [Vote(1, w % 12, {"q": one if w == alone else four}) for w in range(alone, alone + 5)]
            assert by_model(CHOICE, models, votes, [1], {1: 0}, Rule(least=0))[1][0].value == four
