"""Reading calls, applications, grants and reports."""
