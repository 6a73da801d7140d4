"""The double-entry book: accounts and transfers. Knows nothing of work."""
