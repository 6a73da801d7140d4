"""How we reach out: one folder per outside thing."""
