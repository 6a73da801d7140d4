"""Talking about work: one thread per task."""
