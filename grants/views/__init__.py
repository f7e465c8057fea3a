"""Pages of calls, applications, grants and reports."""
