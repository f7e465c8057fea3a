"""Pages of committees, by subject."""
