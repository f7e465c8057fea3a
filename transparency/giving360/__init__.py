"""The released table by the 360Giving standard 1.4, as JSON and as the same table in CSV. Plain Python."""
