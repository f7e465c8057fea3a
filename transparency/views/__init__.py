"""Pages of the transparency app."""
