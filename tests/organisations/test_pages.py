"""Pages of organisations: what each person sees, and what hostile requests get."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.services import token_of
from audit.context import correlated
from charter.selectors import charter_in_force
from kernel.work import work_for
from organisations import selectors, services, work
from organisations.models import Organisation
from organisations.states import CheckItem, Declaration
from tests.costs import queries_of
from tests.factories import accounts, files
from tests.factories import organisations as made

pytestmark = pytest.mark.django_db


def at(name: str, organisation: Organisation, *more: Any) -> str:
    return reverse(f"organisations:{name}", args=[organisation.pk, *more])


def visitor(person: User, *, second_factor: bool = False, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    accounts.sign_in(client, person, second_factor)
    return client


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "name_ar": "جمعية الأثر الطيب",
        "name_latin": "Good Trace Association",
        "type": "association",
        "founded_year": "٢٠١٤",
        "registration_state": "mosal",
        "governorates": ["SY02", "SY14"],
        "last_year_expenditure_minor": "١٢٬٥٠٠٫٥٠",
        "email": "office@example.org",
        "phone": "+963 11 123 4567",
        **fields,
    }


class TestRegistering:
    def test_arabic_digits_are_read(self) -> None:
        person = accounts.user()
        answer = visitor(person).post(reverse("organisations:register"), typed())
        organisation = Organisation.objects.get()
        assert answer.status_code == 302
        assert answer["Location"] == at("detail", organisation)
        assert (organisation.founded_year, organisation.last_year_expenditure_minor) == (2014, 12_500_50)
        assert made.signatory_of(organisation) == person

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("last_year_expenditure_minor", "1e3", ""),
            ("last_year_expenditure_minor", "1_000", ""),
            ("founded_year", "1066", "1850"),
            ("name_ar", "Good Trace", "Arabic letters"),
            ("name_latin", "جمعية", "Latin letters"),
            ("name_latin", "Gооd Trace", "two alphabets"),
            ("name_ar", "جمعية\u202eالأثر", "invisible"),
            ("phone", "call me", "country code"),
            ("email", "nobody", ""),
        ],
    )
    def test_what_cannot_be_read_is_said_beside_the_field_and_nothing_is_lost(
        self, field: str, value: str, message: str
    ) -> None:
        answer = visitor(accounts.user()).post(reverse("organisations:register"), typed(**{field: value}))
        assert answer.status_code == 200
        assert not Organisation.objects.exists()
        form = answer.context["form"]
        assert list(form.errors) == [field]
        assert message in str(form.errors)
        page = answer.content.decode()
        assert "+963 11 123 4567" in page or field == "phone"
        assert "جمعية الأثر الطيب" in page or field == "name_ar"
        if value.isascii():
            assert value in page

    def test_a_look_alike_is_named(self) -> None:
        made.registered_organisation(name_ar="جمعية الأثر الطيب")
        answer = visitor(accounts.user()).post(reverse("organisations:register"), typed(name_ar="جمعيه الاثر الطيّب"))
        assert "is registered already" in str(answer.context["form"].errors["name_ar"])

    def test_officers_of_the_secretariat_do_not(self) -> None:
        person = accounts.officer(Role.PROGRAMME_OFFICER)
        assert visitor(person).get(reverse("organisations:register")).status_code == 403


SEEN = ["detail", "proofs", "people", "bank_accounts"]


class TestStrangers:
    @pytest.mark.parametrize("name", [*SEEN, "submit", "add_proof", "invite"])
    def test_another_organisation_does_not_exist(self, name: str) -> None:
        other = made.complete_profile()
        client = visitor(made.signatory_of(made.registered_organisation()), second_factor=True)
        assert client.get(at(name, other)).status_code == 404

    def test_nor_do_its_parts(self) -> None:
        other, own = made.complete_profile(), made.complete_profile()
        client = visitor(made.signatory_of(own), second_factor=True)
        proof = other.proofs.first()
        account = made.recorded_bank_account(other)
        person = selectors.people_of(other).get()
        assert client.get(at("section", other, "contact")).status_code == 404
        assert client.get(at("proof_file", other, proof.pk)).status_code == 404  # type: ignore[union-attr]
        assert client.get(at("proof_file", own, proof.pk)).status_code == 404  # type: ignore[union-attr]
        assert client.get(at("end_person", own, person.pk)).status_code == 404
        assert client.get(at("retire_bank_account", own, account.pk)).status_code == 404
        assert client.get(at("retire_bank_account", other, account.pk)).status_code == 404
        person.refresh_from_db()
        assert person.ends_on is None

    def test_nobody_signed_in_is_sent_to_sign_in(self) -> None:
        answer = Client().get(at("detail", made.registered_organisation()))
        assert answer.status_code == 302
        assert "login" in answer["Location"]

    @pytest.mark.parametrize("name", ["review", "assess", "decide", "suspend", "reinstate"])
    def test_the_funds_decisions_are_for_its_officers(self, name: str) -> None:
        organisation = made.assessed_organisation()
        assert visitor(made.signatory_of(organisation)).post(at(name, organisation)).status_code == 403


class TestPreparers:
    def test_they_write_but_do_not_submit(self) -> None:
        made.needs_charter()
        organisation = made.complete_profile()
        client = visitor(made.preparer_of(organisation))
        answer = client.post(at("submit", organisation), {"declarations": Declaration.values})
        assert answer.status_code == 403
        assert "authorised signatory" in answer.content.decode()
        assert client.get(at("section", organisation, "contact")).status_code == 200
        assert client.get(at("bank_accounts", organisation)).status_code == 403
        assert client.get(at("invite", organisation)).status_code == 403


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"\0" * 20_000_000)
    return buffer.getvalue()


class TestDocuments:
    def sent(self, organisation: Organisation, name: str, data: bytes) -> Any:
        values = {"kind": "certificate", "number": "١٢/ب", "issued_by": "الوزارة", "issued_on": "01/02/2024"}
        upload = SimpleUploadedFile(name, data, content_type="application/pdf")
        return visitor(made.signatory_of(organisation)).post(at("add_proof", organisation), {**values, "file": upload})

    def test_a_document_is_kept_and_comes_back_as_a_download(self) -> None:
        organisation = made.registered_organisation()
        assert self.sent(organisation, "شهادة.pdf", files.PDF).status_code == 302
        proof = organisation.proofs.get()
        assert (proof.issued_on.year, proof.issued_on.month) == (2024, 2)
        answer = visitor(made.signatory_of(organisation)).get(at("proof_file", organisation, proof.pk))
        assert b"".join(answer.streaming_content) == files.PDF  # type: ignore[attr-defined]
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Cache-Control"] == "private, no-store"
        answer.close()

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("page.pdf", b"<html><script>alert(1)</script></html>"),
            ("bomb.docx", archive()),
            ("bomb.pdf", archive()),
            ("large.pdf", files.PDF + b"%" * 11_000_000),
            ("picture.svg", b"<svg onload='alert(1)'/>"),
        ],
        ids=["html", "docx", "renamed zip", "large", "svg"],
    )
    def test_what_pretends_is_refused_beside_the_field(self, name: str, data: bytes) -> None:
        organisation = made.registered_organisation()
        answer = self.sent(organisation, name, data)
        assert answer.status_code == 200
        assert list(answer.context["form"].errors) == ["file"]
        assert "١٢/ب" in answer.content.decode()
        assert not organisation.proofs.exists()


def test_a_name_that_turns_around_never_reaches_the_disk() -> None:
    organisation = made.registered_organisation()
    assert TestDocuments().sent(organisation, "scan\u202efdp.exe.pdf", files.PDF).status_code == 302
    stored = str(organisation.proofs.get().file.name)
    assert stored.endswith(".pdf")
    assert "exe" not in stored


def test_the_whole_way_through_the_pages() -> None:
    """Registered, completed, submitted, checked, assessed, found eligible: each step by the person whose turn it is."""
    made.needs_charter()
    signatory = accounts.user()
    ngo = visitor(signatory)
    ngo.post(reverse("organisations:register"), typed())
    organisation = Organisation.objects.get()
    ngo.post(at("section", organisation, "registration"), {"registration_state": "mosal", "registration_number": "R-1"})
    ngo.post(
        at("section", organisation, "contact"), {"email": "a@example.org", "phone": "+96311123456", "about": "نحن"}
    )
    for kind in ("certificate", "statutes"):
        ngo.post(
            at("add_proof", organisation),
            {"kind": kind, "issued_by": "x", "issued_on": "2024-01-01", "file": files.pdf()},
        )
    assert "Submit for the check" in ngo.get(at("detail", organisation)).content.decode()
    ngo.post(at("submit", organisation), {"declarations": Declaration.values})
    officer, manager = accounts.officer(Role.PROGRAMME_OFFICER), accounts.officer(Role.FUND_MANAGER)
    assert [item.title for item in work_for(officer)] == [organisation.name]
    desk = visitor(officer)
    answers = {f"item_{item}": "in_order" for item in CheckItem.values}
    refused = desk.post(at("review", organisation), {**answers, "item_board": "missing"})
    assert "reason" in refused.context["form"].errors
    assert desk.post(at("review", organisation), answers).status_code == 302
    scores = {f"level-{question}": "2" for question in charter_in_force().rules.capacity.questions}
    found = {**scores, "way": "desk", "advice": "وثّقوا المشتريات"}
    assert desk.post(at("assess", organisation), found).status_code == 302
    boss = visitor(manager)
    assert "medium risk" in boss.get(at("decide", organisation)).content.decode()
    assert boss.post(at("decide", organisation), {"decision": "eligible", "reason": "حسب الميثاق"}).status_code == 302
    organisation.refresh_from_db()
    assert (organisation.state, organisation.tier, organisation.capacity_score) == ("eligible", "M", 67)
    passport = ngo.get(at("detail", organisation)).content.decode()
    assert "The capacity score is 67" in passport
    assert "وثّقوا المشتريات" in passport
    assert {notice.kind for notice in signatory.notices.all()} == {
        "organisations.due_diligence_cleared",
        "organisations.found_eligible",
    }


def test_returned_papers_come_back_with_words() -> None:
    organisation = made.submitted_organisation()
    desk = visitor(made.colleague(Role.PROGRAMME_OFFICER))
    answers = {f"item_{item}": "in_order" for item in CheckItem.values} | {
        "item_board": "missing",
        "reason": "أضيفوا المجلس",
    }
    assert desk.post(at("review", organisation), answers).status_code == 302
    page = visitor(made.signatory_of(organisation)).get(at("detail", organisation)).content.decode()
    assert "أضيفوا المجلس" in page
    assert "returned the profile" in page


class TestBankAccounts:
    def test_a_change_asks_for_a_fresh_second_factor(self) -> None:
        organisation = made.eligible_organisation()
        person = made.signatory_of(organisation)
        assert "confirm" in visitor(person).get(at("add_bank_account", organisation))["Location"]
        values = {"holder_latin": "A", "holder_ar": "ا", "bank": "B", "number": made.IBAN, "currency": "USD"}
        assert visitor(person).post(at("add_bank_account", organisation), values).status_code == 403
        assert not organisation.bank_accounts.exists()
        assert visitor(person, second_factor=True).post(at("add_bank_account", organisation), values).status_code == 302
        account = organisation.bank_accounts.get()
        finance = visitor(accounts.officer(Role.FINANCE_OFFICER), second_factor=True)
        page = finance.get(at("verify_bank_account", organisation, account.pk)).content.decode()
        assert made.IBAN in page
        forged = {"channel": "call", "fingerprint": "0" * 64}
        assert (
            "not those that you were shown"
            in finance.post(at("verify_bank_account", organisation, account.pk), forged).content.decode()
        )
        fine = {"channel": "call", "fingerprint": account.fingerprint}
        assert finance.post(at("verify_bank_account", organisation, account.pk), fine).status_code == 302
        account.refresh_from_db()
        assert account.state == "verified"
        assert "organisations.bank_account_verified" in {notice.kind for notice in person.notices.all()}

    def test_a_wrong_iban_is_said_beside_the_field(self) -> None:
        organisation = made.eligible_organisation()
        client = visitor(made.signatory_of(organisation), second_factor=True)
        values = {"holder_latin": "A", "holder_ar": "ا", "bank": "B", "number": made.IBAN[:-1] + "9", "currency": "USD"}
        answer = client.post(at("add_bank_account", organisation), values)
        assert list(answer.context["form"].errors) == ["number"]


class TestPeople:
    def test_invite_take_back_and_end(self) -> None:
        organisation = made.registered_organisation()
        client = visitor(made.signatory_of(organisation), second_factor=True)
        values = {"full_name": "سلمى التجريبية", "email": "s@people.example", "role": "preparer", "language": "ar"}
        assert client.post(at("invite", organisation), values).status_code == 302
        invitation = selectors.invitations_of(organisation).get()
        assert "سلمى التجريبية" in client.get(at("people", organisation)).content.decode()
        assert client.post(at("withdraw_invitation", organisation, invitation.pk)).status_code == 302
        assert not selectors.invitations_of(organisation).exists()
        preparer = selectors.people_of(organisation).get(user=made.preparer_of(organisation))
        assert client.get(at("end_person", organisation, preparer.pk)).status_code == 200
        assert client.post(at("end_person", organisation, preparer.pk)).status_code == 302
        assert selectors.people_of(organisation).count() == 1


class TestList:
    def test_it_costs_the_same_for_one_and_for_three(self) -> None:
        client, url = visitor(accounts.officer(Role.PROGRAMME_OFFICER)), reverse("organisations:list")
        costs = []
        for number in (1, 2):
            for _ in range(number):
                made.registered_organisation()
            costs.append(queries_of(lambda: client.get(url)))
        assert client.get(url).content.decode().count("<tr>") == 3 + 1
        assert costs[0] == costs[1]

    def test_filters_stand_in_the_url(self) -> None:
        here = made.registered_organisation(governorates=["SY07"], name_ar="مبادرة الأمل")
        made.registered_organisation(governorates=["SY01"])
        client = visitor(accounts.officer(Role.AUDITOR))
        for query in ("governorate=SY07", "words=الامل", "state=registered&governorate=SY07"):
            page = client.get(f"{reverse('organisations:list')}?{query}").context["page"]
            assert list(page) == [here]
        assert list(client.get(f"{reverse('organisations:list')}?tier=M").context["page"]) == []
        assert len(client.get(f"{reverse('organisations:list')}?state=nonsense&page=99").context["page"]) == 2

    def test_work_costs_the_same_for_one_and_for_three(self) -> None:
        officer = accounts.officer(Role.PROGRAMME_OFFICER)
        costs = []
        for number in (1, 2):
            for _ in range(number):
                made.submitted_organisation()
            with correlated():
                costs.append(queries_of(lambda: list(work.organisations_to_judge(officer))))
        assert len(list(work.organisations_to_judge(officer))) == 3
        assert costs[0] == costs[1]


READING = ["detail", "proofs", "people", "bank_accounts", "suspend"]


@pytest.mark.parametrize("language", ["ar", "ku", "en"])
def test_every_page_renders_in_every_language(language: str) -> None:
    organisation = made.eligible_organisation()
    made.recorded_bank_account(organisation)
    manager = visitor(made.colleague(Role.FUND_MANAGER), second_factor=True, language=language)
    for name in READING:
        assert manager.get(at(name, organisation)).status_code == 200, name
    people = visitor(made.signatory_of(organisation), second_factor=True, language=language)
    for name in ["detail", "proofs", "add_proof", "people", "invite", "submit", "bank_accounts", "add_bank_account"]:
        assert people.get(at(name, organisation)).status_code == 200, name
    for section in ("identity", "registration", "work", "contact"):
        page = people.get(at("section", organisation, section))
        assert page.status_code == 200
    assert people.get(reverse("organisations:mine")).status_code == 302
    assert people.get(reverse("organisations:register")).status_code == 200
    assert people.get(at("section", organisation, "nothing")).status_code == 404
    stranger = visitor(accounts.user(), language=language)
    assert stranger.get(reverse("organisations:mine")).status_code == 200


def test_locked_fields_keep_what_the_fund_checked() -> None:
    organisation = made.eligible_organisation()
    client = visitor(made.signatory_of(organisation))
    values = {"governorates": ["SY01"], "last_year_expenditure_minor": "1", "women_led": "on"}
    assert client.post(at("section", organisation, "work"), values).status_code == 302
    organisation.refresh_from_db()
    assert (organisation.governorates, organisation.women_led) == (["SY01"], False)


def test_suspension_through_the_pages() -> None:
    organisation = made.eligible_organisation()
    client = visitor(made.colleague(Role.FUND_MANAGER), second_factor=True)
    assert client.post(at("suspend", organisation), {"reason": ""}).status_code == 200
    assert client.post(at("suspend", organisation), {"reason": "قضية"}).status_code == 302
    assert client.get(at("reinstate", organisation)).status_code == 200
    assert client.post(at("reinstate", organisation), {"reason": "أُغلقت"}).status_code == 302
    organisation.refresh_from_db()
    assert organisation.state == "eligible"
    assert organisation.eligible_until is not None
    assert organisation.eligible_until > timezone.localdate()


def test_its_people_read_the_score_with_the_decision_and_not_before() -> None:
    organisation = made.assessed_organisation(71)
    page = visitor(made.signatory_of(organisation)).get(at("detail", organisation)).content.decode()
    assert "the score comes with the decision" in page
    assert "71 of 100" not in page
    desk = visitor(made.colleague(Role.PROGRAMME_OFFICER)).get(at("detail", organisation)).content.decode()
    assert "71 of 100" in desk


def test_the_only_signatory_stays_one_whatever_they_accept() -> None:
    organisation = made.registered_organisation()
    only = made.signatory_of(organisation)
    told: dict[str, Any] = {"email": only.email, "full_name": only.full_name, "actor": only}
    invitation = services.invite_person(organisation, role="preparer", **told)
    answer = visitor(only).post(reverse("accounts:invitation", args=[token_of(invitation)]))
    assert answer.status_code == 403
    assert "only authorised signatory" in answer.content.decode()
    assert made.signatory_of(organisation) == only


def test_a_field_that_cannot_be_changed_says_why() -> None:
    organisation = made.eligible_organisation()
    page = visitor(made.signatory_of(organisation)).get(at("section", organisation, "identity")).content.decode()
    assert "The fund has checked this with your papers." in page
