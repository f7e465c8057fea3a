"""Every form that a fund shows, filled with garbage: it answers beside the field, keeps what was typed, and writes nothing."""

import html
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve
from i18nfield.strings import LazyI18nString

from accounts.models import Appointment, User
from accounts.roles import Role
from accounts.selectors import has_role
from charter import services
from charter.defaults import default_rules
from committees.services import appeals
from grants.services import extensions, revisions
from kernel.access import Access, Audience
from poolfund import access
from tests.addresses import named_addresses, people_of
from tests.committees.test_appeals import lodged, office, rejected
from tests.committees.test_cases import reported
from tests.factories import accounts, awards, charter, committees, disbursements, funds, organisations
from tests.factories import grants as calls
from tests.forms_of_pages import Form, forms_of
from tests.journey.test_strangers import routes
from tests.written import written

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

TRIES, ALIKE = 80, 2
SIGNING = ("account_", "mfa_", "usersessions", "demo_", "set_language")
"""Pages of signing in are django-allauth's: `tests.house.test_sign_in_pages`."""
DRAFTS = {"grants:application_part", "disbursements:report_edit"}
"""What cannot be read yet is kept in the draft on purpose, as it was typed, so that nothing is lost between two power cuts."""
WORKBOOKS = {"grants:call_form_upload", "grants:application_budget_upload"}
"""What is wrong in them is named in a table by sheet and row: `tests.grants.test_xlsforms`, `tests.grants.test_budget_files`."""
AROUND = {
    "committees:item_detail",
    "committees:meeting_detail",
    "committees:appeal_detail",
    "disbursements:report_detail",
}
"""Pages that only show, with forms of other addresses on them."""


# Furnished funds ------------------------------------------------------------------------------------------------------


def grants_on_their_way() -> None:
    """Grants from the offer to the refund, each waiting for somebody else."""
    awards.awarded_grant()
    awards.offered_grant()
    awards.accepted_grant()
    awards.agreed_grant()
    awards.signed_by_partner(awards.awarded_grant())
    disbursements.due_tranche()
    disbursements.requested_tranche()
    disbursements.approved_tranche()
    disbursements.prepared_run()
    disbursements.prepared_payment()
    disbursements.sent_payment()
    disbursements.proposed_provider()
    disbursements.approved_provider()
    disbursements.fund_account()
    for write in (disbursements.written_report, disbursements.submitted_report):
        grant = awards.active_grant(tier="M")
        disbursements.pay(grant.tranches.get(number=1))
        write(grant, spent_minor=100_00)
    disbursements.spent_grant(left_minor=1_000_00)
    officer, wished = awards.programme_officer(), []
    for months in (2, 3):
        grant = awards.active_grant(tier="M")
        asked = extensions.request(grant, months=months, reason="تأخر الترخيص", actor=awards.signatory(grant))
        wished.append(revisions.take_up(asked, actor=officer))
    revisions.give_back(wished[0], reason="متى يصل الترخيص؟", actor=officer)


def organisations_and_calls() -> None:
    """Organisations at every step of their passport, calls and applications from the draft on, pledges and money."""
    organisations.registered_organisation()
    organisations.complete_profile()
    organisations.submitted_organisation()
    organisations.assessed_organisation()
    made = organisations.eligible_organisation("M")
    organisations.usable_bank_account(made)
    organisations.bank_change(made)
    calls.draft_call()
    calls.draft_application(calls.open_call(), made)
    calls.complete_application()
    calls.submitted_application()
    funds.made_pledge()
    funds.recorded_contribution()


def committee_at_work() -> None:
    """One committee asked for its declarations, one that scores, one that meets: a vote is open, another waits for reasons.

    In another call both decisions are appealed against, one appeal is voted on; a conflict kept silent is found.
    """
    committees.opened(1)
    committees.scoring(number=1)
    case = committees.deliberating(number=2)
    meeting = committees.open_meeting(case)
    committees.voting(meeting, case.applications[0])
    over = rejected(number=2)
    reported(over, over.seats[1])
    lodged(over)
    office()
    other = replace(over, applications=over.applications[1:])
    appeal = appeals.admit(lodged(other), actor=accounts.officer(Role.BOARD_MEMBER))
    for panelist in appeal.panel.select_related("user"):
        appeals.vote(appeal, "dismissed", actor=panelist.user)


def rules_on_their_way() -> None:
    """A version of the charter before the networks, and a draft of another; with them what has no scene of its own."""
    charter.proposed_charter()
    services.draft_version(default_rules(), LazyI18nString({"ar": "مسودة", "en": "Draft"}), charter.manager())
    organisations_and_calls()


def nothing_more() -> None:
    """The furnished database as it is."""


