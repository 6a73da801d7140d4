"""Simulated people of known accuracy, speed and habits; use only the client."""
