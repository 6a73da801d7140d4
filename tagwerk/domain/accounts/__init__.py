"""People, organisations, roles, API keys, consent."""