OTHERS = ("committees:", "disbursements:", "organisations:", "grants:", "charter:")
STANDING = {
    "committees": ("alert_answer", "alert_declare", "alert_withdraw", "appeal_form", "case_close", "meeting_sign"),
    "disbursements": ("condition_answer", "condition_extend", "condition_meet", "condition_waive", "conversion_withdraw",
                      "run_discard"),
    "grants": ("file_erasure_decide", "file_erasure_new", "question_answer"),
    "organisations": ("close_trusted_fund", "judge_outside_assessment", "partnership_close", "read_outside_assessment",
                      "retire_bank_account", "screening_hit", "show_improvement"),
    "charter": ("holiday_list", "network_list"),
}  # fmt: skip
"""Pages of those apps for which something stands in the database with a row of every table, and in no scene."""
ALSO = {f"{app}:{name}" for app, names in STANDING.items() for name in names}
SCENES = {
    # Database, what is made in it, the pages that are looked at, the fewest forms found.
    "a row of every table": ("canaries", nothing_more, lambda name: name in ALSO or not name.startswith(OTHERS), 68),
    "grants on their way": ("fund_of_full_reports", grants_on_their_way, lambda name: name.startswith(OTHERS[1]), 23),
    "organisations and calls": ("fund", rules_on_their_way, lambda name: name.startswith(OTHERS[2:]), 54),
    "a committee at work": ("fund", committee_at_work, lambda name: name.startswith(OTHERS[0]), 17),
}


# The walk -------------------------------------------------------------------------------------------------------------


@dataclass
class Walk:
    """Who has which browser, and which forms were found where."""

    people: list[User]
    browsers: dict[Any, Client] = field(default_factory=dict)
    filled: dict[str, str] = field(default_factory=dict)

    def browser(self, person: User | None) -> Client:
        if person not in self.browsers:
            client = accounts.browser_of(person, "ar") if person else Client()
            client.raise_request_exception = False
            self.browsers[person] = client
        return self.browsers[person]

    def readers(self, row: Access) -> list[User | None]:
        """Who may open a page at all; who opened one last comes first."""
        if row.audience is Audience.PUBLIC:
            return [None]
        return [one for one in self.people if not row.roles or has_role(one, *row.roles)]

    def seen_by(self, person: User | None) -> None:
        if person is not None:
            self.people.remove(person)
            self.people.insert(0, person)


def _asked(walk: Walk, name: str, route: str) -> Iterator[tuple[User | None, str, Form]]:
    """The forms of a page that nobody has filled yet, as the first person sees them who is shown any."""
    readers = walk.readers(access.table()[name])
    shown: Counter[str] = Counter()
    for address, person in itertools.islice(_tries(name, route, readers), TRIES):
        if shown[address] >= ALIKE:
            continue
        answer = walk.browser(person).get(address)
        if answer.status_code != 200 or answer.streaming or not answer["Content-Type"].startswith("text/html"):
            continue
        forms = [one for one in forms_of(answer.content.decode()) if one.asks]
        new = [one for one in forms if _view(one, address) not in walk.filled]
        if new:
            walk.seen_by(person)
            for form in new:
                yield person, form.action or address, form
            return
        shown[address] += 1


def _tries(name: str, route: str, readers: list[User | None]) -> Iterator[tuple[str, User | None]]:
    """Who may be shown something at which address: first the people whose own it is, then officers."""
    found = [(address, people_of(row)) for address, row in named_addresses(name, route)]
    officers = set(Appointment.objects.values_list("user_id", flat=True))
    if readers == [None]:
        yield from ((address, None) for address, _own in found)
    for turn in range(3):
        for address, own in found:
            for one in readers:
                if one is not None and turn == (0 if one.pk in own else 1 if one.pk in officers else 2):
                    yield address, one


def _view(form: Form, address: str) -> str:
    try:
        return resolve((form.action or address).partition("?")[0]).view_name
    except Resolver404:
        return ""


def _answered(client: Client, address: str, form: Form) -> tuple[Any, str, set[str]]:
    """The answer to garbage, its text, and the tables that were written; all of it is taken back."""
    before = written()
    with transaction.atomic():
        answer: Any = client.post(address, form.garbage())
        text = "" if answer.streaming else html.unescape(answer.content.decode())
        transaction.set_rollback(True)
    after = written()
    return answer, text, {table for table, count in after.items() if count != before.get(table, 0)}


def _wrong(name: str, form: Form, answer: Any, text: str, written: set[str]) -> list[str]:
    """What is not as it should be."""
    lost = [one for one in form.typed if f"{form.mark(one)} " not in text]
    found = []
    if answer.status_code not in {200, 422}:
        found.append(f"answers {answer.status_code} {answer.headers.get('Location', '')}")
    if ('class="note warn' if name in WORKBOOKS else 'class="error') not in text:
        found.append("says of no field what is wrong")
    if lost:
        found.append(f"loses {', '.join(lost)}")
    if written and name not in DRAFTS:
        found.append(f"writes {', '.join(sorted(written))}")
    return [f"{name}: {one}" for one in found]


@pytest.mark.parametrize(
    ("furnish", "looked_at", "least"),
    [pytest.param(*rest, id=name, marks=pytest.mark.database(db)) for name, (db, *rest) in SCENES.items()],
)
def test_garbage_is_refused_beside_its_field_and_nothing_is_lost(
    furnish: Callable[[], None], looked_at: Callable[[str], bool], least: int, bare_refusals: None
) -> None:
    furnish()
    for role in Role:
        if not any(has_role(one, role) for one in User.objects.all()):
            accounts.officer(role)
    walk, wrong = Walk(list(User.objects.all())), []
    for name, route in routes(get_resolver()):
        if (name not in AROUND and not {"GET", "POST"} <= {*access.table()[name].methods}) or name.startswith(SIGNING):
            continue
        if not looked_at(name):
            continue
        for person, address, form in _asked(walk, name, route):
            view = _view(form, address)
            walk.filled[view] = address
            wrong += _wrong(view, form, *_answered(walk.browser(person), address, form))
    assert wrong == []
    assert len(walk.filled) >= least
