"""Reading calls, applications, grants and reports."""

from grants.selectors.review import ReviewContent, review_content

__all__ = ["ReviewContent", "review_content"]
