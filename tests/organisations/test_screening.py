"""Names against lists of sanctions: read, compared across scripts, judged by two, in the way of awards and payments."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.roles import Role
from audit import outbox
from audit.fsck import findings
from audit.models import OutboxMessage
from audit.selectors import timeline
from kernel import identity
from kernel.permissions import Refused
from kernel.work import work_for
from organisations import named, rules
from organisations.models import (
    HitJudgement,
    ListedEntry,
    Organisation,
    OrganisationScreening,
    SanctionsList,
    ScreeningHit,
)
from organisations.screening_words import SENTENCES, refusal_in_words
from organisations.services import end_partnership, record_partnership, screening
from organisations.states import HitState, ListState, Occasion
from tests.costs import queries_of
from tests.factories import accounts, awards
from tests.factories import disbursements as money
from tests.factories import organisations as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Refusals are read in English here."""
    with translation.override("en"):
        yield


FEARED = "سامر يعرب المختار"
ENTRY = (
    "<INDIVIDUAL><FIRST_NAME>{name}</FIRST_NAME><REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER><UN_LIST_TYPE>Test</UN_LIST_TYPE>"
    "<NATIONALITY><VALUE>Nowhere</VALUE></NATIONALITY><INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>{alias}</ALIAS_NAME>"
    "</INDIVIDUAL_ALIAS><INDIVIDUAL_DATE_OF_BIRTH><YEAR>{year}</YEAR></INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL>"
)
SOMEBODY = ("Zbigniew Wolframstein", "XX.001", 1900)


def un(*people: tuple[str, str, int], day: str = "2026-01-01") -> "ContentFile[bytes]":
    """A list in the shape of the Security Council's; everybody on it is invented."""
    rows = "".join(ENTRY.format(name=name, reference=ref, year=year, alias="The Tall") for name, ref, year in people)
    text = f'<CONSOLIDATED_LIST dateGenerated="{day}T00:00:00Z"><INDIVIDUALS>{rows}</INDIVIDUALS></CONSOLIDATED_LIST>'
    return ContentFile(text.encode(), name="consolidated.xml")


def in_force(*people: tuple[str, str, int], day: str = "2026-01-01", drained: bool = True) -> SanctionsList:
    taken = screening.take_list("un", un(*people, day=day), actor=make.colleague(Role.FINANCE_OFFICER))
    outbox.drain(500) if drained else screening.read_list({"version": str(taken.pk), "start": 0})
    return SanctionsList.objects.get(pk=taken.pk)


def feared(name: str = "Samir Yarub al-Mukhtar") -> tuple[str, str, int]:
    return name, "XX.002", 1960


@pytest.fixture
def organisation() -> Organisation:
    """An eligible organisation whose signatory bears a feared name."""
    made = make.eligible_organisation()
    person = made.people.first()
    assert person is not None
    person.user.full_name = FEARED
    person.user.save(update_fields=["full_name"])
    return made


def found(organisation: Organisation) -> ScreeningHit:
    return ScreeningHit.objects.get(organisation=organisation)


def a_likeness(organisation: Organisation) -> ScreeningHit:
    """A person of the organisation bears a feared name; one officer has judged already."""
    person = organisation.people.first()
    assert person is not None
    person.user.full_name = FEARED
    person.user.save(update_fields=["full_name"])
    in_force(SOMEBODY, feared())
    judge = accounts.officer(Role.FINANCE_OFFICER)
    return screening.judge(found(organisation), verdict="unclear", reason="تاريخ الميلاد غير معروف.", actor=judge)


def browser(*roles: str) -> tuple[Client, Any]:
    client, user = Client(headers={"accept-language": "en"}), accounts.officer(*roles)
    accounts.sign_in(client, user, second_factor=True)
    return client, user


