"""Talking about work: threads with workers, notes among members."""
