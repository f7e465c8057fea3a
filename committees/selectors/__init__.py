"""All reading of committees, by subject; each starts from who asks."""

from committees.selectors import committees, meetings, panels, ranking, scores

__all__ = ["committees", "meetings", "panels", "ranking", "scores"]
