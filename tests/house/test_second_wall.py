"""The second wall: PostgreSQL answers for the person of the request, however wrong the query is."""

from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accountability.models import Complaint, Message, RevengeCheck
from accounts.roles import Role
from audit import walls
from committees.models import (
    AgendaItem,
    Alert,
    AlertDeclaration,
    AlertVote,
    Appeal,
    AppealEvidence,
    AppealPanelist,
    AppealVote,
    Assignment,
    AssignmentProposal,
    ComputedFacts,
    ConceptScore,
    ConflictCase,
    ConflictDeclaration,
    ConflictFinding,
    Decision,
    Expertise,
    OnCall,
    ProposalChange,
    Recusal,
    Score,
    Scorecard,
    Vote,
    WaitingProposal,
)
from committees.selectors import appeals as appeal_selectors
from committees.services import appeals, cases, conflicts, meetings, proposals
from committees.states import AppealChoice, AppealGround, ConflictGround, ConflictKind, VoteChoice
from disbursements.models import (
    Approval,
    BankStatement,
    ConditionWaiver,
    Conversion,
    DisbursementRequest,
    FundAccount,
    LineDecision,
    Payment,
    PaymentProvider,
    PaymentRun,
    PaymentRunLine,
    ProviderScreening,
    Refund,
    StatementLine,
    Tranche,
    Voucher,
    VoucherTry,
)
from funds.models import (
    CardDifference,
    CardEntry,
    Gift,
    GiftRefund,
    Giver,
    GivingCertificate,
    PayoutArrival,
    WebhookDelivery,
)
from grants.models import (
    Answer,
    Application,
    ApplicationPartner,
    ApplicationUserObjectPermission,
    Attachment,
    AwardCondition,
    BudgetLine,
    CallQuestion,
    ConceptNote,
    ConditionEvidence,
    EligibilityAnswer,
    ExpectedResult,
    Feedback,
    FileErasure,
    Grant,
    GrantFunding,
    Indicator,
    Letter,
    PartComment,
    ReligiousBasis,
    Report,
    ReportLine,
    ReportSave,
    RevisedAmount,
    Revision,
    RevisionConsent,
    SectionSave,
    Upload,
    UploadPiece,
)
from kernel import identity
from kernel.uploads import check_upload
from notices.models import Channel, Delivery, Wishes
from organisations import selectors
from organisations.models import (
    BankAccount,
    BankChange,
    BankChangeAgreement,
    CapacityAnswer,
    CapacityAssessment,
    CapacityContest,
    HitJudgement,
    Improvement,
    ImprovementShowing,
    Listing,
    OrganisationScreening,
    OutsideAssessment,
    Partnership,
    PassportAnswer,
    PassportImport,
    PassportItem,
    PerformanceRecord,
    Person,
    RegistrationProof,
    ScreeningHit,
    SignedPassport,
)
from poolfund.database.testing import TestDatabases
from poolfund.middleware import IdentityMiddleware
from tests.factories import accounts, committees, disbursements, files, grants, organisations
from transparency.models import DonorAlerts, DonorToken, NameConsent, SafetyReview, Withholding

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund")]

