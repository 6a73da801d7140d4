"""What a task shows and asks, and what an answer may be."""
