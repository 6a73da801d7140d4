"""Money in and out of the house: deposits."""