PAPERS = (BankAccount, RegistrationProof)
CHANGED = (BankChange, BankChangeAgreement)
"""`tests.organisations.test_bank_changes` reads them as each person."""
PASSPORT = (PassportItem, PassportAnswer)
CONTENT = (Answer, EligibilityAnswer, BudgetLine, SectionSave)
SENT = (Attachment, FileErasure, Upload, UploadPiece)
"""`tests.grants.test_attachments` and `tests.grants.test_erased_files` read them as each person."""
SCREENED = (OrganisationScreening, ScreeningHit, HitJudgement)
"""`tests.organisations.test_screening` reads them as each person."""
LINKED = (Partnership, ApplicationPartner)
"""`tests.committees.test_ties` reads them as each person."""
CARRIED = (
    SignedPassport,
    PassportImport,
    Listing,
    CallQuestion,
    NameConsent,
    SafetyReview,
    DonorAlerts,
    Complaint,
    Message,
    RevengeCheck,
)
"""`tests.accountability.test_complaints`, `tests.organisations.test_carried`, `tests.transparency.test_register`, `tests.transparency.test_safety`,
`tests.transparency.test_alerts` and `tests.grants.test_asking` read them as each person."""
CAPACITY = (CapacityAnswer, OutsideAssessment, Improvement, ImprovementShowing, CapacityContest, PerformanceRecord)
"""`tests.organisations.test_capacity` reads them as each person."""
NOTED = (ConceptNote, ConceptScore)
"""`tests.committees.test_concepts` reads them as each person."""
DRAFTED = (ReportSave,)
"""`tests.disbursements.test_written_together` reads them as each person."""
TOLD = (Wishes, Channel, Delivery)
"""`tests.notices.test_channels` reads them as each person."""
FRAMEWORK = (ExpectedResult, Indicator)
"""`tests.grants.test_logframe` reads them as each person."""
COMMENTS = (PartComment,)
"""`tests.grants.test_colleagues` reads them as each person."""
ALERTS = (Alert, OnCall, AlertDeclaration, AlertVote)
"""Walled like judgements; `tests.committees.test_rapid` reads them as each person."""
GIFTS = (Giver, Gift, WebhookDelivery, CardEntry, PayoutArrival, GiftRefund, CardDifference, GivingCertificate)
"""`tests.funds.test_cards` reads them as each person."""
CALCULATIONS = (Expertise, AssignmentProposal, ProposalChange, ComputedFacts)
APPEALED = (Appeal, AppealEvidence, AppealPanelist, AppealVote)
CASES = (ConflictFinding, ConflictCase)
REPORTED = (Report, ReportLine)
PAID = (DisbursementRequest, Approval, Payment, ConditionWaiver, Refund)
JUSTIFIED = (ReligiousBasis,)
"""As the application that they justify, whose wall is tried below."""
RATES = (Conversion, Voucher, VoucherTry)
"""`tests.disbursements.test_conversions` and `tests.disbursements.test_vouchers` read them as each person."""
GRANTED = (Grant, GrantFunding, AwardCondition, ConditionEvidence, Tranche)
CHANGING = (Revision, RevisedAmount, RevisionConsent)
"""`tests.disbursements.test_revisions` reads them as each person."""
APPLIED = (Application, ApplicationUserObjectPermission)
DECIDED = (AgendaItem, Decision, WaitingProposal, Withholding)
BANKING = (
    FundAccount, PaymentRun, PaymentRunLine, BankStatement, StatementLine, LineDecision, PaymentProvider,
    ProviderScreening,
)  # fmt: skip
OTHERS = (*CALCULATIONS, *APPEALED, *CASES, *REPORTED, *PAID, Feedback, Letter, CapacityAssessment)
JUDGEMENT = (ConflictDeclaration, Recusal, Assignment, Scorecard, Score, Vote)


def rows(*models: type[Model]) -> dict[str, int]:
    """How many rows of each table plain SQL reads now."""
    found = {}
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            found[model.__name__] = cursor.fetchone()[0]
    return found


def none_of(*models: type[Model]) -> dict[str, int]:
    return {model.__name__: 0 for model in models}


def told() -> str:
    """What the session's setting is, asked past our own telling."""
    assert connection.connection is not None
    (value,) = connection.connection.execute("SELECT current_setting('poolfund.identity', true)").fetchone()
    return str(value)


def test_every_declared_wall_stands() -> None:
    known = {
        *PAPERS,
        *CHANGED,
        *JUSTIFIED,
        *RATES,
        *GIFTS,
        *PASSPORT,
        *CONTENT,
        *SENT,
        *JUDGEMENT,
        *ALERTS,
        *SCREENED,
        *CARRIED,
        *CAPACITY,
        *COMMENTS,
        *TOLD,
        *FRAMEWORK,
        *DRAFTED,
        *NOTED,
        *LINKED,
        *OTHERS,
        *GRANTED,
        *CHANGING,
        *APPLIED,
        *BANKING,
        *DECIDED,
        Person,
        DonorToken,
    }
    assert known == set(walls.walled_models())
    assert list(walls.missing()) == []


