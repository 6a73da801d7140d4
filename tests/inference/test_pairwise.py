"""Scores from comparisons against closed forms, published figures and plain reference implementations."""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagwerk.inference.pairwise import BradleyTerry, Davidson, NoisyBradleyTerry, logit
from tagwerk.inference.pairwise.comparisons import count

# Agresti, Categorical Data Analysis (2002), table 10.10: the American League's eastern division in 1987, home team
# against each other team in the order of the list: games won at home and lost at home
TEAMS = ["Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore"]
SEASON = """43 42 43 61 42 60  33 42 43 60 61 43  25 43 24 43 42 60  33 51 25 43 42 61  51 25 33 42 52 60
25 33 34 43 42 24  25 15 16 24 16 34"""


def games(left, right, wins, losses, ties=0):
    return [
        (left, right, name) for name, n in ((left, wins), (right, losses), ("tie", ties)) for _ in range(n)
    ]


def table(rows, worker="one"):
    left, right, label = map(list, zip(*rows, strict=True))
    return {"worker": [worker] * len(rows), "left": left, "right": right, "label": label}


def season():
    rows, scores = [], iter(SEASON.split())
    for home in TEAMS:
        for away in TEAMS:
            if away != home:
                rows += games(home, away, *map(int, next(scores)))
    return table(rows)


def simulated(items, count_, seed=0, ties=False):
    rng = np.random.default_rng(seed)
    strength = rng.normal(size=items)
    rows = []
    for _ in range(count_):
        i, j = rng.choice(items, 2, replace=False).tolist()
        won = i if rng.random() < 1 / (1 + math.exp(strength[j] - strength[i])) else j
        rows.append((i, j, "tie" if ties and rng.random() < 0.3 else won))
    return table(rows), strength


def zermelo(labels, rounds=20_000):
    """Hunter's (2004) minorisation-maximisation, whose fixed point is the maximum of the likelihood."""
    items = sorted(set(labels["left"]) | set(labels["right"]))
    worth = dict.fromkeys(items, 1.0)
    met = list(zip(labels["left"], labels["right"], labels["label"], strict=True))
    pairs = {}
    for left, right, _ in met:
        pairs[left, right] = pairs.get((left, right), 0) + 1
    won = {item: sum(name == item for *_, name in met) for item in items}
    for _ in range(rounds):
        shares = dict.fromkeys(items, 0.0)
        for (left, right), n in pairs.items():
            for item in (left, right):
                shares[item] += n / (worth[left] + worth[right])
        new = {item: won[item] / shares[item] for item in items}
        total = sum(new.values())
        new = {item: value / total for item, value in new.items()}
        if max(abs(new[item] - worth[item]) for item in items) < 1e-15:
            break
        worth = new
    return new


def test_the_published_example_without_home_advantage():
    model = BradleyTerry(prior=0).fit(season())
    relative = {team: model.strengths_[team] - model.strengths_["Baltimore"] for team in TEAMS}
    assert [round(relative[team], 2) for team in TEAMS] == [1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0.0]
    covariance = model.covariance()
    var = [
        covariance[team][team] + covariance["Baltimore"]["Baltimore"] - 2 * covariance[team]["Baltimore"]
        for team in TEAMS[:-1]
    ]
    assert np.sqrt(var) == pytest.approx([0.3] * 6, abs=0.05)


def test_the_published_example_with_home_advantage():
    model = BradleyTerry(prior=0, position=True).fit(season())
    assert round(model.position_, 3) == 0.302
    assert round(model.position_error_, 2) == 0.13
    assert sorted(round(p, 3) for p in model.scores_.values()) == [
        0.044, 0.088, 0.137, 0.157, 0.164, 0.190, 0.220,
    ]  # fmt: skip


@given(st.integers(1, 30), st.integers(1, 30))
def test_two_items_have_a_closed_form(wins, losses):
    model = BradleyTerry(prior=0).fit(table(games("a", "b", wins, losses)))
    assert model.scores_["a"] / model.scores_["b"] == pytest.approx(wins / losses, rel=1e-9)
    assert model.covariance()["a"]["a"] == pytest.approx((1 / wins + 1 / losses) / 4, rel=1e-6)
    assert model.converged_ and model.position_ == 0.0


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 30))
def test_two_items_with_ties_have_a_closed_form(wins, losses, ties):
    model = Davidson(prior=0).fit(table(games("a", "b", wins, losses, ties)))
    assert model.scores_["a"] / model.scores_["b"] == pytest.approx(wins / losses, rel=1e-9)
    assert model.tie_strength_ == pytest.approx(ties / math.sqrt(wins * losses), rel=1e-9)