def test_an_arabic_name_is_found_by_its_latin_spelling_and_judged_by_two(organisation: Organisation) -> None:
    assert rules.is_clear(organisation)
    in_force(SOMEBODY, feared())
    hit = found(organisation)
    assert (hit.name, hit.subject, hit.entry.reference) == (FEARED, "person", "XX.002")
    assert not rules.is_clear(organisation)
    first, second = accounts.officer(Role.PROGRAMME_OFFICER), accounts.officer(Role.FINANCE_OFFICER)
    assert reverse("organisations:screening_hit", args=[hit.pk]) in {item.url for item in work_for(first)}
    hit = screening.judge(hit, verdict="other", reason="Born forty years later.", actor=first)
    assert hit.state == HitState.LOOKED_AT
    with pytest.raises(Refused):
        screening.judge(hit, verdict="other", reason="Once more.", actor=first)
    hit = screening.judge(hit, verdict="other", reason="Seen the passport.", actor=second)
    assert hit.state == HitState.CLEARED
    assert rules.is_clear(organisation)
    assert len(timeline(hit)) == 3
    assert not list(findings())


def test_two_who_disagree_are_decided_by_the_fund_manager_and_doubt_pays_nobody(organisation: Organisation) -> None:
    in_force(feared())
    hit, officers = found(organisation), [accounts.officer(Role.PROGRAMME_OFFICER) for _ in range(3)]
    screening.judge(hit, verdict="other", reason="Other year.", actor=officers[0])
    hit = screening.judge(hit, verdict="unclear", reason="No papers.", actor=officers[1])
    assert hit.state == HitState.DISPUTED
    with pytest.raises(Refused):
        screening.judge(hit, verdict="other", reason="I am sure.", actor=officers[2])
    hit = screening.judge(hit, verdict="unclear", reason="Nobody can say.", actor=accounts.officer(Role.FUND_MANAGER))
    assert hit.state == HitState.CONFIRMED
    assert not rules.is_clear(organisation)


def test_what_was_cleared_is_remembered_for_the_same_words_of_the_list_only(organisation: Organisation) -> None:
    in_force(feared(), day="2026-01-01")
    hit = found(organisation)
    for role in (Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER):
        hit = screening.judge(hit, verdict="other", reason="Not the same.", actor=accounts.officer(role))
    later = in_force(feared(), SOMEBODY, day="2026-01-02")
    assert (later.added, later.changed, later.gone) == (1, 0, 0)
    assert rules.is_clear(organisation)
    assert ScreeningHit.objects.count() == 1
    changed = in_force((feared()[0], "XX.002", 1961), day="2026-01-03")
    assert (changed.added, changed.changed, changed.gone) == (0, 1, 1)
    assert ScreeningHit.objects.filter(state=HitState.OPEN).count() == 1
    assert not rules.is_clear(organisation)
    in_force(SOMEBODY, day="2026-01-04")
    assert rules.is_clear(organisation), "who is taken off the list stands in nobody's way"


def test_a_new_name_is_compared_before_anything_is_paid() -> None:
    payment = money.prepared_payment(tier="L")
    organisation = payment.tranche.grant.organisation
    in_force(SOMEBODY, feared())
    assert rules.is_clear(organisation)
    person = organisation.people.first()
    assert person is not None
    person.user.full_name = FEARED
    person.user.save(update_fields=["full_name"])
    client, _officer = browser(Role.FUND_MANAGER)
    assert not rules.is_clear(Organisation.objects.get(pk=organisation.pk)), "not compared yet"
    with pytest.raises(Refused, match="being compared"):
        money.sent_payment(payment)
    page = client.post(reverse("organisations:of_screening", args=[organisation.pk]), follow=True)
    assert "compared within minutes" in page.content.decode()
    outbox.drain(100)
    with pytest.raises(Refused, match="two people judge"):
        money.sent_payment(payment)
    asked = OrganisationScreening.objects.filter(organisation=organisation, occasion=Occasion.ASKED)
    assert asked.get().hits == 1


def test_an_offer_waits_for_a_clear_name() -> None:
    grant = awards.awarded_grant()
    in_force((grant.organisation.name_latin, "XX.009", 1950))
    from grants.rules.grants import may_send_offer

    answer = may_send_offer(grant, actor=awards.programme_officer(), event=None)  # type: ignore[arg-type]
    assert not answer
    assert "two people judge" in str(answer.reason)


def test_every_name_of_an_organisation_is_compared(organisation: Organisation) -> None:
    make.verified_bank_account(organisation)
    kinds = {one.kind.value for one in named.subjects_of(organisation)}
    assert kinds == {"organisation", "person", "account_holder"}


