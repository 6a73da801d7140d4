"""Pages of this group."""
