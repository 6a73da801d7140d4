"""Doing it: tasks, assignments, answers."""
