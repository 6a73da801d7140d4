"""tagwerk: an open, self-hosted human-data platform."""

__version__ = "0.1.0"
