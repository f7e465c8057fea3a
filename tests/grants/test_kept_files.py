"""Files that were kept as long as the charter says: they are listed, and their erasure begins there."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from charter.calendar import add_months
from charter.selectors import end_of_day
from grants.models import Application, Call, FileErasure, Grant
from grants.selectors import kept_files
from grants.services import applications
from grants.work import grants_work
from kernel import identity
from tests.costs import queries_of
from tests.factories import accounts, files
from tests.factories import grants as make
from tests.factories.forms import asked_for
from tests.factories.many import copies, moved
from tests.grants.test_attachments import FORM, sent
from tests.grants.test_erased_files import WHY, reading, write
from tests.grants.test_pages import as_person, text

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant")]
PAST = "grants:file_past_list"


@pytest.fixture
def call() -> Call:
    return asked_for(FORM)


def submitted(call: Call, client: Client, *, photos: int = 0) -> Application:
    application = make.draft_application(call)
    as_person(client, make.preparer(application.organisation))
    papers = {"plan": str(sent(client, application, files.PDF).pk)}
    for n in range(photos):
        photo = sent(client, application, files.JPEG, field=f"site-{n}-photo", name=f"{n}.jpg")
        papers |= {f"site-{n}-place": "منبج", f"site-{n}-photo": str(photo.pk), f"site-{n}-note": "بعيد"}
    for key, typed in {**make.answers(application), "papers": papers}.items():
        write(application, key, typed)
    return applications.submit(application, actor=make.signatory(application.organisation))


def ended(row: Application | Grant, day: date) -> None:
    """Let what is over be so since ``day``."""
    type(row).objects.filter(pk=row.pk).update(moved_at=end_of_day(day))


def test_the_list_begins_with_the_day_after_and_erasure_begins_in_it(call: Call, client: Client) -> None:
    today = timezone.localdate()
    one, three = submitted(call, client), submitted(call, client, photos=2)
    administrator = reading(accounts.administrator())

    def shown() -> str:
        return text(administrator.get(reverse(PAST)))

    for application, day in ((one, add_months(today, -24)), (three, today)):
        applications.withdraw(application, actor=make.signatory(application.organisation), reason="لم نعد نحتاجها")
        ended(application, day)
    assert "No file is past its time" in shown(), "on the last day it may still be here"
    ended(one, add_months(today, -25))
    assert [one.reference in shown(), three.reference in shown()] == [True, False]
    few = queries_of(shown)
    ended(three, add_months(today, -30))
    assert shown().count(three.reference) == 3
    assert queries_of(shown) == few
    [item] = [one for one in grants_work(accounts.administrator()) if one.url == reverse(PAST)]
    assert item.detail == "4"
    manager = reading(make.holder(Role.FUND_MANAGER))
    page = text(manager.get(reverse(PAST)))
    assert one.reference in page
    assert "files/erase/" not in page, "an administrator begins"
    assert reading(make.programme_officer()).get(reverse(PAST)).status_code == 403
    address = reverse("grants:file_erasure_new", args=[one.attachments.get().pk]) + "?expired=1"
    assert address in shown()
    assert re.search(r'<input[^>]*value="expired"[^>]*checked', text(administrator.get(address)))
    answer = administrator.post(address, {"ground": "expired", "reason": WHY})
    assert (answer.status_code, answer["Location"]) == (302, reverse(PAST))
    assert one.reference not in shown(), "it waits for the second person"
    assert FileErasure.objects.get().ground == "expired"


@identity.system("tests")
def past(today: date) -> set[str]:
    return {one.file.application.reference for one in kept_files.past(0, 100, today)}


def test_of_a_grant_files_are_kept_longer_and_of_a_running_one_always(call: Call, client: Client) -> None:
    today = timezone.localdate()
    application = submitted(call, client)
    for state in ("eligible", "scoring", "deliberation", "approved"):
        moved([application], state)
    far = add_months(today, 600)
    assert past(far) == set(), "its award is still to come"
    [grant] = copies(
        Grant.objects.get(state="active"), 1, application=application, call=call, reference="GR-1999-AAAAAA"
    )
    for state in ("offer_sent", "offer_accepted", "agreement_drafted", "signed_by_partner", "active"):
        moved([grant], state)
    assert past(far) == set(), "it runs"
    moved([grant], "terminated")
    ended(grant, today)
    assert past(add_months(today, 84)) == set()
    assert past(add_months(today, 85)) == {application.reference}
