"""Who may do what in committees, with reasons; one rule for each event."""

from committees.rules import committees, meetings, panels, scoring, votes, waiting

__all__ = ["committees", "meetings", "panels", "scoring", "votes", "waiting"]
