"""Texts from many workers: voted on word by word (ROVER), or the one nearest to all (Medoid)."""

from tagwerk.inference.text.medoid import Medoid
from tagwerk.inference.text.rover import ROVER

__all__ = ["ROVER", "Medoid"]
