"""Qualifications: what a worker holds, and the entry tests that grant it."""
