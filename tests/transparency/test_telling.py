"""From the signature to what the public reads: released after the delay, withheld at once, told again when both agree."""

import csv
import gzip
import hashlib
import io
import json
import re
import secrets
from datetime import date, timedelta
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from accounts.roles import Role
from audit.leases import lease
from audit.outbox import drain
from audit.selectors import timeline
from funds.services import sign_pledge
from grants.fingerprints import revision_sha256
from grants.models import Grant
from grants.services import closure, extensions, revisions
from grants.states import GrantState
from kernel.money import Money
from kernel.permissions import Refused
from kernel.work import work_for
from tests.factories import accounts, funds
from tests.factories.awards import active_grant, board_member, holder, programme_officer, signatory
from tests.factories.transparency import BIRDS, birds, withhold
from tests.standards import needs
from tests.transparency.test_iati import check
from transparency.models import NameConsent, OpenDataFile, ReleasedGrant, ReleasedPool, Withholding
from transparency.selectors import home, published, withholdings
from transparency.selectors import open_data as selectors
from transparency.services import open_data, refreshing, releasing
from transparency.services import withholding as services
from transparency.services.open_data import store
from transparency.states import Ground, WithholdingState

pytestmark = [pytest.mark.django_db, pytest.mark.database("four_birds")]

THOUSAND = 100_000
AMOUNTS = BIRDS[:4]


@pytest.fixture(scope="module")
def _grants(standing: None) -> list[Grant]:
    return birds(4)


@pytest.fixture
def grants(_grants: list[Grant], db: None) -> list[Grant]:
    """Four grants of four organisations, signed this month."""
    return [Grant.objects.get(pk=one.pk) for one in _grants]


def later() -> date:
    """A day on which this month is told."""
    return timezone.localdate() + timedelta(days=70)


def read(name: str = "transparency:grants_told", **query: str) -> str:
    return Client(headers={"accept-language": "en"}).get(reverse(name), query).content.decode()


def mentions(text: str, words: str) -> bool:
    """Whether the words stand there by themselves: the factories number their names."""
    return re.search(re.escape(words) + r"(?![0-9])", text) is not None


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    accounts.sign_in(client, user)
    return client


def test_nothing_is_told_before_its_month_and_the_delay_are_over(grants: list[Grant]) -> None:
    assert releasing.release_due(timezone.localdate()) == 0
    with lease("transparency.release", duration=timedelta(minutes=1)):
        assert releasing.release_due(later()) == 0, "another worker is at it"
    assert published.not_told_yet() == len(grants)
    assert grants[0].organisation.name_latin not in read()
    assert home.totals("USD").promised.minor == 0


def test_open_grants_are_told_in_full_and_add_up_to_the_books(grants: list[Grant]) -> None:
    assert releasing.release_due(later()) == len(grants)
    assert releasing.release_due(later()) == 0
    page = read()
    for grant in grants:
        assert grant.organisation.name_latin in page
        assert grant.application.title in page
    assert grants[0].reference not in page
    assert published.sums("USD").open.minor == sum(AMOUNTS)
    assert home.totals("USD").promised.minor == sum(AMOUNTS)
    assert published.not_told_yet() == 0


def test_a_withheld_name_is_nowhere_and_the_sum_still_adds_up(grants: list[Grant]) -> None:
    hidden = grants[2]
    withhold(hidden, "name", "place")
    releasing.release_due(later())
    sums = published.sums("USD")
    assert sums.total.minor == sum(AMOUNTS)
    assert ReleasedPool.objects.get().partners == 3
    client = Client(headers={"accept-language": "en"})
    outputs = [read(), read("transparency:home")]
    for kind in ("csv", "xlsx"):
        response = client.get(reverse("transparency:grants_told"), {"format": kind})
        assert "no-store" not in response.headers.get("Cache-Control", "")
        body = response.getvalue()
        outputs.append(_cells(body) if kind == "xlsx" else body.decode("utf-8"))
    for output in outputs:
        for secret in (
            hidden.organisation.name_latin,
            hidden.organisation.name_ar,
            hidden.application.title,
            hidden.reference,
            str(hidden.pk),
            "19,073",
            "19073",
            "Armed men",
        ):
            assert not mentions(output, secret)