def test_papers_and_content_are_for_their_people_and_the_offices_that_need_them() -> None:
    organisation = organisations.eligible_organisation()
    organisations.verified_bank_account(organisation)
    call = grants.open_call()
    application = grants.submitted_application(call)
    draft = grants.complete_application(call)
    every = (*PAPERS, *CONTENT)
    whole = rows(*every)
    assert 0 not in whole.values()
    strangers = (None, accounts.user().pk, accounts.officer(Role.CASE_HANDLER).pk)
    for somebody in strangers:
        with identity.person(somebody):
            assert rows(*every) == none_of(*every)
    with identity.person(organisations.signatory_of(organisation).pk):
        assert rows(*PAPERS) == {"BankAccount": 1, "RegistrationProof": organisation.proofs.count()}
        assert rows(*CONTENT) == none_of(*CONTENT)
    with identity.person(organisations.preparer_of(organisation).pk):
        assert rows(BankAccount) == none_of(BankAccount)
    with identity.person(grants.signatory(application.organisation).pk):
        assert set(Answer.objects.values_list("application", flat=True)) == {application.pk}
    with identity.person(grants.programme_officer().pk):
        assert set(BudgetLine.objects.values_list("application", flat=True)) == {application.pk} != {draft.pk}
        assert rows(BankAccount) == none_of(BankAccount)
    with identity.person(accounts.officer(Role.AUDITOR).pk):
        assert rows(*PAPERS) == {name: whole[name] for name in ("BankAccount", "RegistrationProof")}


def test_judgements_are_for_the_committee_and_those_who_oversee_it() -> None:
    case = committees.opened()
    for number, seat in enumerate(case.seats):
        for one in case.applications:
            kind = (
                ConflictKind.HARD
                if number == len(case.seats) - 1 and one == case.applications[0]
                else ConflictKind.NONE
            )
            ground = {"ground": "partnership"} if kind == ConflictKind.HARD else {}
            conflicts.declare(seat, one, kind=kind, actor=seat.user, **ground)
    case = committees.deliberating(committees.scoring(case))
    meeting = committees.open_meeting(case)
    item = committees.voting(meeting, case.applications[1])
    committees.vote(item, dict.fromkeys(case.seats[:3], VoteChoice.APPROVE))
    whole = rows(*JUDGEMENT)
    assert 0 not in whole.values()
    other = committees.members(committees.constituted_committee())[0]
    applicant = grants.signatory(case.applications[0].organisation)
    for somebody in (None, other.user_id, applicant.pk, accounts.officer(Role.BOARD_MEMBER).pk):
        with identity.person(somebody):
            assert rows(*JUDGEMENT) == none_of(*JUDGEMENT)
    for somebody in (case.seats[0].user_id, grants.programme_officer().pk):
        with identity.person(somebody):
            assert rows(*JUDGEMENT) == whole


def test_reports_and_payments_are_for_the_partner_and_the_offices_of_the_fund() -> None:
    payment = disbursements.sent_payment()
    grant = payment.tranche.grant
    tables = (*REPORTED, DisbursementRequest, Approval, Payment, CapacityAssessment)
    whole = rows(*tables)
    assert 0 not in whole.values()
    others = organisations.signatory_of(organisations.eligible_organisation())
    of_the_fund = {**whole, "CapacityAssessment": whole["CapacityAssessment"] + 1}
    for somebody in (None, accounts.user().pk, accounts.officer(Role.CASE_HANDLER).pk):
        with identity.person(somebody):
            assert rows(*tables) == none_of(*tables)
    with identity.person(others.pk):
        assert rows(*tables) == {**none_of(*tables), "CapacityAssessment": 1}
    with identity.person(grants.signatory(grant.organisation).pk):
        assert rows(*tables) == whole
    for office in (Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.BOARD_MEMBER, Role.AUDITOR):
        with identity.person(accounts.officer(office).pk):
            assert rows(*tables) == of_the_fund


def checked() -> Any:
    """A document as a form hands it to a service."""
    upload = files.pdf()
    upload.checked = check_upload(upload)  # type: ignore[attr-defined]
    return upload


