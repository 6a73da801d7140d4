"""What is ordered: project, design, pay, audience, budget, media."""
