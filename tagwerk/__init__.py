"""tagwerk: an open, self-hosted human-data platform."""
