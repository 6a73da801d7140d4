"""Who is right: gold, judging, agreement, how many answers are enough."""