def _cells(body: bytes) -> str:
    sheet = load_workbook(BytesIO(body), read_only=True).active
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


def test_how_a_grant_ended_is_told_with_its_name_though_its_amount_is_in_a_sum(grants: list[Grant]) -> None:
    for grant in grants[:2]:
        withhold(grant, "amount")
    withhold(grants[2], "name")
    releasing.release_due(later())
    for grant in (grants[0], grants[2]):
        closure.terminate(grant, actor=board_member(), reason="The work stopped.")
    releasing.release_due(later())
    told = {one.grant_id: one for one in ReleasedGrant.objects.all()}
    assert (told[grants[0].pk].state, told[grants[0].pk].amount_minor) == (GrantState.TERMINATED, None)
    assert told[grants[1].pk].state == GrantState.ACTIVE
    assert told[grants[2].pk].state == ""
    closed = Grant(closed_at=timezone.now())
    assert refreshing.ended(closed, later()) == timezone.localdate().replace(day=1)
    assert refreshing.ended(closed, timezone.localdate()) is None


def test_what_is_withheld_later_leaves_the_table_at_once(grants: list[Grant]) -> None:
    releasing.release_due(later())
    hidden = grants[0]
    before = home.totals("USD")
    withhold(hidden, "name")
    assert not mentions(read(), hidden.organisation.name_latin)
    assert (home.totals("USD").promised, home.totals("USD").paid) == (before.promised, before.paid)
    row = ReleasedGrant.objects.get(grant=hidden)
    assert (row.name_ar, row.title, row.kind, row.amount_minor) == ("", "", "", None)
    assert row.pool.partners == 3


def test_only_the_title_can_be_withheld(grants: list[Grant]) -> None:
    releasing.release_due(later())
    withhold(grants[0], "title")
    page = read()
    assert not mentions(page, grants[0].application.title)
    row = ReleasedGrant.objects.get(grant=grants[0])
    assert (row.title, row.amount_minor) == ("", AMOUNTS[0])


def test_the_last_one_that_finds_nobody_beside_it_is_held_back(grants: list[Grant]) -> None:
    """The first takes the two smallest into its sum; those stay in it; the fourth would stand alone."""
    releasing.release_due(later())
    for grant in grants:
        withhold(grant, "name")
    withhold(grants[3], "place")
    assert ReleasedGrant.objects.filter(pool__isnull=False).count() == 3
    assert (published.not_told_yet(), published.told().count()) == (1, 3)
    assert published.sums("USD").total.minor == sum(AMOUNTS) - AMOUNTS[3]
    page = browser(signatory(grants[3])).get(reverse("transparency:public_view", args=[grants[3].pk]))
    assert "Nothing is told of this grant now" in page.content.decode()


def test_the_sum_of_payments_moves_for_enough_partners_only(grants: list[Grant]) -> None:
    releasing.release_due(later())
    withhold(grants[0], "name")
    pooled = ReleasedGrant.objects.filter(pool__isnull=False)
    for moved, left in ((2, 2), (3, 0)):
        for row in pooled[:moved]:
            ReleasedGrant.objects.filter(pk=row.pk).update(counted_minor=5)
        releasing.release_due(later())
        assert pooled.filter(counted_minor=5).count() == left


def test_it_is_told_again_only_when_both_sides_agree(grants: list[Grant]) -> None:
    one = withhold(grants[0], "title")
    releasing.release_due(later())
    officer, partner = programme_officer(), signatory(grants[0])
    with pytest.raises(Refused):
        services.propose_lift(one, reason="x", actor=accounts.user())
    one = services.propose_lift(one, reason="The danger is over.", actor=officer)
    with pytest.raises(Refused):
        services.answer_lift(one, consent=True, reason="For them.", actor=officer)
    assert reverse("transparency:withholding_consent", args=[one.pk]) in {item.url for item in work_for(partner)}
    one = services.answer_lift(one, consent=True, reason="We agree.", actor=partner)
    assert one.state == WithholdingState.LIFTED
    assert ReleasedGrant.objects.get(grant=grants[0]).title == grants[0].application.title
    assert len(timeline(one)) == 3