def test_scores_are_those_of_the_reference_to_nine_places():
    labels, _ = simulated(8, 400)
    wanted = zermelo(labels)
    found = BradleyTerry(prior=0).fit(labels)
    assert found.scores_ == pytest.approx(wanted, abs=1e-9)
    assert found.loss_history_ == sorted(found.loss_history_)


def test_a_long_chain_converges():
    """Where each item met only its neighbours, minorisation needs millions of rounds."""
    rows = [row for i in range(300) for row in games(i, i + 1, 2, 1)]
    model = BradleyTerry(prior=0).fit(table(rows))
    strengths = np.array([model.strengths_[i] for i in range(301)])
    assert model.converged_ and np.diff(strengths) == pytest.approx(-math.log(2), abs=1e-8)


def test_more_iterations_change_nothing_and_few_are_said_not_to_be_enough():
    # crowd-kit 1.4.2 compares an array with itself, and stops after two rounds whatever is asked for
    labels, _ = simulated(20, 300)
    short, long = (BradleyTerry(n_iter=n).fit(labels) for n in (1, 1000))
    assert not short.converged_ and long.converged_ and long.n_iter_ < 12
    assert short.scores_ != pytest.approx(long.scores_, abs=1e-4)


@pytest.mark.parametrize("prior", [0.0, 0.3])
@pytest.mark.parametrize("ties", [False, True])
def test_the_gradient_is_that_of_the_loss(ties, prior):
    rng = np.random.default_rng(1)
    left, right, outcome = (rng.integers(0, n, 60).astype(np.int32) for n in (4, 3, 3 if ties else 2))
    pairs = count(left, (left + 1 + right) % 4, outcome, 4, ordered=True)
    data = (pairs.left, pairs.right, pairs.left_wins, pairs.right_wins, pairs.ties)
    point = rng.normal(size=6)

    def value(x):
        return logit.loss(*data, x, ties, prior)[0]

    slope = [(value(point + h) - value(point - h)) / 2e-6 for h in 1e-6 * np.eye(6)]
    gradient = logit.loss(*data, point, ties, prior)[1]
    assert gradient == pytest.approx(slope, abs=1e-6)
    terms = logit.Terms(True, ties, prior)
    bent = [
        (logit.loss(*data, point + h, ties, prior)[1] - logit.loss(*data, point - h, ties, prior)[1]) / 2e-5
        for h in 1e-5 * np.eye(6)
    ]
    if prior:
        size = 6 if ties else 5
        centre = np.eye(6)
        centre[:4, :4] -= 0.25
        wanted = np.zeros((6, 6))
        wanted[:size, :size] = np.linalg.inv(np.array(bent)[:size, :size])
        assert logit.covariance(pairs, point, terms) == pytest.approx(centre @ wanted @ centre.T, abs=1e-6)


def test_ties_are_half_or_nothing_or_modelled():
    labels = table(games("a", "b", 6, 2, 4))
    halves = BradleyTerry(prior=0).fit(labels)
    assert halves.scores_["a"] == pytest.approx(8 / 12)
    assert BradleyTerry(prior=0, ties="drop").fit(labels).scores_["a"] == pytest.approx(6 / 8)
    assert Davidson(prior=0).fit(table(games("a", "b", 6, 2))).tie_strength_ == 0.0
    named = {**labels, "label": [None if x == "tie" else x for x in labels["label"]]}
    with pytest.raises(ValueError, match="no value"):
        BradleyTerry().fit(named)
    renamed = {**labels, "label": ["=" if x == "tie" else x for x in labels["label"]]}
    assert BradleyTerry(prior=0, tie_label="=").fit(renamed).scores_ == halves.scores_
    with pytest.raises(ValueError, match="tie_label"):
        BradleyTerry().fit(renamed)