@pytest.mark.database("deliberating")
def test_appeals_are_for_who_lodged_who_judges_and_who_oversees() -> None:
    case = committees.deliberating(number=1)
    meeting = committees.open_meeting(case)
    committees.decided(meeting, case.applications[0], "reject", deviation="خطر على العاملين.")
    meetings.close_meeting(meeting, actor=case.chair)
    application = case.fresh().applications[0]
    owner = grants.signatory(application.organisation)
    judges = [accounts.officer(Role.APPEALS_PANELIST) for _ in range(4)]
    board = accounts.officer(Role.BOARD_MEMBER)
    # As in requests: each acts with what the database answers to them, and the outcome still rests on every row.
    with identity.person(owner.pk):
        papers = {"statement": "سُجّلت الدرجة ٢ بدل ٤.", "files": [checked()]}
        appeal = appeals.lodge(application, grounds=[AppealGround.ARITHMETIC], **papers, actor=owner)
    with identity.person(board.pk):
        appeal = appeals.admit(appeal, actor=board)
    panel = list(AppealPanelist.objects.select_related("user").order_by("pk"))
    assert {one.user_id for one in panel} < {one.pk for one in judges}
    for one in panel:
        with identity.person(one.user_id):
            appeals.vote(appeal, AppealChoice.UPHOLD, actor=one.user)
    tables = (*APPEALED, Feedback)
    whole = rows(*tables)
    assert 0 not in whole.values()
    (idle,) = {one.pk for one in judges} - {one.user_id for one in panel}
    strangers = organisations.signatory_of(organisations.eligible_organisation())
    for somebody in (None, strangers.pk, case.seats[2].user_id, accounts.officer(Role.CASE_HANDLER).pk):
        with identity.person(somebody):
            assert rows(*tables) == none_of(*tables)
            assert len(appeal_selectors.published()) == 1
            # Who was given the application to read still reads its letters, while the grant lasts.
            assert rows(Letter) == {"Letter": int(somebody == case.seats[2].user_id)}
    with identity.person(idle):
        assert rows(*APPEALED) == none_of(*APPEALED)
    with identity.person(owner.pk):
        assert rows(*tables) == {**whole, "AppealPanelist": 0, "AppealVote": 0}
        assert appeal_selectors.panel_size(appeal) == len(panel) == sum(appeal_selectors.votes_of(appeal).values())
    with identity.person(panel[0].user_id):
        assert rows(*tables) == {**whole, "AppealPanelist": 1, "AppealVote": 1}
        decided = appeals.decide(appeal, reasons="البطاقات تخالف الرسالة.", re_evaluate=False, actor=panel[0].user)
    assert decided.replaced != []
    with identity.person(board.pk):
        assert rows(*tables) == rows(*tables) | whole


def test_cases_and_calculations_are_for_their_committee_and_those_who_oversee_it() -> None:
    case = committees.declared(1)
    seat = case.seats[3]
    proposals.record_expertise(seat, languages=["ar"], sectors=[], actor=committees.officer())
    owner, reporter = accounts.officer(Role.FUND_MANAGER), committees.officer()
    reported = cases.report(
        seat, case.applications[0], ground=ConflictGround.FINANCIAL, found="عمل فيها.", owner=owner, actor=reporter
    )
    proposals.ask(case.panel, actor=committees.officer())
    tables = (ConflictCase, Expertise, AssignmentProposal)
    assert rows(*tables) == dict.fromkeys(rows(*tables), 1)
    other = committees.members(committees.constituted_committee())[0]
    applicant = grants.signatory(case.applications[0].organisation)
    for somebody in (None, other.user_id, applicant.pk, accounts.officer(Role.FINANCE_OFFICER).pk):
        with identity.person(somebody):
            assert rows(*tables) == none_of(*tables)
    with identity.person(case.seats[0].user_id):
        assert rows(*tables) == {"ConflictCase": 0, "Expertise": 1, "AssignmentProposal": 1}
    for somebody in (reported.reported_by_id, reported.owner_id, accounts.officer(Role.AUDITOR).pk):
        with identity.person(somebody):
            assert rows(ConflictCase) == {"ConflictCase": 1}


def test_rows_of_others_are_neither_written_nor_made() -> None:
    account = organisations.verified_bank_account(organisations.eligible_organisation())
    application = grants.complete_application()
    answer = Answer.objects.filter(application=application).first()
    assert answer is not None
    with identity.person(accounts.user().pk):
        assert BankAccount.objects.filter(pk=account.pk).update(currency="TRY") == 0
        assert BudgetLine.objects.filter(application=application).delete()[0] == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Answer(application_id=application.pk, question_id=answer.question_id, value=1).save(force_insert=True)