def test_the_partner_proposes_and_the_secretariat_agrees(grants: list[Grant]) -> None:
    one = services.withhold(
        grants[0], parts=["place"], ground=Ground.OFFICER, reason="Front line.", actor=programme_officer()
    )
    partner = signatory(grants[0])
    one = services.propose_lift(one, reason="We are public there.", actor=partner)
    with pytest.raises(Refused):
        services.answer_lift(one, consent=True, reason="x", actor=partner)
    one = services.answer_lift(one, consent=False, reason="Not yet.", actor=holder(Role.FUND_MANAGER))
    assert one.state == WithholdingState.IN_FORCE


def test_a_name_that_is_told_again_does_not_give_away_the_others(grants: list[Grant]) -> None:
    held = [withhold(grant, "name") for grant in grants[:3]]
    releasing.release_due(later())
    pool = ReleasedPool.objects.get()
    assert pool.governorates or pool.sector
    one = services.propose_lift(held[0], reason="Safe.", actor=programme_officer())
    services.answer_lift(one, consent=True, reason="Yes.", actor=signatory(grants[0]))
    pool.refresh_from_db()
    assert (pool.governorates, pool.sector) == ([], "")
    row = ReleasedGrant.objects.get(grant=grants[0])
    assert (row.name_latin, row.amount_minor) == (grants[0].organisation.name_latin, None)


def test_a_name_is_told_with_the_organisations_consent_alone(grants: list[Grant]) -> None:
    one, name = grants[2], grants[2].organisation.name_latin
    consent = NameConsent.objects.get(grant=one)
    with pytest.raises(Refused):
        services.take_consent_back(consent, actor=programme_officer())
    services.take_consent_back(consent, actor=signatory(one))
    releasing.release_due(later())
    row = ReleasedGrant.objects.get(grant=one)
    assert (row.name_ar, row.title, row.amount_minor) == ("", "", None)
    assert row.pool.partners == 3
    assert not mentions(read(), name)

    client = Client(headers={"accept-language": "en"})
    accounts.sign_in(client, signatory(one), second_factor=True)
    page = reverse("transparency:public_view", args=[one.pk])
    agree = reverse("transparency:name_consent", args=[one.pk])
    shown = re.search(r'name="shown" value="(\w+)"', client.get(page).content.decode())
    assert shown
    client.post(agree, {"shown": "0" * 64})
    assert not mentions(read(), name), "what was read is not what would be told"
    officer = browser(programme_officer())
    assert "shown" not in officer.get(page).content.decode()
    assert browser(signatory(grants[0])).post(agree, {"shown": shown[1]}).status_code in (302, 403, 404)
    assert not mentions(read(), name)
    client.post(agree, {"shown": shown[1]})
    assert mentions(read(), name)
    row.refresh_from_db()
    assert row.amount_minor is None, "it stays in the sum, or the sum would tell what remains"
    assert mentions(read("transparency:search", q=name), name)
    assert "Take the consent back" in client.get(page).content.decode()
    open_data.write_all()
    client.post(reverse("transparency:name_consent_back", args=[one.pk]))
    assert not mentions(read(), name)
    assert not mentions(read("transparency:search", q=name).partition("<main")[2].replace(f'value="{name}"', ""), name)
    assert not OpenDataFile.objects.exists()


def test_who_signs_is_asked_whether_the_name_may_be_told(grants: list[Grant]) -> None:
    silent = active_grant(amount_minor=9 * THOUSAND)
    page = reverse("transparency:public_view", args=[silent.pk])
    assert page in {item.url for item in work_for(signatory(silent))}
    assert page not in {item.url for item in work_for(signatory(grants[0]))}
    releasing.release_due(later())
    assert not mentions(read(), silent.organisation.name_latin)
    withhold(silent, "name")
    assert page not in {item.url for item in work_for(signatory(silent))}


