"""Who may do what in committees, with reasons; one rule for each event."""

from committees.rules import calculations, cases, committees, meetings, panels, scoring, votes, waiting

__all__ = ["calculations", "cases", "committees", "meetings", "panels", "scoring", "votes", "waiting"]
