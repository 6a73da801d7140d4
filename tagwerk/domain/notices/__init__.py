"""Telling people and programs: inbox, e-mail, webhooks."""
