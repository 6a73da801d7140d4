"""Real comparisons with ties: llmfao (Ustalov 2023), answers of language models judged by a crowd and by GPT-4."""

import numpy as np
import pytest

from tagwerk.inference import BradleyTerry, Davidson, NoisyBradleyTerry
from tests.inference.crowds import public


@pytest.fixture(scope="module")
def crowd():
    labels, verdicts = public("llmfao")
    pairs = labels[["task", "left", "right"]].drop_duplicates("task").set_index("task")
    reference = BradleyTerry().fit(pairs.join(verdicts).reset_index()).strengths_
    return labels, reference


def likeness(model, reference):
    """Spearman's correlation with the scores from the verdicts of GPT-4."""
    return float(np.corrcoef(model.strengths_.rank(), reference.reindex(model.strengths_.index).rank())[0, 1])


def test_the_crowd_ranks_as_the_reference_does(crowd):
    labels, reference = crowd
    plain, tied, noisy = (model.fit(labels) for model in (BradleyTerry(), Davidson(), NoisyBradleyTerry()))
    assert all(model.converged_ for model in (plain, tied, noisy))
    assert likeness(plain, reference) == pytest.approx(0.73, abs=0.01)
    assert likeness(tied, reference) == pytest.approx(0.73, abs=0.01)
    assert likeness(noisy, reference) > likeness(plain, reference) + 0.02


def test_ties_and_what_may_be_chance(crowd):
    labels, _ = crowd
    model = Davidson().fit(labels)
    share = (labels.label == "tie").mean()
    assert model.tie_strength_ / (2 + model.tie_strength_) == pytest.approx(share, abs=0.05)
    ranking = model.ranking()
    assert ranking.index[0] == "GPT 4" and ranking.best_rank.iloc[0] == 1 < ranking.worst_rank.iloc[0]
    assert ranking.tied.median() > 10 and ranking.best_rank.iloc[-1] > 10
    left = BradleyTerry(position=True).fit(labels)
    assert 0 < left.position_ < 0.2 and left.position_ > 2 * left.position_error_
