"""Writing calls, applications, grants and reports."""
