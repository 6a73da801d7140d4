"""The rooms, highest first: see docs/architecture.md."""
