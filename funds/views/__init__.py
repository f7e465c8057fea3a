"""Pages of donors' money."""