def test_a_partner_in_a_consortium_is_compared_while_the_link_lasts(organisation: Organisation) -> None:
    partner = make.registered_organisation()
    actor = make.signatory_of(organisation)
    day = timezone.localdate()
    owed = OutboxMessage.objects.filter(kind=screening.SCREEN, payload__organisation=str(organisation.pk))
    before = owed.count()
    record_partnership(organisation, partner, kind="mentor", starts_on=day, basis="agreement", actor=actor)
    assert owed.count() == before
    link = record_partnership(organisation, partner, kind="consortium", starts_on=day, basis="agreement", actor=actor)
    assert owed.count() == before + 1
    names = [one.name for one in named.subjects_of(organisation) if one.kind == "partner"]
    assert names == sorted([partner.name_ar, partner.name_latin])
    end_partnership(link, actor=actor)
    assert not [one for one in named.subjects_of(organisation) if one.kind == "partner"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html/>", "kind"),
        (b"<CONSOLIDATED_LIST/>", "empty"),
        (b"no xml", "xml"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><CONSOLIDATED_LIST/>', "declares"),
        (b"<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL/></INDIVIDUALS></CONSOLIDATED_LIST>", "content"),
    ],
)
def test_what_is_no_list_is_refused_and_changes_nothing(content: bytes, code: str) -> None:
    before = in_force(SOMEBODY)
    taken = screening.take_list("un", ContentFile(content, name="x.xml"), actor=make.colleague(Role.FINANCE_OFFICER))
    outbox.drain(100)
    taken.refresh_from_db()
    assert (taken.state, taken.refusal.partition(":")[0]) == (ListState.REFUSED, code)
    assert refusal_in_words(taken.refusal) == SENTENCES[code] % {"detail": taken.refusal.partition(": ")[2]}
    before.refresh_from_db()
    assert before.state == ListState.IN_FORCE


def test_an_older_version_does_not_take_anybody_off() -> None:
    in_force(SOMEBODY, feared(), day="2026-02-01")
    older = in_force(SOMEBODY, day="2026-01-01")
    assert (older.state, older.refusal) == (ListState.REFUSED, "older: 2026-01-01")
    assert ListedEntry.objects.filter(version__state=ListState.IN_FORCE).count() == 2


def test_the_same_file_twice_is_one_version_and_a_list_of_many_is_read_in_parts() -> None:
    officer = make.colleague(Role.FINANCE_OFFICER)
    people = [(f"Zbigniew Wolframstein {number}", f"XX.{number:04}", 1900) for number in range(1001)]
    one = screening.take_list("un", un(*people), actor=officer)
    assert screening.take_list("un", un(*people), actor=officer) == one
    screening.read_list({"version": str(one.pk), "start": 0})
    screening.read_list({"version": str(one.pk), "start": 0})
    one.refresh_from_db()
    assert (one.state, one.entries_read, one.entries) == (ListState.TAKEN, 1000, 0)
    outbox.drain(100)
    one.refresh_from_db()
    assert (one.state, one.entries) == (ListState.IN_FORCE, 1001)


def test_ofacs_tables_are_taken_with_their_aliases(organisation: Organisation) -> None:
    sdn = (
        '7,"MUKHTAR, Samir Yarub","individual","TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 05 May 1960; nationality Nowhere."\n'
        '8,"SHIP","vessel","TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n\x1a'
    )
    alt = '7,1,"aka","AL-MUKHTAR, Samer",-0- \n'
    files = [ContentFile(text.encode(), name=name) for text, name in ((sdn, "sdn.csv"), (alt, "alt.csv"))]
    screening.take_list("ofac", files[0], aliases=files[1], actor=make.colleague(Role.FINANCE_OFFICER))
    outbox.drain(100)
    entry = ListedEntry.objects.get()
    assert entry.names["strong"] == ["Samir Yarub MUKHTAR", "Samer AL-MUKHTAR"]
    assert (entry.births, entry.countries) == (["05 May 1960"], ["Nowhere"])
    assert found(organisation).entry == entry


