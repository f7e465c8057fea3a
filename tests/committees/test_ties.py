"""Dated ties between organisations: consortia, mentors, hosts. They recuse within the look-back years and ask after them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from committees.models import ConflictFinding, Recusal
from committees.rules import facts
from committees.rules.links import links, shown
from committees.selectors.conflicts import register
from committees.selectors.panels import to_declare
from committees.services import panels
from committees.states import ConflictGround as Ground
from grants.models import Application, ApplicationPartner
from grants.selectors import content, review_content
from grants.services import applications as services
from grants.services import screening
from kernel import identity
from kernel.permissions import Refused
from organisations.models import Organisation, Partnership
from organisations.services import change_profile, end_partnership, record_partnership
from organisations.services.people import add_person
from organisations.states import PartnershipKind, PersonRole
from tests.factories import accounts, grants
from tests.factories import committees as make
from tests.factories.accounts import sign_in
from tests.factories.organisations import eligible_organisation

pytestmark = pytest.mark.django_db
YEAR = 365


def tied(one: Organisation, other: Organisation, *, kind: str = "mentor", ended: int | None = None) -> Partnership:
    """``other`` was a partner of ``one`` until ``ended`` days ago."""
    today = facts.today()
    return record_partnership(
        one,
        other,
        kind=kind,
        starts_on=today - timedelta(days=9 * YEAR),
        ends_on=None if ended is None else today - timedelta(days=ended),
        basis="اتفاقية تعاون",
        actor=make.officer(),
    )


def with_partners(application: Application, *names: str) -> Application:
    """The application, submitted with these partners."""
    basics = {**grants.answers(application)["basics"], "partners": "\n".join(f"{name} 10%" for name in names)}
    person = grants.preparer(application.organisation)
    for key, typed in {**grants.answers(application), "basics": basics}.items():
        services.save_part(application, key, typed, version=0, tab="t", actor=person)
    application.refresh_from_db()
    return services.submit(application, actor=grants.signatory(application.organisation))


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("ended", "ground"), [(None, Ground.PARTNERSHIP), (2 * YEAR, Ground.PARTNERSHIP), (5 * YEAR, Ground.PAST_ACTIVITY)]
)
def test_a_tie_recuses_within_the_look_back_years_and_asks_after_them(
    ended: int | None, ground: Ground, *, turned: bool
) -> None:
    call = grants.open_call()
    one = grants.submitted_application(call)
    own = eligible_organisation()
    member = accounts.user("عضو في منظمة أخرى")
    add_person(own, member, PersonRole.PREPARER)
    rules, on = facts.rules_of(call).committee, facts.today()
    assert links({member.pk}, [one], rules, on=on) == {}
    tied(*((own, one.organisation) if turned else (one.organisation, own)), ended=ended)
    ((link,),) = shown({member.pk}, [one], rules, on=on).values()
    assert link.ground == ground
    (why,) = link.evidence
    assert (why["kind"], why["record"], why["organisation"]) == ("mentor", "اتفاقية تعاون", own.name_ar)
    assert bool(why["until"]) is (ended is not None)


def test_partners_in_an_application_are_tied_to_it_to_each_other_and_to_its_sector() -> None:
    call = grants.open_call()
    lead = grants.draft_application(call)
    partner, second = eligible_organisation(), eligible_organisation()
    rival = grants.submitted_application(call)
    member = accounts.user("عضو من الشريك")
    add_person(partner, member, PersonRole.PREPARER)
    rules, on = facts.rules_of(call).committee, facts.today()
    assert links({member.pk}, [lead, rival], rules, on=on) == {}
    lead = with_partners(
        lead, f"  {partner.name_ar} ", second.name_latin.upper(), second.name_latin, "جمعية ليست في السجلات"
    )
    assert lead.partners.all()[0].name == partner.name_ar
    assert lead.partners.count() == 3
    found = links({member.pk}, [lead, rival], rules, on=on)
    assert found[member.pk, lead.pk] == [Ground.PARTNERSHIP, Ground.OWN_APPLICATION]
    assert found[member.pk, rival.pk] == [Ground.OWN_APPLICATION]
    later = Application(organisation=second, sector="education", call=call)
    ((together,),) = shown({member.pk}, [later], rules, on=on).values()
    assert (together.ground, together.evidence[0]["record"]) == (Ground.PARTNERSHIP, lead.reference)
    assert content.content_of(lead)["project"]["partners"][0] == partner.name_ar
    assert "partners" not in content.content_of(rival)["project"]
    said = {str(one.label): str(one.answer) for one in review_content(lead).basics.said}
    assert any(partner.name_ar in answer for answer in said.values())
    blind = {str(one.answer) for one in review_content(lead, names=False).basics.said}
    assert not any(partner.name_ar in answer for answer in blind)
    readers = (grants.preparer(lead.organisation), make.officer(), member, accounts.user(), None)
    assert [_read_by(person) for person in readers] == [3, 3, 0, 0, 0]
    with pytest.raises(DatabaseError, match="submitted"), transaction.atomic():
        ApplicationPartner.objects.filter(application=lead).delete()


def _read_by(person: User | None) -> int:
    """How many partners of applications PostgreSQL shows a person."""
    with identity.person(person.pk if person else None):
        return ApplicationPartner.objects.count()


def test_a_tie_takes_a_member_out_at_once_and_the_chair_reads_why() -> None:
    committee = make.constituted_committee()
    member, other = make.members(committee)[4:6]
    call, (one,) = grants.screened_call(1)
    own, former = eligible_organisation(), eligible_organisation()
    add_person(own, member.user, PersonRole.PREPARER)
    add_person(former, other.user, PersonRole.PREPARER)
    tied(former, one.organisation, kind="consortium", ended=5 * YEAR)
    panel = panels.open_panel(call, committee, actor=make.officer())
    assert not Recusal.objects.exists()
    asked = ConflictFinding.objects.get(seat=other)
    assert (asked.ground, asked.evidence[0]["kind"]) == (Ground.PAST_ACTIVITY, "consortium")
    tied(one.organisation, own)
    recusal = Recusal.objects.get(seat=member, application=one)
    assert (recusal.ground, recusal.source) == (Ground.PARTNERSHIP, "computed")
    chair = make.members(committee)[0]
    make.declare(chair, one)
    said = " ".join(entry.words for entry in register(chair.user, panel))
    assert own.name_ar in said
    assert "اتفاقية تعاون" in said
    client = Client()
    sign_in(client, User.objects.get(pk=chair.user_id), second_factor=True)
    page = client.get(reverse("committees:panel_conflicts", args=[panel.pk])).content.decode()
    assert own.name_ar in page
    assert former.name_ar in page


def test_members_see_the_partners_before_they_declare() -> None:
    committee = make.constituted_committee()
    call = grants.open_call()
    lead = with_partners(grants.draft_application(call), "جمعية السند")
    grants.closed_call(call)
    lead.refresh_from_db()
    screening.find_eligible(lead, checklist=grants.all_holds(lead), actor=make.officer())
    panel = panels.open_panel(call, committee, actor=make.officer())
    member = make.members(committee)[2]
    assert to_declare(member.user, panel)[0].partners == ("جمعية السند",)
    client = Client()
    sign_in(client, User.objects.get(pk=member.user_id), second_factor=True)
    page = client.get(reverse("committees:panel_declare", args=[panel.pk])).content.decode()
    assert "جمعية السند" in page
    assert lead.title not in page


def test_the_history_of_hosts_follows_the_profile() -> None:
    organisation, first, second = (eligible_organisation() for _ in range(3))
    person = grants.signatory(organisation)
    from organisations.rules import profile
    from organisations.services.partnerships import follow_host

    assert "fiscal_host" in profile.IDENTITY_FIELDS
    with pytest.raises(Refused):
        change_profile(organisation, {"fiscal_host": first}, actor=person)
    organisation.fiscal_host = first
    follow_host(organisation, None)
    organisation.fiscal_host = second
    follow_host(organisation, first)
    rows = Partnership.objects.filter(organisation=organisation).order_by("ends_on")
    assert [(one.partner, one.kind, one.ends_on is None) for one in rows] == [
        (first, PartnershipKind.HOST, False),
        (second, PartnershipKind.HOST, True),
    ]


def test_links_are_recorded_by_the_signatory_or_an_officer_and_never_changed(client: Client) -> None:
    organisation, other = eligible_organisation(), eligible_organisation()
    signer = User.objects.get(pk=grants.signatory(organisation).pk)
    listed = reverse("organisations:partnerships", args=[organisation.pk])
    form = reverse("organisations:partnership_record", args=[organisation.pk])
    sent = {"partner": other.name_ar, "kind": "consortium", "starts_on": "1/2/2024", "basis": "منحة مشتركة"}
    sign_in(client, signer, second_factor=True)
    wrong = client.post(form, {**sent, "partner": "لا أحد بهذا الاسم"})
    assert wrong.status_code == 200
    assert "لا أحد بهذا الاسم" in wrong.content.decode()
    assert client.post(form, sent).status_code == 302
    assert client.post(form, sent).status_code == 200, "it is recorded already"
    row = Partnership.objects.get()
    assert other.name_ar in client.get(listed).content.decode()
    assert client.post(
        reverse("organisations:partnership_close", args=[organisation.pk, row.pk]), {"reason": "انتهت الاتفاقية"}
    )
    row.refresh_from_db()
    assert row.ends_on == facts.today()
    for change in ({"basis": "x"}, {"starts_on": facts.today()}, {"ends_on": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Partnership.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(Refused):
        end_partnership(row, actor=signer)
    answers: dict[str, Any] = {}
    people = {
        "other": grants.signatory(other),
        "auditor": accounts.officer(Role.AUDITOR),
        "board": accounts.officer(Role.BOARD_MEMBER),
        "stranger": accounts.user(),
    }
    for name, person in people.items():
        browser = Client()
        sign_in(browser, User.objects.get(pk=person.pk), second_factor=True)
        answers[name] = (browser.get(listed).status_code, browser.get(form).status_code)
    assert answers == {"other": (404, 404), "auditor": (200, 403), "board": (403, 403), "stranger": (404, 404)}
    theirs = Client()
    sign_in(theirs, User.objects.get(pk=people["other"].pk), second_factor=True)
    for somebody, number in (
        (people["other"], 1),
        (people["auditor"], 1),
        (people["board"], 0),
        (people["stranger"], 0),
    ):
        with identity.person(somebody.pk):
            assert Partnership.objects.count() == number
    assert organisation.name_ar in theirs.get(reverse("organisations:partnerships", args=[other.pk])).content.decode()


def test_computing_ties_costs_the_same_for_one_application_and_three() -> None:
    call = grants.open_call()
    listed = [grants.submitted_application(call) for _ in range(3)]
    own = eligible_organisation()
    member = accounts.user("عضو")
    add_person(own, member, PersonRole.PREPARER)
    for one in listed:
        tied(one.organisation, own)
    rules, numbers = facts.rules_of(call).committee, []
    for some in (listed[:1], listed):
        with CaptureQueriesContext(connection) as queries:
            links({member.pk}, some, rules, on=facts.today())
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
