"""Measurements of the running platform, each a ratio of two things measured side by side in one run."""
