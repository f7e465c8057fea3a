"""Who sees what of a committee's work, in which phase: one table, read by the rules and printed for people. Plain Python.

A cell is about one application, as seen by one person in one relation to it. ``docs/reference/who-sees-what.md`` is made from
this table, and a test walks every cell of it through HTTP: what the table denies shows no word of the application.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Phase(StrEnum):
    """How far a panel is: the values of its states, the meeting between them, and before all the stage of concept notes."""

    CONCEPTS = "concepts"
    ANSWERED = "answered"
    DECLARING = "declaring"
    SCORING = "scoring"
    DELIBERATING = "deliberating"
    MEETING = "meeting"
    CLOSED = "closed"


class Viewer(StrEnum):
    """Who looks, in relation to one application."""

    SCORER = "scorer"
    MEMBER = "member"
    OBSERVER = "observer"
    UNDECLARED = "undeclared member"
    RECUSED = "recused member"
    SUSPENDED = "suspended member"
    OFFICER = "programme officer"
    MANAGER = "fund manager"
    FINANCE = "finance officer"
    BOARD = "board member"
    AUDITOR = "auditor"
    DONOR = "donor's representative"
    APPLICANT = "applicant"
    RIVAL = "another applicant"
    STRANGER = "anybody else, signed in"


class Thing(StrEnum):
    """What can be seen, and in which format."""

    NAMES = "names of the applicant, to declare on (html)"
    LISTED = "the application in the panel's list (html)"
    CONTENT = "the application, to read (html)"
    NOTE = "the concept note, to read and judge (html)"
    FILE = "the application on the pages of grants (html)"
    OWN_SCORE = "one's own scorecard (html)"
    WORK = "the task in “my work” (html)"
    SCORES = "others' scorecards and the panel's mean (html)"
    RANKING = "the place in the ranking (html)"
    EXPORT = "the place in the ranking (csv)"
    SEARCH = "found by a search for its title (html)"
    REVIEWS = "a row of everything under review (html, csv, xlsx)"
    CONFLICTS = "who declared or was found in which conflict (html)"
    AGENDA = "its item on the agenda, by name (html)"
    ITEM = "its discussion, checks and vote (html)"
    MINUTES = "its item in the minutes (pdf)"


_V, _P, _T = Viewer, Phase, Thing
NOTES: Final = frozenset({_P.CONCEPTS, _P.ANSWERED})
"""The first stage of a call in two stages, until the full proposals are in."""
ALWAYS: Final = frozenset(Phase) - NOTES
AFTER_SCORING: Final = frozenset({_P.DELIBERATING, _P.MEETING, _P.CLOSED})
FROM_SCORING: Final = frozenset({_P.SCORING, *AFTER_SCORING})
IN_MEETING: Final = frozenset({_P.MEETING, _P.CLOSED})
BEFORE_DECISION: Final = ALWAYS - {_P.CLOSED}
MEMBERS: Final = frozenset({_V.SCORER, _V.MEMBER, _V.OBSERVER})
"""Who declared without conflict; nobody scores before the scoring, so a scorer is until then a member."""
OVERSEERS: Final = frozenset({_V.OFFICER, _V.MANAGER, _V.AUDITOR})


@dataclass(frozen=True, slots=True)
class Opening:
    """Some viewers see a thing in some phases."""

    thing: Thing
    viewers: frozenset[Viewer]
    phases: frozenset[Phase]


TABLE: Final = (
    Opening(_T.NAMES, MEMBERS | {_V.UNDECLARED}, frozenset({_P.CONCEPTS})),
    Opening(_T.LISTED, OVERSEERS | {_V.SCORER, _V.MEMBER}, frozenset({_P.CONCEPTS})),
    Opening(_T.NOTE, frozenset({_V.SCORER, _V.MEMBER}), frozenset({_P.CONCEPTS})),
    Opening(_T.FILE, frozenset({_V.SCORER, _V.MEMBER}), frozenset({_P.CONCEPTS})),
    Opening(_T.FILE, frozenset({_V.APPLICANT}), NOTES),
    Opening(_T.CONFLICTS, OVERSEERS, frozenset({_P.CONCEPTS})),
    Opening(_T.WORK, frozenset({_V.APPLICANT}), frozenset({_P.ANSWERED})),
    Opening(_T.NAMES, MEMBERS | {_V.UNDECLARED}, BEFORE_DECISION),
    Opening(_T.LISTED, OVERSEERS, ALWAYS),
    Opening(_T.LISTED, frozenset({_V.SCORER}), FROM_SCORING),
    Opening(_T.LISTED, MEMBERS, AFTER_SCORING),
    Opening(_T.CONTENT, OVERSEERS, ALWAYS),
    Opening(_T.CONTENT, frozenset({_V.SCORER}), FROM_SCORING),
    Opening(_T.CONTENT, frozenset({_V.MEMBER}), IN_MEETING),
    Opening(_T.FILE, OVERSEERS | {_V.FINANCE, _V.APPLICANT}, ALWAYS),
    Opening(_T.FILE, frozenset({_V.SCORER}), FROM_SCORING),
    Opening(_T.FILE, frozenset({_V.MEMBER}), IN_MEETING),
    Opening(_T.OWN_SCORE, frozenset({_V.SCORER}), FROM_SCORING),
    Opening(_T.WORK, frozenset({_V.SCORER}), frozenset({_P.SCORING})),
    Opening(_T.SCORES, OVERSEERS | {_V.SCORER}, AFTER_SCORING),
    Opening(_T.SCORES, frozenset({_V.MEMBER}), IN_MEETING),
    Opening(_T.RANKING, OVERSEERS | MEMBERS, AFTER_SCORING),
    Opening(_T.EXPORT, OVERSEERS | MEMBERS, AFTER_SCORING),
    Opening(_T.SEARCH, OVERSEERS | {_V.FINANCE}, ALWAYS),
    Opening(_T.REVIEWS, OVERSEERS, ALWAYS),
    Opening(_T.CONFLICTS, OVERSEERS, ALWAYS),
    Opening(_T.AGENDA, OVERSEERS | MEMBERS, IN_MEETING),
    Opening(_T.ITEM, OVERSEERS | MEMBERS, IN_MEETING),
    Opening(_T.MINUTES, OVERSEERS | MEMBERS, frozenset({_P.CLOSED})),
)


def sees(viewer: Viewer, thing: Thing, phase: Phase) -> bool:
    """Whether the table opens a thing to a viewer in a phase."""
    return any(one.thing is thing and viewer in one.viewers and phase in one.phases for one in TABLE)


def is_open(thing: Thing, state: str) -> bool:
    """Whether anybody at all may see a thing while a panel is in ``state``."""
    return any(one.thing is thing and Phase(state) in one.phases for one in TABLE)


_TITLES: Final = {
    _P.CONCEPTS: "In two stages: concept notes are judged",
    _P.ANSWERED: "In two stages: the concept note is answered, and was not invited",
    _P.DECLARING: "Declarations of conflicts",
    _P.SCORING: "Scoring",
    _P.DELIBERATING: "After the scoring, before a meeting is called",
    _P.MEETING: "Meeting, until it is closed",
    _P.CLOSED: "Decided",
}
_NOTES: Final = """
What the table does not say:

