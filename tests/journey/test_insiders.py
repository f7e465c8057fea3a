"""People with an office or a seat of their own open addresses with real keys: they get what the access table says, and no more.

Who has no part in anything walks in `tests.journey.test_strangers_everywhere`. Here the table's own words are held: an
office that is not among the ``roles`` of a row is refused at the gate; where a row is open to all who are signed in, a thing
opens only to an office that the ``relation`` names.
"""

from collections.abc import Iterator
from itertools import islice

import pytest
from django.urls import get_resolver

from accounts.models import User
from accounts.roles import Role
from accounts.selectors import has_role
from kernel.access import Access, Audience
from poolfund import access
from tests.addresses import addresses, nouns
from tests.factories import accounts, committees
from tests.journey.test_strangers import OWN_RIGHT, RIGHT_OF, routes
from tests.journey.test_strangers_everywhere import METHODS, ask
from tests.written import written

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.database("canaries"),
    pytest.mark.usefixtures("light_walk"),
]

MOST = 2
"""Things of each kind."""
FORBIDDEN = 403
NAMED = {
    "finance officer": ("finance", "officers", "secretariat"),
    "board member": ("board", "officers"),
    "auditor": ("auditors", "officers"),
    "member of another committee": (),
}
"""Words by which a relation names an office; a member of a committee has a part in nothing of another one."""
ANYBODY = {"grants:call_ask"}
"""Open to whoever is signed in: a question about a call that is open to all."""


def insiders() -> dict[str, User]:
    """One of each."""
    return {
        "finance officer": accounts.officer(Role.FINANCE_OFFICER),
        "board member": accounts.officer(Role.BOARD_MEMBER),
        "auditor": accounts.officer(Role.AUDITOR),
        "member of another committee": committees.constituted_committee().seats.order_by("number")[1].user,
    }


def rows() -> Iterator[tuple[str, Access, list[str]]]:
    """Every row of the table that is not public, with some addresses of things of others."""
    for name, route in routes(get_resolver()):
        row = access.table()[name]
        if row.audience is not Audience.PUBLIC:
            named = any(kind == "uuid" for kind, _noun in nouns(route).values())
            yield name, row, list(islice(addresses(name, route), MOST)) if named or row.roles else []


def says(row: Access, who: str) -> bool:
    """Whether the row names the office."""
    return any(word in row.relation for word in NAMED[who])


def test_an_office_gets_what_the_access_table_says(bare_refusals: None) -> None:
    found = list(rows())
    passed, opened, wrote, kept_out = set(), set(), set(), 0
    for who, person in insiders().items():
        client = accounts.browser_of(person, "ar")
        client.raise_request_exception = False
        before = written()
        for name, row, walked in found:
            closed = bool(row.roles) and not has_role(person, *row.roles)
            if row.roles and not closed:
                continue  # what an office does is for the tests of each act
            for address in walked[:1] if closed else walked:
                # The gate asks for the office before anything else.
                for method in sorted(METHODS & row.methods)[: 1 if closed else None]:
                    answer = ask(client, method, address)
                    if answer.streaming:
                        list(answer.streaming_content)  # to its end, where the file is closed
                    kept_out += closed
                    if closed and answer.status_code != FORBIDDEN:
                        passed.add(f"{who}: {method} {address} {answer.status_code}")
                    if method == "GET" and answer.status_code == 200 and name not in ANYBODY and not says(row, who):
                        opened.add(f"{who}: {name} {address}")
                    after = written()
                    if after != before and name not in OWN_RIGHT | RIGHT_OF.get(who, set()):
                        wrote.add(f"{who}: {method} {address}")
                    before = after
    assert kept_out > 300, "the walk is a long one"
    assert passed == set()
    assert opened == set()
    assert wrote == set()
