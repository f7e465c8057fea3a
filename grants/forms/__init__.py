"""Forms of calls, applications, grants and reports."""