- The **chair** sees what a scorer or member sees, and the register of conflicts without the applications from which the chair
  is recused.
- A **scorer** is whoever an application is assigned to; before the assignment and without it, a member. Whoever still owes a
  scorecard sees no other, also when the scoring of the call is closed.
- Where a call is **scored without names**, scorers read the application without name and reference, find it on no page of
  grants, and the page of names carries other codes than the page of scoring; until the scoring is closed.
- **Officers, the manager, auditors** see no scorecard, mean or rank before the scoring is closed either, only how many are in.
- Scorecards stand under a number that is drawn for each application; times of scoring are shown to nobody.
- **Agreement of the scorers, adjusted means and the selection under the charter's shares** speak of all applications of a call:
  only those from whom none is hidden see them, and severities by name only the secretariat.
- **Concept notes** are judged by members who declared no conflict; points and sentences of others are shown to nobody before the
  answer, and after it without names, to the organisation alone. From the answer on nobody reads along while a full proposal is written.
- Votes are read by name in the minutes inside the fund; the public reads numbers.
- **Notices and e-mails** of committees name calls, never an application. Every page and file is sent with
  `Cache-Control: private, no-store`: what was seen before a recusal is asked for anew, and refused.
"""


def pages() -> Iterator[str]:
    """The table as Markdown, a part for each phase: a row for each thing, a column for each viewer."""
    yield "# Who sees what\n\nOf one application before a committee, by phase. A dot: shown; empty: not a word of it, nowhere."
    yield "Made from `committees/disclosure.py`; walked through HTTP by `tests/committees/test_who_sees_what.py`."
    for phase in Phase:
        yield f"\n## {_TITLES[phase]}\n"
        yield "| | " + " | ".join(Viewer) + " |"
        yield "|---|" + ":-:|" * len(Viewer)
        for thing in Thing:
            yield f"| {thing} | " + " | ".join("●" if sees(viewer, thing, phase) else "" for viewer in Viewer) + " |"
    yield _NOTES.rstrip("\n")
