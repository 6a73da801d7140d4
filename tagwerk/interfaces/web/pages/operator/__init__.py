"""Pages of those who run the instance."""