def test_a_view_that_forgets_visible_to_finds_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    account = organisations.verified_bank_account(organisations.eligible_organisation())
    stranger = organisations.signatory_of(organisations.eligible_organisation())
    monkeypatch.setattr(selectors, "bank_accounts_visible_to", lambda _user: BankAccount.objects.all())
    page = reverse("organisations:retire_bank_account", args=[account.organisation_id, account.pk])
    accounts.sign_in(client, stranger, second_factor=True)
    assert client.get(page).status_code == 404
    assert selectors.bank_accounts_visible_to(stranger).count() == 1


# Whose connection ---------------------------------------------------------------------------------------------------


def serve(user: Any, view: Any) -> HttpResponse:
    request = RequestFactory().get("/")
    request.user = user
    return IdentityMiddleware(view)(request)


def test_a_connection_never_carries_a_person_into_the_next_request() -> None:
    account = organisations.verified_bank_account(organisations.eligible_organisation())
    owner = organisations.signatory_of(account.organisation)

    def look(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(BankAccount.objects.count()))

    def fail(_request: HttpRequest) -> HttpResponse:
        assert BankAccount.objects.count() == 1
        raise RuntimeError

    seen = [serve(user, look).content for user in (owner, AnonymousUser(), accounts.user(), owner, AnonymousUser())]
    assert seen == [b"1", b"0", b"0", b"1", b"0"]
    with pytest.raises(RuntimeError):
        serve(owner, fail)
    assert serve(AnonymousUser(), look).content == b"0"


def undone(act: Any) -> None:
    """Do ``act`` in a transaction that is rolled back."""
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


def test_what_is_rolled_back_takes_no_identity_with_it() -> None:
    account = organisations.verified_bank_account(organisations.eligible_organisation())
    owner, stranger = organisations.signatory_of(account.organisation), accounts.user()

    def look_as_owner() -> None:
        with identity.person(owner.pk):
            assert BankAccount.objects.count() == 1

    def break_as_owner() -> None:
        with identity.person(owner.pk), connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")

    with identity.person(stranger.pk):
        assert rows(BankAccount) == none_of(BankAccount)
        undone(look_as_owner)
        assert rows(BankAccount) == none_of(BankAccount)
        with pytest.raises(ProgrammingError, match="no_such_column"):
            undone(break_as_owner)
        assert rows(BankAccount) == none_of(BankAccount)
        look_as_owner()


def test_a_web_process_begins_as_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    organisations.verified_bank_account(organisations.eligible_organisation())
    monkeypatch.setattr(identity, "_default", identity._default)
    identity.begin_as_nobody()
    assert rows(BankAccount) == none_of(BankAccount)
    with identity.system("house.test"):
        assert rows(BankAccount) == {"BankAccount": 1}
    assert rows(BankAccount) == none_of(BankAccount)
    assert told() == identity.NOBODY


def test_whose_member_a_person_is_is_looked_up_behind_the_wall_too(databases: TestDatabases) -> None:
    with psycopg.connect(databases.owner(databases.name)) as owner:
        [(body,)] = owner.execute("SELECT prosrc FROM pg_proc WHERE proname = 'fund_organisations'").fetchall()
        owner.execute("SET enable_seqscan = off")  # only what cannot be looked up is still read from end to end
        asked = body.replace("(roles)", "(ARRAY['preparer', 'signatory'])")
        plan = "\n".join(row for (row,) in owner.execute(f"EXPLAIN (COSTS OFF) {asked}").fetchall())
    assert "on organisations_person" in plan
    assert "Seq Scan on organisations_person" not in plan
    assert "Index Cond: (user_id = " in plan


def test_an_act_of_the_fund_has_a_name() -> None:
    with pytest.raises(ValueError, match="reads app"), identity.system("person:1"):
        pass
    with pytest.raises(ValueError, match="badly formed"), identity.person("' OR true --"):
        pass


@pytest.mark.django_db(transaction=True)
def test_past_django_the_application_and_even_the_owner_see_nothing(databases: TestDatabases) -> None:
    """A session that says nothing of itself: the role of the application, and the owner of the tables."""
    organisations.verified_bank_account(organisations.eligible_organisation())
    for conninfo in (databases.application(databases.name), databases.owner(databases.name)):
        with psycopg.connect(conninfo) as session:
            assert session.execute("SELECT count(*) FROM organisations_bankaccount").fetchone() == (0,)
            session.execute("SET poolfund.identity = 'system:backup'")
            assert session.execute("SELECT count(*) FROM organisations_bankaccount").fetchone() == (1,)
