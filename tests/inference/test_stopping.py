"""When answers are enough: the value of the remaining ones in closed form, and what follows from it."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagwerk.inference.bayes import IBCC
from tagwerk.inference.calibration import held_out, reliability, temperatures
from tagwerk.inference.crowd import crowd_of_codes, read_crowd
from tagwerk.inference.one_coin import OneCoin
from tagwerk.inference.part import Part, part_of
from tagwerk.inference.passes import mixture_pass
from tagwerk.inference.stopping import NOBODY, Action, Models, Rule, refit, remaining_gain, standings
from tests.inference.crowds import made

FINE = Rule(draws=40_000)


def alike(errors):
    """One model of a crowd of two who err alike, with classes as likely before."""
    errors = np.asarray(errors, float)
    tables = np.repeat(errors[None, None], 3, axis=1)
    even = np.full((1, len(errors)), -np.log(len(errors)))
    return Models(even, np.log(tables), tables, np.ones(2), np.ones(1))


def coin(skill, classes=2):
    return alike(np.where(np.eye(classes) > 0, skill, (1 - skill) / (classes - 1)))


def gain(models, posterior, left, rule=FINE):
    likely = np.asarray(posterior, float)[None]
    return remaining_gain(models, likely, likely[-1].argmax(axis=1), left, rule)


def enumerated(skill, p, left):
    """The rise of the probability of being right, over all that the next answers can be."""
    right = 0.0
    for said in product((0, 1), repeat=left):
        of_first = p * np.prod([skill if one == 0 else 1 - skill for one in said])
        of_second = (1 - p) * np.prod([skill if one == 1 else 1 - skill for one in said])
        right += max(of_first, of_second)
    return right - p


@pytest.mark.parametrize(("skill", "p", "left"), [(0.8, 0.6, 1), (0.8, 0.8, 3), (0.7, 0.9, 7), (0.6, 0.5, 5)])
def test_what_is_left_is_worth_what_enumerating_it_says(skill, p, left):
    assert gain(coin(skill), [[p, 1 - p]], [left])[0] == pytest.approx(enumerated(skill, p, left), abs=4e-3)


def test_what_nothing_can_turn_is_worth_nothing():
    models = coin(0.8)
    sure = 0.8**3 / (0.8**3 + 0.2**3)  # three of five agree
    assert gain(models, [[sure, 1 - sure]], [2])[0] == 0.0
    assert gain(models, [[sure, 1 - sure]], [4])[0] > 0.0
    assert gain(models, [[0.5, 0.5], [0.5, 0.5]], [0, 1])[0] == 0.0


def test_answers_of_people_who_guess_are_worth_nothing():
    assert gain(coin(0.5), [[0.6, 0.4]], [50])[0] == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(lambda p: sum(p) > 0.1),
    st.floats(0.2, 0.99),
    st.integers(0, 1000),
)
def test_more_answers_are_never_worth_less_and_none_is_worth_less_than_nothing(masses, skill, seed):
    posterior = np.repeat([np.array(masses) / sum(masses)], 6, axis=0)
    found = gain(coin(skill, 3), posterior, np.arange(6), Rule(draws=50, seed=seed))
    assert (found >= 0).all() and (np.diff(found) >= 0).all()
    assert (found <= 1 - posterior[0].max() + 1e-9).all()


def test_chance_is_the_seed_alone():
    models, posterior = coin(0.7), [[0.7, 0.3]]
    first, again, other = (gain(models, posterior, [5], Rule(draws=100, seed=seed))[0] for seed in (1, 1, 2))
    assert first == again != other


def test_a_price_takes_away_what_is_not_worth_it():
    models, posterior = coin(0.8), [[0.6, 0.4]]
    free = gain(models, posterior, [9])[0]
    dear = gain(models, posterior, [9], replace(FINE, cost=0.02))[0]
    assert 0 < dear < free
    assert gain(models, posterior, [9], replace(FINE, cost=0.5))[0] == 0.0


def test_an_answer_more_is_what_a_refit_with_the_same_tables_says():
    table, _ = made(classes=3)
    part = read_crowd(table).part
    models = refit(part)
    first, rest = part.of(0, 1), int(part.starts[1])
    shorter = replace(first, starts=np.array([0, rest - 1]), worker=first.worker[:-1], label=first.label[:-1])
    scores = models.after(models.scores(shorter)[:, 0], int(first.worker[-1]), int(first.label[-1]))
    assert scores == pytest.approx(models.scores(first)[:, 0], abs=1e-9)
    for at, found in enumerate(models.posterior(models.scores(part))):
        passed = np.zeros((part.tasks, part.classes))
        mixture_pass(part, models.log_errors[at, :-1].copy(), models.log_priors[at], passed)
        assert found == pytest.approx(passed, abs=1e-9)
    unknown = models.after(scores, NOBODY, 1)
    assert (models.posterior(unknown)[:, 1] > models.posterior(scores)[:, 1]).all()


def test_each_task_is_asked_about_closed_or_sent_to_an_expert():
    models = coin(0.8)
    step = np.log(4.0)
    scores = np.array([[[0.0, 0.0], [3 * step, 0.0], [0.0, 0.0], [0.0, 9 * step], [step, 0.0], [0.0, step]]])
    found = standings(
        models,
        scores,
        answers=[2, 3, 5, 0, 3, 1],
        most=5,
        rule=Rule(least=1),
        known=[-1, -1, -1, -1, -1, 0],
    )
    expected = [Action.ASK, Action.STOP, Action.EXPERT, Action.ASK, Action.ASK, Action.STOP]
    assert found.action.tolist() == expected
    assert found.leader.tolist()[1:] == [0, 0, 1, 0, 0]
    assert found.confidence[1] == pytest.approx(64 / 65) and found.confidence[5] == 1.0
    assert found.gain[1] == found.gain[5] == 0.0


def test_models_that_disagree_ask_on():
    sure, unsure = coin(0.9), coin(0.6)
    both = Models(
        *(
            np.concatenate([getattr(a, name) for a in (unsure, sure)])
            for name in ("log_priors", "log_errors", "errors")
        ),
        sure.activity,
        np.ones(2),
    )
    agreed, against = np.array([4.0, 0.0]), np.array([0.0, 4.0])
    found = standings(both, np.array([[agreed, against], [agreed, agreed]]), [2, 2], 3, Rule())
    assert found.action.tolist() == [Action.STOP, Action.ASK]
    assert found.leader.tolist() == [0, 0]


def test_a_crowd_is_asked_less_than_all_and_gold_is_done():
    table, truth = made(tasks=80, per_task=8)
    crowd = read_crowd(table, {task: truth[task] for task in truth.index[:10]})
    models = refit(crowd.part)
    known = crowd.known
    found = standings(models, models.scores(crowd.part), np.full(80, 8), 12, Rule(), known)
    assert (found.action[known >= 0] == Action.STOP).all()
    assert set(found.action) >= {Action.ASK, Action.STOP}
    later = standings(models, models.scores(crowd.part), np.full(80, 12), 12, Rule(), known)
    assert Action.ASK not in later.action


def test_one_class_no_gold_no_answers():
    one = Part(
        np.array([0, 2]), np.array([0, 1], np.int32), np.zeros(2, np.uint8), np.zeros(0, np.int32), 2, 1
    )
    models = refit(one)
    assert standings(models, models.scores(one), [2], 5, Rule()).action.tolist() == [Action.STOP]
    none = Part(
        np.zeros(3, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint8), np.zeros(0, np.int32), 2, 3
    )
    models = refit(none)
    found = standings(models, models.scores(none), [0, 0], 5, Rule())
    assert found.action.tolist() == [Action.ASK, Action.ASK]
    assert found.confidence == pytest.approx([1 / 3, 1 / 3])


@pytest.mark.parametrize("wrong", [{"least_gain": 0}, {"cost": 1}, {"sure": 2}, {"least": -1}, {"draws": 0}])
def test_a_rule_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match=r"is|lies"):
        Rule(**wrong)


def test_calibration_is_measured_on_gold_that_was_hidden():
    table, truth = made(tasks=60)
    crowd = read_crowd(table, truth.iloc[:30].to_dict())
    scores, true = held_out(crowd.part, folds=3)
    assert scores.shape == (3, 30, 3) and sorted(true) == sorted(crowd.known[crowd.known >= 0])
    diagram = reliability(refit(crowd.part).posterior(scores)[-1], true)
    assert diagram.count.sum() == 30 and 0 <= diagram.error < 0.3
    with pytest.raises(ValueError, match="known"):
        held_out(read_crowd(table).part)


def test_a_temperature_cools_what_is_too_sure_and_only_where_gold_is_plenty():
    chance = np.random.default_rng(0)
    honest = chance.normal(0, 2, (2000, 1)) * [[1.0, -1.0]] / 2
    true = (chance.random(2000) > 1 / (1 + np.exp(honest[:, 1] - honest[:, 0]))).astype(int)
    found = temperatures(np.stack([honest, 3 * honest, honest / 3]), true)
    assert found == pytest.approx([1, 3, 1], abs=0.5)
    assert temperatures(3 * honest[None, :50], true[:50]).tolist() == [1.0]
    models = coin(0.8).tempered([2.0])
    assert models.posterior(np.array([[2.0, 0.0]])) == pytest.approx(
        coin(0.8).posterior(np.array([[1.0, 0.0]]))
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 5), st.integers(0, 10_000), st.booleans())
def test_numpy_alone_fits_what_the_kernels_fit(classes, seed, golden):
    chance = np.random.default_rng(seed)
    tasks, workers = 40, 6
    task, worker = (each.ravel() for each in np.meshgrid(np.arange(tasks), np.arange(workers), indexing="ij"))
    kept = chance.random(task.size) < 0.5
    known = np.where(golden & (chance.random(tasks) < 0.3), chance.integers(0, classes, tasks), -1)
    part = part_of(
        task[kept],
        worker[kept],
        chance.integers(0, classes, kept.sum()),
        known,
        workers=workers,
        classes=classes,
    )
    for method in (OneCoin(), IBCC(shrinkage=5.0), IBCC(shrinkage=7.0, by_skill=True), IBCC()):
        plain, compiled = (
            method.infer(crowd_of_codes(replace(part, compiled=compiled))) for compiled in (False, True)
        )
        assert len(plain.loss_history) == len(compiled.loss_history)
        for name in ("posterior", "priors", "skills", "errors", "loss_history"):
            np.testing.assert_allclose(getattr(plain, name), getattr(compiled, name), atol=1e-9)


def test_as_many_answers_are_asked_for_as_can_turn_the_result():
    models, scores = coin(0.8), np.log([[[0.8, 0.2]]])
    found = standings(models, scores, [1], [9], Rule(sure=0.95, least=1))
    assert (found.action[0], found.more[0]) == (Action.ASK, 2)  # one more can only make a tie
    assert found.least_sure[0] == pytest.approx(0.8)
    assert standings(models, scores, [1], [2], Rule(sure=0.9, least=1)).more[0] == 0
    assert standings(models, scores, [0], [9], Rule()).more[0] >= 2  # the least come first
