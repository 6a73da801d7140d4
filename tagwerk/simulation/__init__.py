"""Simulated people of known accuracy, speed and habits. They work through the API like anybody else.

from tagwerk.simulation import Workforce, data_digest

truths = {data_digest(row): row["_truth"] for row in rows}
report = Workforce(url, keys, truths, mix={"good": 3, "spammer": 1}, seed=7).run()
"""

from tagwerk.client import data_digest
from tagwerk.simulation.habits import CHARACTERS, HABITS, USUAL_MIX, Habit
from tagwerk.simulation.workforce import Done, Report, Workforce

__all__ = ["CHARACTERS", "HABITS", "USUAL_MIX", "Done", "Habit", "Report", "Workforce", "data_digest"]