def test_who_never_lost_is_refused_without_a_prior_and_bounded_with_one():
    labels = table(games("a", "b", 5, 0) + games("b", "c", 2, 2))
    with pytest.raises(ValueError, match="prior"):
        BradleyTerry(prior=0).fit(labels)
    model = BradleyTerry().fit(labels)
    assert model.converged_ and 0.5 < model.scores_["a"] < 1
    # an item that met nobody of the others is left where the prior has it
    apart = BradleyTerry().fit(table(games("a", "b", 3, 1) + games("c", "d", 1, 1)))
    assert apart.strengths_["c"] == pytest.approx(apart.strengths_["d"])


@pytest.mark.parametrize("options", [{"ties": "model"}, {"prior": -1}])
def test_options_that_mean_nothing_are_refused(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        BradleyTerry(**options)
    with pytest.raises(ValueError, match="prior"):
        NoisyBradleyTerry(prior=0)


def test_an_item_is_not_compared_with_itself_and_no_rows_are_refused():
    for labels, why in (
        (table([("a", "a", "a")]), "itself"),
        ({"left": [], "right": [], "label": []}, "no rows"),
    ):
        with pytest.raises(ValueError, match=why):
            BradleyTerry().fit(labels)


def test_the_ranking_shows_what_may_be_chance():
    rows = games("a", "b", 12, 10) + games("a", "c", 40, 2) + games("b", "c", 39, 3)
    found = BradleyTerry().fit(table(rows)).ranking()
    assert found["item"] == ["a", "b", "c"] and found["rank"] == [1, 2, 3]
    assert found["best_rank"] == [1, 1, 3] and found["worst_rank"] == [2, 2, 3] and found["tied"] == [1, 1, 0]
    assert all(
        low < x < high for low, x, high in zip(found["low"], found["strength"], found["high"], strict=True)
    )
    wider = BradleyTerry().fit(table(rows)).ranking(confidence=0.999999)
    assert wider["high"][0] > found["high"][0]
    with pytest.raises(ValueError, match="confidence"):
        BradleyTerry().fit(table(rows)).ranking(confidence=95)


def test_rank_intervals_cover_the_true_ranks():
    covered = []
    for seed in range(20):
        labels, strength = simulated(6, 200, seed=seed)
        found = BradleyTerry().fit(labels).ranking(confidence=0.8)
        true = {int(i): place + 1 for place, i in enumerate(np.argsort(-strength))}
        bounds = zip(found["item"], found["best_rank"], found["worst_rank"], strict=True)
        covered += [best <= true[item] <= worst for item, best, worst in bounds]
    assert np.mean(covered) >= 0.8


@settings(deadline=None, max_examples=30)
@given(st.randoms(), st.sampled_from([BradleyTerry(), Davidson(), BradleyTerry(position=True)]))
def test_no_order_and_no_name_matters(chance, model):
    labels, _ = simulated(5, 60, ties=True)
    before = {name: list(column) for name, column in labels.items()}
    found = model.fit(labels).scores_
    assert labels == before
    rows = list(zip(labels["left"], labels["right"], labels["label"], strict=True))
    chance.shuffle(rows)
    assert model.fit(table(rows)).scores_ == found  # bit for bit
    renamed = [tuple("tie" if x == "tie" else f"{9 - x} apples" for x in row) for row in rows]
    other = model.fit(table(renamed)).scores_
    assert other == pytest.approx({f"{9 - item} apples": score for item, score in found.items()}, abs=1e-9)
    if not model.position:
        swapped = table([(right, left, label) for left, right, label in rows])
        assert model.fit(swapped).scores_ == found
    doubled = Davidson(prior=0).fit(table(rows * 2)).scores_
    assert doubled == pytest.approx(Davidson(prior=0).fit(table(rows)).scores_, abs=1e-9)


def test_tables_come_back_as_they_came_and_models_can_be_kept():
    pandas = pytest.importorskip("pandas")
    labels, _ = simulated(5, 80)
    model = BradleyTerry().fit(pandas.DataFrame(labels))
    assert model.scores_.index.name == "label" and model.scores_.sum() == pytest.approx(1)
    ranking = model.ranking()
    assert ranking.index.name == "item" and ranking.loc[ranking.index[0], "rank"] == 1
    again = pickle.loads(pickle.dumps(model))
    assert (again.covariance() == model.covariance()).all(axis=None)