def test_strangers_and_others_do_not_see_what_is_withheld(grants: list[Grant]) -> None:
    one = withhold(grants[0], "name")
    page = reverse("transparency:public_view", args=[grants[0].pk])
    act = reverse("transparency:withholding_propose", args=[one.pk])
    for address in (page, act, reverse("transparency:withholding_list")):
        assert Client().get(address).status_code in (302, 404)
    other = browser(signatory(grants[1]))
    assert other.get(page).status_code == 404
    assert other.post(act, {"reason": "x"}).status_code == 404
    assert other.post(page, {"parts": ["name"], "reason": "x"}).status_code == 404
    assert other.get(reverse("transparency:withholding_list")).status_code in (403, 404)


def test_the_organisation_withholds_on_its_own_page_and_keeps_what_it_typed(grants: list[Grant]) -> None:
    client = browser(signatory(grants[0]))
    address = reverse("transparency:public_view", args=[grants[0].pk])
    assert (
        "What the public reads"
        in client.get(reverse("disbursements:grant_detail", args=[grants[0].pk])).content.decode()
    )
    page = client.post(address, {"reason": "They were threatened."}).content.decode()
    assert "They were threatened." in page
    assert not Withholding.objects.exists()
    # An organisation cannot speak for the secretariat.
    client.post(address, {"parts": ["name"], "ground": "officer", "reason": "They were threatened."})
    assert Withholding.objects.get().ground == Ground.PARTNER
    assert "name withheld" in client.get(address).content.decode()


def test_the_secretariat_sees_all_keeps_and_flags_calls(grants: list[Grant]) -> None:
    one = withhold(grants[0], "name")
    client = browser(programme_officer())
    assert grants[0].reference in client.get(reverse("transparency:withholding_list")).content.decode()
    client.post(reverse("transparency:withholding_keep", args=[one.pk]), {"reason": "Still so."})
    assert "Still so." in {entry.reason for entry in timeline(one)}
    address = reverse("transparency:call_withheld", args=[grants[0].call_id])
    client.post(address, {"parts": ["name"], "ground": "officer", "reason": "A front line."})
    assert services.inherit(grants[0])[0].ground == Ground.CALL


def test_what_is_due_to_be_looked_at_again_waits_for_the_secretariat(grants: list[Grant]) -> None:
    one = withhold(grants[0], "name")
    officer = programme_officer()
    assert not withholdings.to_review(officer)
    with time_machine.travel(timezone.now() + timedelta(days=200)):
        assert reverse("transparency:withholding_keep", args=[one.pk]) in {item.url for item in work_for(officer)}
        one = services.review(one, reason="Still so.", actor=officer)
        assert not withholdings.to_review(officer)


