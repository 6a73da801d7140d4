"""The Python client of tagwerk's API; imports nothing else of tagwerk."""
