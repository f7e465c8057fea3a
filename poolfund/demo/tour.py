"""The pages by which the fund is shown: who looks at them, and by which links of the played fund they are reached."""

from dataclasses import dataclass

ANYONE = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """A page of the tour.

    ``person`` is a key of the cast (empty: nobody is signed in), ``start`` the path from which one sets out (empty: where
    one lands after signing in), ``way`` the links followed from there: parts of their addresses, the first that fits.
    """

    name: str
    person: str
    start: str = ""
    way: tuple[str, ...] = ()


STOPS = [
    Stop("home", ANYONE, "/"),
    Stop("call", ANYONE, "/grants/calls/", ("/grants/calls/*/",)),
    Stop("eligibility-check", ANYONE, "/grants/calls/", ("/grants/calls/*/", "/check/")),
    Stop("history", ANYONE, "/figures/before/"),
    Stop("charter", ANYONE, "/charter/"),
    Stop("decisions", ANYONE, "/decisions/"),
    Stop("application", "nakhil-preparer", way=("/grants/applications/*/",)),
    Stop("application-section", "nakhil-preparer", way=("/grants/applications/*/", "/edit/basics/")),
    Stop("budget", "nakhil-preparer", way=("/grants/applications/*/", "/edit/budget/")),
    Stop("grant", "sanabel", "/disbursements/grants/", ("/disbursements/grants/*/",)),
    Stop("report", "sanabel", "/disbursements/grants/", ("/disbursements/grants/*/", "/disbursements/reports/*/")),
    Stop("my-work-of-a-member", "member4"),
    Stop("scorecard", "member4", way=("/applications/*/",)),
    Stop("meeting", "member1", way=("/committees/items/*/", "/committees/meetings/*/")),
    Stop("vote", "member1", way=("/committees/items/*/",)),
    Stop("my-work-of-an-officer", "programme"),
    Stop("screening", "programme", way=("/screen/",)),
    Stop("request-to-approve", "programme", way=("/disbursements/tranches/*/",)),
    Stop("books", "finance", "/ledger/"),
]
