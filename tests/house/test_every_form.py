"""Every form that a fund shows, filled with garbage: it answers beside the field, keeps what was typed, and writes nothing."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.utils import timezone

from accounts.models import Appointment, User
from accounts.roles import Role
from accounts.rules import held_on
from kernel.access import Audience
from poolfund import access
from tests import scenes_of_forms as scenes
from tests import scenes_of_people as people_scenes
from tests.addresses import addresses_of, named_addresses, people_of
from tests.factories import accounts
from tests.forms_of_pages import Form, forms_of
from tests.garbage import BROKEN, wrong
from tests.journey.test_strangers import routes

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("light_walk")]

TRIES, FEW = 80, 6
OK, REDIRECTED = 200, 302
SIGNING = ("account_", "mfa_", "usersessions", "demo_", "set_language")
"""Pages of signing in are django-allauth's: `tests.house.test_garbage_at_sign_in`."""
MACHINES = {
    "giving:webhook": "Stripe sends it, signed: tests.funds.test_cards",
    "audit:cosignatures": "witnesses send it, signed: tests.audit.test_witnesses",
    "transparency:opportunity_search": "the protocol's JSON: tests.transparency.test_common_grants",
    "grants:application_autosave": "a script keeps what is typed, as it was typed: tests.grants.test_pages",
    "disbursements:report_save": "a script keeps what is typed, as it was typed: tests.disbursements.test_pages",
    "grants:application_file_send": "begins to send a file (tus): tests.grants.test_attachments",
    "grants:application_file_sent": "goes on sending a file (tus): tests.grants.test_attachments",
    "grants:call_form_use": "a button: the workbook that was read waits in the session",
    "grants:application_budget_use": "a button: the workbook that was read waits in the session",
    "transparency:history_import_repeat": "a button of an import that broke: tests.transparency.test_upload",
}
"""Addresses that no form with fields is sent to, and why; rubbish must not break them either."""
SHOWN_ON = {
    "accounts:withdraw_invitation": "accounts:invitation_list",
    "notices:number_ask": "notices:wishes",
    "committees:committee_constitute": "committees:committee_detail",
    "committees:concepts_answer": "committees:panel_detail",
    "committees:panel_ask_assignment": "committees:panel_assign",
    "committees:panel_fill_gaps": "committees:panel_detail",
    "committees:panel_close_scoring": "committees:panel_detail",
    "committees:meeting_attend": "committees:meeting_detail",
    "committees:meeting_open": "committees:meeting_detail",
    "committees:meeting_close": "committees:meeting_detail",
    "committees:item_discuss": "committees:item_detail",
    "committees:item_minute": "committees:item_detail",
    "committees:item_open_vote": "committees:item_detail",
    "committees:item_close_vote": "committees:item_detail",
    "committees:item_adjourn": "committees:item_detail",
    "committees:appeal_admit": "committees:appeal_detail",
    "committees:appeal_vote": "committees:appeal_detail",
    "disbursements:report_begin": "disbursements:tranche_detail",
    "disbursements:report_open": "disbursements:report_detail",
    "grants:application_start": "grants:call_detail",
    "grants:call_ask_board": "grants:call_manage",
    "grants:section_move": "grants:call_form",
    "grants:section_remove": "grants:call_form",
    "grants:question_move": "grants:call_form",
    "grants:question_remove": "grants:call_form",
    "grants:eligibility_remove": "grants:call_form",
    "organisations:leave_register": "organisations:listing",
    "organisations:ask_passport_signature": "organisations:signed_passport",
    "grants:comment_settle": "grants:application_comments",
    "accounts:close_staff_session": "accounts:staff_session",
    "notices:mark_all_read": "notices:notice_list",
    "notices:number_prove": "notices:wishes",
    "notices:number_erase": "notices:wishes",
    "funds:representative_end": "funds:donor_detail",
    "giving:ask_certificate": "giving:gift",
    "transparency:donor_token_revoke": "transparency:donor_tokens",
    "transparency:safety_clear": "transparency:safety_review",
    "transparency:name_consent": "transparency:public_view",
    "transparency:name_consent_back": "transparency:public_view",
    "transparency:paper_approve": "transparency:paper_detail",
    "transparency:paper_publish": "transparency:paper_detail",
    "transparency:log_rollback_confirm": "transparency:log_rollback",
    "transparency:log_rollback_withdraw": "transparency:log_rollback",
    "transparency:history_import_repeat": "transparency:history_import_detail",
    "organisations:withdraw_invitation": "organisations:people",
}
"""Addresses that only take answers -> the page on which their form stands."""
SENT = [
    name
    for name, row in access.table().items()
    if "POST" in row.methods and not name.startswith(SIGNING) and name not in MACHINES
]
"""Every other address to which something is sent."""


