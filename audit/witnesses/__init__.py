"""Witnesses from the log's side: asking them, taking in what they signed, and saying how things stand."""
