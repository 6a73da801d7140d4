"""Pages of those who order work."""