# Furnished funds ------------------------------------------------------------------------------------------------------


OTHERS = ("committees:", "disbursements:", "organisations:", "grants:", "charter:")
STANDING = {
    "disbursements:conversion_withdraw", "grants:file_erasure_decide", "grants:file_erasure_new", "grants:question_answer",
    "organisations:close_trusted_fund", "organisations:judge_outside_assessment", "organisations:partnership_close",
    "organisations:read_outside_assessment", "organisations:retire_bank_account", "organisations:screening_hit",
    "organisations:show_improvement",
}  # fmt: skip
"""Pages of those apps for which something stands in the database with a row of every table, and in no story."""


def told(name: str) -> bool:
    """Whether the form is reached in the story of the house, of givers, or of another fund's people."""
    return name in people_scenes.IN_STORIES


SCENES = {
    # Database, the story that is told in it, the forms that must be reached by its end. The first two begin together: the
    # second does not wait for databases of which the first is made.
    "a row of every table": (
        "canaries", people_scenes.nothing_more, lambda name: name in STANDING or not (told(name) or name.startswith(OTHERS)),
    ),
    "a committee": ("fund", scenes.committees_at_work, lambda name: name.startswith(OTHERS[0])),
    "a grant": ("fund_of_full_reports", scenes.grant_on_its_way, lambda name: name.startswith(OTHERS[1])),
    "organisations": ("fund", people_scenes.organisations_and_calls, lambda name: name.startswith(OTHERS[2:]) and name not in STANDING and not told(name)),
    "the house": ("fund", people_scenes.the_house, told),
}  # fmt: skip


# The walk -------------------------------------------------------------------------------------------------------------


