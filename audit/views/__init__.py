"""Pages and files of the log."""
