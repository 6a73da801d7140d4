"""Comparisons of pairs: scores of items, with ties, intervals, ranks, and the reliability of workers."""

from tagwerk.inference.pairwise.bradley_terry import BradleyTerry, Davidson
from tagwerk.inference.pairwise.noisy import NoisyBradleyTerry, position_bias

__all__ = ["BradleyTerry", "Davidson", "NoisyBradleyTerry", "position_bias"]
