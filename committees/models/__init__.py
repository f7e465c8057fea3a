"""Committees, their panels on calls, conflicts, scorecards, meetings, votes and decisions."""

from committees.models.appeals import Appeal, AppealEvidence, AppealPanelist, AppealVote
from committees.models.calculations import AssignmentProposal, ComputedFacts, Expertise, ProposalChange
from committees.models.cases import ConflictCase, ConflictFinding, Reopening
from committees.models.concepts import ConceptScore
from committees.models.meetings import AgendaItem, Attendance, Decision, Meeting, MinutesSignature, Vote
from committees.models.panels import Assignment, ConflictDeclaration, Panel, Recusal, Score, Scorecard
from committees.models.rapid import Alert, AlertDeclaration, AlertVote, OnCall, Rota
from committees.models.seats import Committee, Seat
from committees.models.waiting import WaitingProposal

__all__ = [
    "AgendaItem",
    "Alert",
    "AlertDeclaration",
    "AlertVote",
    "Appeal",
    "AppealEvidence",
    "AppealPanelist",
    "AppealVote",
    "Assignment",
    "AssignmentProposal",
    "Attendance",
    "Committee",
    "ComputedFacts",
    "ConceptScore",
    "ConflictCase",
    "ConflictDeclaration",
    "ConflictFinding",
    "Decision",
    "Expertise",
    "Meeting",
    "MinutesSignature",
    "OnCall",
    "Panel",
    "ProposalChange",
    "Recusal",
    "Reopening",
    "Rota",
    "Score",
    "Scorecard",
    "Seat",
    "Vote",
    "WaitingProposal",
]
