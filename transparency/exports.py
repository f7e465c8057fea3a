"""Tables as CSV files; see `kernel.csv_files`."""

from kernel.csv_files import csv_file, harmless

__all__ = ["csv_file", "harmless"]
