"""Numbers from many workers: a model of each one's bias and spread, and a median that cannot be pulled."""

from tagwerk.inference.numeric.gaussian import Gaussian
from tagwerk.inference.numeric.median import RobustMedian

__all__ = ["Gaussian", "RobustMedian"]
