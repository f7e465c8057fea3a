"""The days that the charter binds a kind of grant by (rapid grants): first day, last day, one short report; and who is late."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from charter.selectors import end_of_day
from disbursements import clock
from disbursements.forms.tranches import StartForm
from disbursements.services.agreements import draft_agreement
from grants.models import Grant
from grants.selectors import durations
from grants.services import agreements, awards
from kernel.permissions import Refused
from kernel.work import work_for
from notices.models import Notice
from tests.factories import awards as made
from tests.factories import charter
from tests.factories.accounts import sign_in

THOUSAND = made.THOUSAND


def bound_charter() -> None:
    """A charter that binds grants for projects as the default one binds rapid grants."""
    rules = charter.rules_without_light_reporting()
    days = rules.grant_types["rapid"].model_dump(include={"most_days", "start_calendar_days", "report_calendar_days"})
    kinds = {**rules.grant_types, "project": rules.grant_types["project"].model_copy(update=days)}
    charter.ratified_charter(rules.model_copy(update={"grant_types": kinds}))


def told(kind: str, user: object) -> int:
    return Notice.objects.filter(kind=f"disbursements.{kind}", user=user).count()


def titles(user: object, day: date) -> list[str]:
    with time_machine.travel(end_of_day(day), tick=False), override("en"):
        return [str(item.kind) for item in work_for(user)]


@pytest.mark.database("bare")
@pytest.mark.django_db
def test_a_bound_grant_begins_ends_and_reports_by_its_days(client: Client) -> None:
    bound_charter()
    grant = made.awarded_grant(months=3, amount_minor=30 * THOUSAND, tier="H")
    today, officer = timezone.localdate(), made.programme_officer()
    begins = today + timedelta(days=7)
    assert durations.start_by(grant) == begins
    offered = awards.send_offer(grant, actor=officer)
    assert offered.step_due == end_of_day(begins), "an answer after that day would come too late"
    accepted = awards.accept_offer(offered, actor=made.signatory(grant))
    with pytest.raises(Refused), override("en"):
        draft_agreement(accepted, starts_on=begins + timedelta(days=1), actor=officer)
    assert not StartForm({"starts_on": (begins + timedelta(days=1)).isoformat()}, grant=accepted).is_valid()

    late = begins + timedelta(days=3)
    assert "Grants that should have begun" not in titles(officer, begins)
    assert "Grants that should have begun" in titles(officer, late)
    with time_machine.travel(end_of_day(late), tick=False):
        assert clock.say_starts_are_late(late) == clock.say_starts_are_late(late) == 1
        assert durations.latest_start(grant) == late, "it may still begin, and says that it is late"
        sign_in(client, officer, second_factor=True)
        page = client.get(reverse("disbursements:agreement_draw", args=[grant.pk])).content.decode()
        assert 'class="note warn"' in page
    assert told("start_late", officer) == told("start_late", made.signatory(grant)) == 1

    drawn = draft_agreement(accepted, starts_on=begins, actor=officer)
    assert drawn.ends_on == begins + timedelta(days=44)
    assert "45" in str(agreements.text_of(drawn, "ar")["facts"])
    signed = agreements.sign(drawn, **made.hashes(drawn), actor=made.signatory(drawn))
    active = made.countersigned(signed)
    (report,) = active.reports.all()
    assert (report.kind, report.due_on) == ("final", drawn.ends_on + timedelta(days=30))
    assert max(one.due_on for one in active.tranches.all()) <= drawn.ends_on
    assert clock.say_starts_are_late(late) == 0

    overdue = report.due_on + timedelta(days=1)
    with time_machine.travel(end_of_day(overdue), tick=False):
        clock.follow()
    assert told("report_overdue", officer) == 1, "the fund hears of it at once"
    assert "Reports of rapid grants that are late" in titles(officer, overdue)
    assert Grant.objects.get(pk=grant.pk).state == "active"


@pytest.mark.django_db
@pytest.mark.database("active_grant")
def test_other_grants_are_bound_by_their_months_alone() -> None:
    grant = made.active_grant(tier="L")
    assert durations.start_by(grant) is None
    assert durations.begins_in_time(grant, timezone.localdate() + timedelta(days=400))
    assert durations.late_to_start(Grant.objects.all(), timezone.localdate() + timedelta(days=400)) == []