def test_the_command_takes_a_file_and_says_what_changed(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.xml"
    path.write_bytes(un(SOMEBODY).read())
    call_command("import_sanctions", "un", str(path))
    assert "1 entries, 1 new, 0 changed, 0 taken off" in capsys.readouterr().out
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_sanctions", "un", str(tmp_path / "none.xml"))
    path.write_bytes(b"<html/>")
    with pytest.raises(CommandError, match="kind"):
        call_command("import_sanctions", "un", str(path))


def test_pages_of_lists_and_likenesses(organisation: Organisation) -> None:
    client, _user = browser(Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER)
    home, new = reverse("organisations:screening"), reverse("organisations:new_sanctions_list")
    assert "nobody is compared" in client.get(home).content.decode()
    page = client.post(new, {"source": "un", "file": ContentFile(b"x", name="x.csv")}).content.decode()
    assert "ends in .xml" in page
    assert client.post(new, {"source": "un", "file": un(feared())}).status_code == 302
    outbox.drain(100)
    assert FEARED in client.get(home).content.decode()
    address = reverse("organisations:screening_hit", args=[found(organisation).pk])
    shown = client.get(address).content.decode()
    assert "XX.002" in shown
    assert "The Tall" in shown
    assert (
        "Choose" in client.post(address, {"reason": ""}).content.decode() or not found(organisation).judgements.exists()
    )
    assert client.post(address, {"verdict": "other", "reason": "Another year of birth."}).status_code == 302
    assert found(organisation).state == HitState.LOOKED_AT
    assert "You have judged this likeness" in client.get(address).content.decode()
    second, _user = browser(Role.FUND_MANAGER)
    blind = second.get(address).content.decode()
    assert "Another person has judged" in blind
    assert "Another year of birth." not in blind
    second.post(address, {"verdict": "other", "reason": "Another town."})
    assert "Another year of birth." in second.get(address).content.decode()


def test_neither_the_organisation_nor_a_colleague_of_it_nor_a_stranger_reads_a_likeness(
    organisation: Organisation,
) -> None:
    in_force(feared())
    address = reverse("organisations:screening_hit", args=[found(organisation).pk])
    own = Client()
    person = organisation.people.first()
    assert person is not None
    accounts.sign_in(own, person.user, second_factor=True)
    assert own.get(address).status_code in (403, 404)
    assert own.get(reverse("organisations:of_screening", args=[organisation.pk])).status_code in (403, 404)
    client, officer = browser(Role.PROGRAMME_OFFICER)
    make.past_person(organisation, officer, "preparer", starts_on=date(2020, 1, 1), ends_on=date(2020, 2, 1))
    assert client.get(address).status_code == 404
    assert Client().get(address).status_code in (302, 404)


def test_the_second_wall_shows_likenesses_to_officers_and_auditors_only(organisation: Organisation) -> None:
    in_force(feared())
    screening.judge(
        found(organisation), verdict="other", reason="Born later.", actor=accounts.officer(Role.FUND_MANAGER)
    )
    tables = (OrganisationScreening, ScreeningHit, HitJudgement)
    owner = organisation.people.first()
    assert owner is not None
    readers = {
        accounts.officer(Role.FINANCE_OFFICER): True, accounts.officer(Role.AUDITOR): True,
        accounts.officer(Role.BOARD_MEMBER): False, owner.user: False, None: False,
    }  # fmt: skip
    for reader, reads in readers.items():
        with identity.person(reader.pk if reader else None):
            assert [table._default_manager.exists() for table in tables] == [reads] * 3


def test_the_database_refuses_a_verdict_without_its_event_and_a_changed_entry(organisation: Organisation) -> None:
    in_force(feared())
    for sql in (
        "UPDATE organisations_screeninghit SET state = 'cleared'",
        "UPDATE organisations_listedentry SET reference = 'x'",
        "DELETE FROM organisations_sanctionslist",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_list_of_likenesses_costs_the_same_for_one_and_three() -> None:
    client, _user = browser(Role.PROGRAMME_OFFICER)
    made = [make.eligible_organisation() for _ in range(3)]
    for one in made:
        person = one.people.first()
        assert person is not None
        person.user.full_name = FEARED
        person.user.save(update_fields=["full_name"])
    in_force(feared(), drained=False)
    counts = []
    for several in (made[:1], made[1:]):
        for one in several:
            screening.screen(one, Occasion.NEW_LIST)
        counts.append(queries_of(lambda: client.get(reverse("organisations:screening"))))
    assert ScreeningHit.objects.count() == 3
    assert counts[0] == counts[1]
