"""The models one by one: against readable references, closed forms and finite differences; and split into parts."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.inference import EBCC, GLAD, IBCC, MACE, OneCoin
from tagwerk.inference.bayes import Belief, confusion_prior
from tagwerk.inference.crowd import read_crowd
from tagwerk.inference.dirichlet import digamma, expected_logs
from tagwerk.inference.exponential import exponentials
from tagwerk.inference.glad import glad_pass
from tagwerk.inference.mace import Habits
from tagwerk.inference.passes import count_pass, shares_pass, votes_pass
from tests.inference.crowds import made


def table_of(frame):
    """Task × worker × label, 1 where it was said."""
    codes = [np.unique(frame[name], return_inverse=True)[1] for name in ("task", "worker", "label")]
    said = np.zeros([code.max() + 1 for code in codes])
    said[tuple(codes)] = 1
    return said


def softmax(scores):
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return likely / likely.sum(axis=1, keepdims=True)


def test_one_coin_is_what_the_paper_says():
    frame, _ = made(classes=3)
    said = table_of(frame)
    posterior = said.sum(axis=1) / said.sum(axis=(1, 2))[:, None]
    for _ in range(30):
        skills = (np.einsum("twk,tk->w", said, posterior) + 4) / (said.sum(axis=(0, 2)) + 6)
        right = np.einsum("twk,w->tk", said, np.log(skills))
        wrong = np.einsum("tw,w->t", said.sum(axis=2), np.log((1 - skills) / 2))[:, None]
        posterior = softmax(right + wrong - np.einsum("twk,w->tk", said, np.log((1 - skills) / 2)))
    model = OneCoin(n_iter=30, tol=-1.0).fit(frame)
    assert model.probas_.to_numpy() == pytest.approx(posterior, abs=1e-9)
    assert model.errors_.loc["w3"].to_numpy() == pytest.approx(
        np.where(np.eye(3) > 0, model.skills_["w3"], (1 - model.skills_["w3"]) / 2)
    )


def test_ibcc_is_what_the_paper_says():
    frame, _ = made(classes=3)
    said = table_of(frame)
    psi = np.vectorize(digamma)
    posterior = said.sum(axis=1) / said.sum(axis=(1, 2))[:, None]
    for _ in range(20):
        counts = np.einsum("twl,tk->wlk", said, posterior) + 1 + 3 * np.eye(3)
        classes = posterior.sum(axis=0) + 1
        logs = psi(counts) - psi(counts.sum(axis=1, keepdims=True))
        posterior = softmax(psi(classes) - psi(classes.sum()) + np.einsum("twl,wlk->tk", said, logs))
    model = IBCC(n_iter=20, tol=-1.0).fit(frame)
    assert model.probas_.to_numpy() == pytest.approx(posterior, abs=1e-9)


def test_ibcc_of_a_common_prior_is_what_it_says():
    frame, _ = made(classes=3)
    said = table_of(frame)
    psi, i = np.vectorize(digamma), np.arange(3)
    posterior = said.sum(axis=1) / said.sum(axis=(1, 2))[:, None]
    for _ in range(12):
        counts = np.einsum("twl,tk->wlk", said, posterior)
        common = counts.sum(axis=0) + 0.5 + 1.5 * np.eye(3)
        common /= common.sum(axis=0)
        right, answered = counts[:, i, i].sum(axis=1), counts.sum(axis=(1, 2))
        usual = counts.sum(axis=1) @ common[i, i]
        mean = (right.sum() + 2) / (answered.sum() + 3)
        own, theirs = ((some + 7 * mean) / (answered - some + 7 * (1 - mean)) for some in (right, usual))
        prior = common * np.where(np.eye(3) > 0, (own / theirs)[:, None, None], 1.0)
        mass = counts + 7 * prior / prior.sum(axis=1, keepdims=True)
        classes = posterior.sum(axis=0) + 1
        logs = psi(mass) - psi(mass.sum(axis=1, keepdims=True))
        posterior = softmax(psi(classes) - psi(classes.sum()) + np.einsum("twl,wlk->tk", said, logs))
    model = IBCC(n_iter=12, tol=-1.0, shrinkage=7.0, by_skill=True).fit(frame)
    assert model.probas_.to_numpy() == pytest.approx(posterior, abs=1e-9)


def test_a_common_prior_outweighs_all_that_a_worker_does():
    frame, _ = made(classes=3)
    found = IBCC(shrinkage=1e9).fit(frame).errors_
    assert found.loc["w3"].to_numpy() == pytest.approx(found.loc["w1"].to_numpy(), abs=1e-6)
    of_skill = IBCC(shrinkage=30.0, by_skill=True).fit(frame)
    skills = of_skill.skills_
    assert skills.max() - skills.min() > 0.05


def test_ebcc_with_one_subtype_is_ibcc():
    frame, _ = made()
    one, plain = EBCC(n_groups=1, n_iter=30, tol=-1.0).fit(frame), IBCC(n_iter=30, tol=-1.0).fit(frame)
    assert one.probas_.to_numpy() == pytest.approx(plain.probas_.to_numpy(), abs=1e-9)
    assert one.loss_history_ == pytest.approx(plain.loss_history_, abs=1e-9)
    assert one.errors_.to_numpy() == pytest.approx(plain.errors_.to_numpy(), abs=1e-9)


def test_the_highest_bound_of_several_beginnings_is_kept():
    frame, _ = made(per_task=3, seed=4)
    for make in (lambda n: EBCC(n_restarts=n, n_groups=3), lambda n: MACE(n_restarts=n)):
        one, five = make(1).fit(frame), make(5).fit(frame)
        assert five.loss_history_[-1] >= one.loss_history_[-1]
    begun = [MACE(n_restarts=1, random_state=seed).fit(frame).loss_history_[0] for seed in range(4)]
    assert len(set(begun)) == 4


def test_mace_is_what_the_paper_says():
    frame, _ = made(classes=3)
    said = table_of(frame)
    part = read_crowd(frame).part
    counted = said.sum(axis=0)
    habits = Habits(counted, MACE(method="em"), np.random.default_rng(0))
    knowing, strategies = habits.probabilities()
    for _ in range(5):
        by_habit = (1 - knowing)[:, None] * strategies
        likely = np.einsum("twl,wlk->twk", said, by_habit[:, :, None] + knowing[:, None, None] * np.eye(3))
        joint = np.where(said.any(axis=2)[:, :, None], likely, 1).prod(axis=1) / 3
        posterior = joint / joint.sum(axis=1, keepdims=True)
        found = np.zeros_like(posterior)
        sums = habits.expect(part, found)
        assert found == pytest.approx(posterior, abs=1e-9)
        if _ == 0:
            assert habits.bound(sums) == pytest.approx(np.log(joint.sum(axis=1)).sum())
        habits.learn(sums)
        # the share of each label that was known rather than said by habit
        share = knowing[:, None] / (by_habit + knowing[:, None])
        known = np.einsum("twl,tl,wl->wl", said, posterior, share)
        masses = np.stack([(counted - known).sum(axis=1), known.sum(axis=1)], axis=1) + 0.01 / 3
        knowing = masses[:, 1] / masses.sum(axis=1)
        strategies = counted - known + 0.01 / 3
        strategies /= strategies.sum(axis=1, keepdims=True)
        assert habits.probabilities()[1] == pytest.approx(strategies)


def test_mace_finds_who_answers_by_habit():
    frame, _ = made(tasks=200, per_task=6)
    lazy = frame.assign(label=frame["label"].where(frame["worker"] != "w1", 2))
    model = MACE().fit(lazy)
    assert model.skills_.idxmin() == "w1" and model.skills_["w1"] < 0.1
    assert model.strategies_.loc["w1", 2] > 0.7


def expected_log_posterior(part, alpha, clarity):
    """Of GLAD, from the definition: the log-likelihood of the labels and both priors."""
    posterior, steps = np.zeros((part.tasks, part.classes)), clarity.copy()
    sums = glad_pass(part, alpha, steps, 1.0, posterior)
    return sums.log_likelihood - 0.5 * ((alpha - 1) ** 2).sum()


def test_glad_likelihood_is_that_of_its_definition():
    frame, _ = made(tasks=8, classes=3)
    part = read_crowd(frame).part
    chance = np.random.default_rng(0)
    alpha, clarity = chance.normal(1, 1, part.workers), chance.normal(1, 1, part.tasks)
    x = np.einsum("w,t->tw", alpha, np.exp(clarity))[:, :, None, None]
    sure = 1 / (1 + np.exp(-x))
    likely = np.where(np.eye(3)[None, None] > 0, sure, (1 - sure) / 2)
    said = table_of(frame)
    joint = (
        np.where(said.any(axis=2)[:, :, None], np.einsum("twl,twlk->twk", said, likely), 1).prod(axis=1) / 3
    )
    value = (
        np.log(joint.sum(axis=1)).sum() - 0.5 * ((clarity - 1) ** 2).sum() - 0.5 * ((alpha - 1) ** 2).sum()
    )
    assert expected_log_posterior(part, alpha, clarity) == pytest.approx(value)


def test_glad_gradient_is_that_of_finite_differences():
    frame, _ = made(tasks=8)
    part = read_crowd(frame, {"t1": 1}).part
    chance = np.random.default_rng(0)
    alpha, clarity = chance.normal(1, 1, part.workers), chance.normal(1, 1, part.tasks)
    # where the tasks' step has converged, the sums are the gradient at that very point
    posterior = np.zeros((part.tasks, part.classes))
    for _ in range(300):
        sums = glad_pass(part, alpha, clarity, 1.0, posterior)
    gradient = sums.counts[:, 0] - (alpha - 1)
    for at in range(part.workers):
        step = np.eye(part.workers)[at] * 1e-5
        difference = expected_log_posterior(part, alpha + step, clarity) - expected_log_posterior(
            part, alpha - step, clarity
        )
        assert gradient[at] == pytest.approx(difference / 2e-5, abs=1e-5)
    for at in range(part.tasks):  # and the tasks' clarity is a maximum
        step = np.eye(part.tasks)[at] * 1e-5
        difference = expected_log_posterior(part, alpha, clarity + step) - expected_log_posterior(
            part, alpha, clarity - step
        )
        assert difference / 2e-5 == pytest.approx(0.0, abs=1e-5)


def test_glad_knows_hard_tasks():
    frame, _ = made(tasks=100, per_task=8)
    split = frame.groupby("task")["label"].agg(lambda said: said.value_counts(normalize=True).iloc[0])
    model = GLAD().fit(frame)
    assert np.corrcoef(model.betas_.loc[split.index], split)[0, 1] > 0.6
    assert set(model.alphas_.index) == set(frame["worker"])


@pytest.mark.parametrize("bounds", [[0, 7, 60], list(range(61))])
def test_any_split_into_parts_gives_the_same(bounds):
    frame, _ = made()
    part = read_crowd(frame, {"t3": 1}).part
    chance = np.random.default_rng(1)
    weights, alpha, clarity = (
        chance.random((part.workers, 3)),
        chance.random(part.workers),
        np.ones(part.tasks),
    )
    runs = {
        "votes": lambda one, posterior, rows: votes_pass(one, weights, np.log([0.2, 0.3, 0.5]), posterior),
        "glad": lambda one, posterior, rows: glad_pass(one, alpha, clarity[rows], 1.0, posterior),
    }
    for run in runs.values():
        clarity[:] = 1.0
        whole = np.zeros((part.tasks, part.classes))
        expected = run(part, whole, slice(None))
        clarity[:] = 1.0
        pieces = np.zeros_like(whole)
        slices = [slice(first, last) for first, last in pairwise(bounds)]
        found = [run(one, pieces[rows], rows) for one, rows in zip(part.split(bounds), slices, strict=True)]
        assert pieces == pytest.approx(whole, abs=1e-9)
        assert sum(one.counts for one in found) == pytest.approx(expected.counts, abs=1e-9)
        assert sum(one.states for one in found) == pytest.approx(expected.states, abs=1e-9)
        assert sum(one.log_likelihood for one in found) == pytest.approx(expected.log_likelihood, abs=1e-9)


def test_a_belief_may_be_learnt_in_parts():
    frame, _ = made()
    part = read_crowd(frame).part
    posterior = np.zeros((part.tasks, part.classes))
    shares_pass(part, np.ones(part.workers), posterior)
    belief = Belief(confusion_prior(3, 1, 4.0, 1.0), np.ones(3), 1)
    belief.learn(count_pass(part, posterior))
    whole = belief.expect(part, posterior)
    parts = [belief.expect(one, np.zeros((one.tasks, 3))) for one in part.split([0, 20, 60])]
    assert (parts[0] + parts[1]).counts == pytest.approx(whole.counts, abs=1e-9)


def test_digamma_at_known_places():
    euler = 0.5772156649015329
    assert digamma(1.0) == pytest.approx(-euler, abs=1e-13)
    assert digamma(0.5) == pytest.approx(-euler - 2 * math.log(2), abs=1e-13)
    assert digamma(100.0) == pytest.approx(sum(1 / n for n in range(1, 100)) - euler, abs=1e-13)


@given(st.lists(st.floats(1e-3, 1e3), min_size=2, max_size=4), st.floats(0.1, 5))
def test_divergence_of_dirichlet_distributions_is_that_of_its_definition(masses, prior):
    masses = np.array(masses)
    logs, apart = expected_logs(masses, np.full(len(masses), prior))
    after = masses + prior
    assert (np.exp(logs) <= after / after.sum()).all()
    density = math.lgamma(after.sum()) - sum(map(math.lgamma, after)) + (after - 1) @ logs
    before = math.lgamma(prior * len(masses)) - len(masses) * math.lgamma(prior) + (prior - 1) * logs.sum()
    assert apart == pytest.approx(density - before, rel=1e-9, abs=1e-8) and apart >= 0


def test_the_exponential_is_exact_to_the_last_bits():
    numbers = -np.concatenate([np.random.default_rng(0).exponential(30, 10_000), [0.0, 1e-300, 708.0]])
    found = numbers.copy()
    exponentials(found)
    assert found == pytest.approx(np.exp(numbers), rel=5e-16)
    far = np.array([-1e5, -np.inf])
    exponentials(far)
    assert (far < 1e-307).all()
