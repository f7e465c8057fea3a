"""What was recorded does not change behind the record's back, not even by SQL with the application's rights."""

from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from accounts.roles import Role
from accounts.selectors import open_staff_session
from accounts.services import invite_to_office
from audit.models import Stateful
from charter.models import CharterVersion, NetworkRepresentative
from charter.services import end_mandate
from grants.models import Call
from organisations.models import Person
from tests.factories import accounts
from tests.factories import committees as panel
from tests.factories import disbursements as money
from tests.factories.awards import signatory
from tests.factories.charter import networks
from tests.factories.funds import confirmed_contribution, made_pledge, representative
from tests.factories.organisations import eligible_organisation, usable_bank_account

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund_of_full_reports")]

OWN_GUARDS = {Call: "terms_fixed", CharterVersion: "text_stands_still"}
"""Models that keep their text by a guard of their own."""


def _set(row: models.Model, column: str, value: str) -> None:
    table = connection.ops.quote_name(row._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = {value} WHERE id = %s", [row.pk])


def _refused(row: models.Model, **changes: str) -> None:
    for column, value in changes.items():
        with pytest.raises(DatabaseError, match=f"{column} of|append-only"):
            _set(row, column, value)


@pytest.mark.parametrize("model", [one for one in apps.get_models() if issubclass(one, Stateful)], ids=str)
def test_every_machine_keeps_what_was_recorded(model: type[models.Model]) -> None:
    names = {trigger.name for owner, trigger in pgtrigger.registered() if owner._meta == model._meta}
    assert OWN_GUARDS.get(model, "fixed_fields") in names


def test_grants_and_their_payments_keep_amount_and_receiver() -> None:
    payment = money.sent_payment()
    tranche = payment.tranche
    grant = tranche.grant
    nobody = "gen_random_uuid()"
    _refused(payment, amount_minor="1", bank_account_id=nobody, maker_id=nobody, checker_id=nobody, slip_sha256="''")
    _refused(tranche, amount_minor="1", number="9", due_on="'2031-01-01'", request_round="7")
    _refused(grant, amount_minor="1", frozen_rules="'{}'", signed_by_id=nobody, agreement_ar_sha256="''", tier="'L'")
    _refused(payment.bank_account, number="'SY1'", fingerprint="'x'", holder_latin="'Mallory'")
    _refused(grant.application, decided_at="NULL", submitted_by_id=nobody, content_sha256="'x'")
    _refused(grant.reports.order_by("number")[0], number="9", due_on="'2031-01-01'")
    _refused(grant.organisation, tier="'L'", capacity_score="100")


def test_donors_money_keeps_its_amount_and_conditions() -> None:
    contribution = confirmed_contribution()
    _refused(
        contribution, amount_minor="1", restriction_class="'UNR '", donor_id="gen_random_uuid()", confirmed_by_id="NULL"
    )
    _refused(made_pledge(), amount_minor="1", signed_on="'2026-01-01'")


def test_what_is_voted_on_stands_still_during_the_vote() -> None:
    case = panel.deliberating()
    item = panel.voting(panel.open_meeting(case), case.applications[0])
    _refused(item, proposed_minor="1", conditions="'[1]'", voters="'[]'", outcome="'approve'", round="2")
    _refused(
        item.meeting.panel.committee.seats.order_by("number")[0],
        civil_society="NOT civil_society",
        ends_on="'2040-01-01'",
    )


def test_memberships_keep_who_holds_what() -> None:
    grant = money.due_tranche().grant
    person = Person.objects.get(user=signatory(grant), organisation=grant.organisation)
    _refused(person, role="'preparer'", user_id="gen_random_uuid()")
    mandate: Any = representative(confirmed_contribution().donor).donor_mandates.get()
    _refused(mandate, donor_id="gen_random_uuid()")
    office = accounts.appointment(accounts.user(), Role.AUDITOR)
    _refused(
        office, role="'fund_manager'", user_id="gen_random_uuid()", starts_on="'2020-01-01'", ends_on="'2040-01-01'"
    )


def test_moments_and_days_that_give_rights_change_with_their_event_only() -> None:
    account = usable_bank_account(eligible_organisation())
    _refused(account, usable_from="now() - interval '1 year'")
    _refused(account.organisation, eligible_until="'2040-01-01'")
    administrator = accounts.administrator()
    session = open_staff_session(administrator)
    assert session is not None
    _refused(session, expires_at="now() + interval '1 year'")
    letter = invite_to_office(
        email="new@people.example",
        full_name="سمر",
        role=Role.AUDITOR,
        language="ar",
        reason="needed",
        actor=administrator,
    )
    _refused(letter, expires_at="now() + interval '1 year'", full_name="'Mallory'", language="'en'")


def test_mandates_of_networks_follow_their_events() -> None:
    _network, given = networks()[0]
    mandate = NetworkRepresentative.objects.filter(user=given).get()
    _refused(mandate, ends_on="'2040-01-01'", starts_on="'2020-01-01'", user_id="gen_random_uuid()")
    with pytest.raises(DatabaseError, match="not recorded as given"), transaction.atomic():
        NetworkRepresentative.objects.create(network=mandate.network, user=accounts.user(), starts_on=mandate.starts_on)
    told: dict[str, Any] = {"actor": accounts.administrator(), "reason": "the network names somebody else"}
    ended = end_mandate(mandate, ends_on=mandate.starts_on, **told)
    _refused(ended, ends_on="'2040-01-01'")