@pytest.mark.parametrize("kind", ["html", "csv"])
def test_the_public_list_costs_the_same_for_one_row_and_for_four(grants: list[Grant], kind: str) -> None:
    releasing.release_due(later())
    counts = []
    for rows in (1, 4):
        ReleasedGrant.objects.filter(pk__in=ReleasedGrant.objects.values("pk")[rows:]).update(
            amount_minor=None,
            planned={},
            people_planned=None,
            paid_minor=None,
            spent_minor=None,
            call=None,
            indirect_minor=None,
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = Client().get(reverse("transparency:grants_told"), {"format": kind} if kind == "csv" else {})
            response.getvalue() if kind == "csv" else response.content
        counts.append(len(queries))
        ReleasedGrant.objects.update(amount_minor=1, paid_minor=0)
    assert counts[0] == counts[1]


@needs("iati")
def test_the_file_for_machines_says_what_the_list_says_and_nothing_more(grants: list[Grant]) -> None:
    hidden = grants[2]
    withhold(hidden, "name")
    releasing.release_due(later())
    funds.made_pledge(7_777_00)
    sign_pledge(funds.made_pledge(8_888_00), signed_on=timezone.localdate(), actor=funds.keepers()[0])
    assert open_data.IATI in open_data.write_all()
    assert open_data.write_all() == []
    address = reverse("transparency:open_data_file", args=[open_data.IATI])
    response = Client().get(address)
    assert not check(response.content)
    text = response.content.decode()
    for secret in (
        hidden.organisation.name_latin,
        hidden.organisation.name_ar,
        hidden.application.title,
        hidden.reference,
    ):
        assert not mentions(text, secret)
    committed = [
        round(float(one.findtext("value", "0")) * 100)
        for one in ET.fromstring(response.content).iterfind("iati-activity/transaction")
        if one.find("transaction-type").get("code") == "2"
    ]
    assert sum(committed) == sum(AMOUNTS)
    donors = {
        one.find("transaction-type").get("code"): one.findtext("value") for one in _moved(response.content, "FUND")
    }
    assert (donors["13"], donors["11"]) == ("7777.00", "8888.00")
    packed = Client().get(address, headers={"accept-encoding": "gzip"})
    assert gzip.decompress(packed.content) == response.content
    assert Client().get(address, headers={"if-none-match": response["ETag"]}).status_code == 304
    assert address in read("transparency:open_data")


def _moved(content: bytes, code: str) -> list[ET.Element]:
    """Transactions of the activity whose identifier ends so."""
    activities = ET.fromstring(content).iterfind("iati-activity")
    return [
        moved
        for one in activities
        if (one.findtext("iati-identifier") or "").endswith(code)
        for moved in one.iterfind("transaction")
    ]


def test_every_file_says_the_ledgers_sum_and_no_word_of_what_is_withheld(grants: list[Grant]) -> None:
    hidden = grants[2]
    withhold(hidden, "name", "place")
    releasing.release_due(later())
    open_data.write_all()
    page = read("transparency:open_data")
    unsaid = (
        hidden.organisation.name_latin, hidden.organisation.name_ar, hidden.application.title, hidden.reference,
        str(hidden.pk), str(hidden.organisation_id), "19,073", "19073", "Armed men",
    )  # fmt: skip
    for name in OpenDataFile.objects.values_list("name", flat=True):
        response = Client().get(reverse("transparency:open_data_file", args=[name]))
        assert name in page
        assert hashlib.sha256(response.content).hexdigest()[:16] in page
        for secret in unsaid:
            assert not mentions(response.content.decode(), secret), (name, secret)
            assert not mentions(str(response.headers) + name + page, secret)
    records = json.loads(_content("360giving-grants.json"))["grants"]
    assert sum(round(one["amountAwarded"] * 100) for one in records) == sum(AMOUNTS)
    header, _tags, *rows = csv.reader(io.StringIO(_content("hxl-grants.csv")))
    told = [dict(zip(header, row, strict=True))["amount"] for row in rows]
    assert sum(Money.of(one, "USD").minor for one in told if one) == sum(AMOUNTS)


def _content(name: str) -> str:
    return Client().get(reverse("transparency:open_data_file", args=[name])).content.decode("utf-8-sig")


def test_a_file_keeps_its_address_and_its_versions(grants: list[Grant]) -> None:
    releasing.release_due(later())
    open_data.write_all()
    name = "hxl-grants.csv"
    address, client = reverse("transparency:open_data_file", args=[name]), Client()
    first = client.get(address)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        ReleasedGrant.objects.update(sector="health")
        assert name in open_data.write_all()
        second = client.get(address)
        today = timezone.localdate().isoformat()
    yesterday = timezone.localdate().isoformat()
    assert first.content != second.content
    for day, response in ((yesterday, first), (today, second)):
        assert client.get(reverse("transparency:open_data_version", args=[day, name])).content == response.content
    assert client.get(reverse("transparency:open_data_version", args=["2020-01-01", name])).status_code == 404
    assert client.get(reverse("transparency:open_data_version", args=["never", name])).status_code == 404
    assert client.get(reverse("transparency:open_data_file", args=["passwd"])).status_code == 404
    assert client.get(address, headers={"if-none-match": second["ETag"]}).status_code == 304
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert client.get(address, headers={"if-modified-since": second["Last-Modified"]}).status_code == 304
    packed = client.get(address, headers={"accept-encoding": "br, gzip;q=0.8"})
    assert gzip.decompress(packed.content) == second.content
    assert packed["ETag"] != second["ETag"]
    assert "Content-Encoding" not in client.get(address, headers={"accept-encoding": "gzip;q=0"}).headers
    for _ in range(3):
        made = store.pack(store.Made(name, "text/csv", lambda _now: secrets.token_bytes(8)))
        assert made is not None
        store.put(made, kept=1)
    assert OpenDataFile.objects.filter(name=name).count() == 1


def test_no_version_from_before_is_left_when_something_is_withheld(grants: list[Grant]) -> None:
    releasing.release_due(later())
    open_data.write_all()
    assert grants[0].organisation.name_ar in _content("hxl-grants.csv")
    withhold(grants[0], "name")
    assert not OpenDataFile.objects.exists()
    drain()
    assert not mentions(_content("hxl-grants.csv"), grants[0].organisation.name_ar)


def test_plans_and_people_are_told_of_openly_told_grants_alone(grants: list[Grant]) -> None:
    withhold(grants[2], "name")
    releasing.release_due(later())
    rows = list(ReleasedGrant.objects.select_related("grant__application"))
    told = [row for row in rows if row.amount_minor is not None]
    assert told
    assert all(sum(row.planned.values()) == row.amount_minor for row in told)
    assert all(row.people_planned == round(row.grant.application.people_reached, -1) for row in told)
    assert not any(row.planned or row.people_planned for row in rows if row.amount_minor is None)
    withhold(told[0].grant, "amount")
    row = ReleasedGrant.objects.get(pk=told[0].pk)
    assert (row.planned, row.people_planned, row.people_reached) == ({}, None, None)


def test_the_public_reads_how_long_an_extended_grant_runs(grants: list[Grant]) -> None:
    withhold(grants[1], "name")
    releasing.release_due(later())
    for grant in grants[:2]:
        asked = extensions.request(grant, months=2, reason="تأخر الترخيص", actor=signatory(grant))
        read_by = revisions.take_up(asked, actor=programme_officer())
        revisions.approve(read_by, content_sha256=revision_sha256(read_by), actor=holder(Role.FUND_MANAGER))
    releasing.release_due(later())
    told = {one.grant_id: one.months for one in ReleasedGrant.objects.all()}
    assert told[grants[0].pk] == grants[0].months + 2
    assert told[grants[1].pk] is None
    assert told[grants[2].pk] == grants[2].months


def test_the_page_of_fields_describes_every_file(grants: list[Grant]) -> None:
    releasing.release_due(later())
    written = open_data.write_all()
    page = read("transparency:open_data_fields")
    assert all(name in page for name in written)
    assert set(written) == {one.words.name for one in selectors.listed()}


def test_promised_and_reached_days_count_the_told_grants_alone(grants: list[Grant]) -> None:
    from grants.models import Call
    from grants.promises import StageName
    from grants.services import review
    from tests.factories.disbursements import due_tranche, pay
    from transparency.selectors import kept_times

    calls = [review.mark_decided(Call.objects.get(pk=one.call_id)) for one in grants]
    pay(due_tranche(grants[0]))

    def ended() -> dict[StageName, tuple[int, int | None]]:
        return {one.name: (one.ended, one.middle) for one in kept_times.kept_of_calls(kept_times.decided_calls())}

    assert ended() == {
        StageName.DECISION: (4, 0), StageName.SIGNATURE: (0, None), StageName.PAYMENT: (0, None), StageName.TOTAL: (0, None),
    }  # fmt: skip
    releasing.release_due(later())
    assert ended()[StageName.SIGNATURE] == (4, 0)
    assert ended()[StageName.PAYMENT] == (1, None), "one length alone would tell a day"
    address = reverse("transparency:call_times", args=[calls[0].pk])
    page = Client(headers={"accept-language": "en"}).get(address).content.decode()
    assert "Promised and reached time" in page
    assert grants[0].organisation.name_latin not in page
    assert address in read("transparency:decision_register")
    with CaptureQueriesContext(connection) as one:
        kept_times.ways(calls[:1])
    with CaptureQueriesContext(connection) as many:
        kept_times.ways(calls)
    assert len(one) == len(many) == 4
    assert Client().get(reverse("transparency:call_times", args=[grants[0].pk])).status_code == 404