@dataclass
class Walk:
    """Who has which browser, which forms were filled, and what was wrong."""

    people: list[User] = field(default_factory=list)
    looked: scenes.Looked = field(default_factory=dict)
    browsers: dict[Any, Client] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    offices: dict[Any, set[str]] = field(default_factory=dict)
    read: set[tuple[str, Any]] = field(default_factory=set)
    """Which pages were read by whom as things stand: of those every form was filled."""

    def go(self, looked: scenes.Looked, paths: dict[str, str]) -> None:
        """Fill the named forms as things stand now."""
        self.people[:] = User.objects.all()
        self.offices = offices()
        self.read.clear()
        self.looked |= {name: thing for name, thing in looked.items() if thing is not None}
        for name in looked:
            page = SHOWN_ON.get(name, name)
            self.fill(name, page, paths[page])

    def fill(self, name: str, page: str, route: str) -> None:
        """Fill the forms that a page shows to those who may open it, until the one of ``name`` is among them."""
        for address, person in itertools.islice(self.tries(name, page, route), TRIES):
            if name in self.filled:
                return
            if (address, person) in self.read:
                continue
            self.read.add((address, person))
            answer: Any = self.browser(person).get(address)
            if person is not None and answer.status_code == REDIRECTED:
                del self.browsers[person]  # signed in while something stood aside that is gone
                answer = self.browser(person).get(address)
            if answer.status_code != OK or answer.streaming or not answer["Content-Type"].startswith("text/html"):
                continue
            for form in forms_of(answer.content.decode()):
                view = _view(form, address)
                if view and view not in self.filled and not view.startswith(SIGNING):
                    self.filled.add(view)
                    self.wrong += wrong(view, form, self.browser(person), form.action or address)

    def browser(self, person: User | None) -> Client:
        if person not in self.browsers:
            client = accounts.browser_of(person, "ar") if person else Client()
            client.raise_request_exception = False
            self.browsers[person] = client
        return self.browsers[person]

    def tries(self, name: str, page: str, route: str) -> Iterator[tuple[str, User | None]]:
        """Who may be shown something at which address: first the people whose own it is, then officers."""
        row = access.table()[name]
        readers = [
            one for one in self.people if not row.roles or not self.offices.get(one.pk, set()).isdisjoint(row.roles)
        ]
        found = [(address, people_of(thing)) for address, thing in self._addresses(name, page, route)]
        if row.audience is Audience.PUBLIC:
            yield from ((address, None) for address, _own in found)
        for address, own in found:
            yield from ((address, one) for one in readers if one.pk in own)
        officers = set(Appointment.objects.values_list("user_id", flat=True))
        for one in readers:
            if one.pk in officers or not any(own for _address, own in found):
                yield from ((address, one) for address, own in found if one.pk not in own)

    def _addresses(self, name: str, page: str, route: str) -> Iterator[tuple[str, Any]]:
        """Where its story says to look, else wherever something stands."""
        match self.looked.get(name):
            case None:
                yield from named_addresses(page, route)
            case (row, *keys):
                yield reverse(page, args=keys), row
            case row:
                yield from addresses_of(page, route, row)


def offices() -> dict[Any, set[str]]:
    """Who holds which offices today."""
    found: dict[Any, set[str]] = {}
    held = Appointment.objects.filter(held_on(timezone.localdate()), user__is_active=True)
    for person, role in held.values_list("user", "role"):
        found.setdefault(person, set()).add(role)
    return found


def _view(form: Form, address: str) -> str:
    try:
        return resolve((form.action or address).partition("?")[0]).view_name
    except Resolver404:
        return ""


@pytest.mark.parametrize(
    ("story", "reached"),
    [pytest.param(*rest, id=name, marks=pytest.mark.database(db)) for name, (db, *rest) in SCENES.items()],
)
def test_garbage_is_refused_beside_its_field_and_nothing_is_lost(
    story: Callable[[], scenes.Story], reached: Callable[[str], bool], bare_refusals: None
) -> None:
    walk, paths = Walk(), dict(routes(get_resolver()))
    for role in Role:
        if not any(role in held for held in offices().values()):
            accounts.officer(role)
    for looked in story():
        walk.go(looked, paths)
    asked = [name for name in SENT if reached(name)]
    walk.go(dict.fromkeys(asked), paths)
    assert walk.wrong == []
    assert [name for name in asked if name not in walk.filled] == []


@pytest.mark.database("canaries")
def test_rubbish_breaks_no_address_of_machines(bare_refusals: None) -> None:
    walk, paths = Walk(), dict(routes(get_resolver()))
    walk.people[:], walk.offices = User.objects.all(), offices()
    found = []
    for name in MACHINES:
        tries = itertools.islice(walk.tries(name, name, paths[name]), FEW)
        for address, person in tries:
            for sent in (
                {"data": {"version": "\x00", "tab": "1e3"}},
                {"data": b"{\x00", "content_type": "application/json"},
            ):
                with transaction.atomic():
                    answer: Any = walk.browser(person).post(address, **sent)
                    transaction.set_rollback(True)
                found.append((name, answer.status_code))
    assert {name for name, _status in found} >= MACHINES.keys() - {"grants:application_file_sent"}
    assert [one for one in found if one[1] >= BROKEN] == []
