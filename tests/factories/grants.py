"""Calls and applications on their way through the fund, made by the real services."""

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone
from i18nfield.strings import LazyI18nString

from accounts.models import User
from accounts.roles import Role
from accounts.selectors import users_with_role
from charter.calendar import add_working_days
from charter.selectors import end_of_day, find_charter_in_force
from funds.models import Contribution
from grants import deadline
from grants.fingerprints import call_sha256
from grants.models import Application, Call
from grants.selectors import amounts, parts
from grants.selectors.screening import checklist
from grants.services import applications, calls, review, screening
from grants.services.calls import CallTerms
from organisations.models import Organisation
from tests.factories import accounts, charter, shelf
from tests.factories.funds import confirmed_contribution
from tests.factories.organisations import eligible_organisation, preparer_of, signatory_of

_numbers = itertools.count(1)
THOUSAND = 100_000
"""A thousand dollars in cents."""


def holder(role: str) -> User:
    """The test's holder of an office; the same one each time."""
    return users_with_role(role).order_by("date_joined").first() or accounts.officer(role)


def programme_officer() -> User:
    return holder(Role.PROGRAMME_OFFICER)


def second_officer() -> User:
    """Another officer who may confirm what the first proposed."""
    return holder(Role.FUND_MANAGER)


def board_member() -> User:
    return holder(Role.BOARD_MEMBER)


def words(ar: str, en: str) -> LazyI18nString:
    return LazyI18nString({"ar": ar, "en": en, "ku": en})


def call_terms(**changed: Any) -> CallTerms:
    """Terms of a plain project call that opens in a week."""
    number = next(_numbers)
    opens = end_of_day(add_working_days(timezone.localdate(), 5)) + timedelta(hours=9)
    closes = end_of_day(add_working_days(timezone.localdate(opens), 25))
    values: dict[str, Any] = {
        "title": words(f"دعوة تجريبية {number}", f"Test call {number}"),
        "summary": words("تمويل مشاريع صغيرة", "Money for small projects"),
        "text": words("نموّل ما يقترحه الناس بأنفسهم.", "We fund what people themselves propose."),
        "grant_type": "project",
        "sectors": ["wash", "education", "food_security"],
        "governorates": ["SY02", "SY07", "SY08"],
        "envelope_minor": 200 * THOUSAND,
        "floor_minor": 5 * THOUSAND,
        "ceiling_minor": 60 * THOUSAND,
        "months_allowed": [6, 12, 18],
        "opens_at": opens,
        "closes_at": closes,
    }
    return CallTerms(**{**values, **changed})


@shelf.keepable
def draft_call(*, contribution: Contribution | None = None, planned: bool = True, **changed: Any) -> Call:
    """A draft, with its envelope planned from one contribution."""
    if find_charter_in_force() is None:
        charter.ratified_charter()
    terms = call_terms(**changed)
    call = calls.draft_call(terms, actor=programme_officer())
    if planned:
        source = contribution or confirmed_contribution(terms.envelope_minor)
        calls.plan_sources(call, {source: terms.envelope_minor}, actor=programme_officer())
    return call


def approved(call: Call, *, by: User | None = None) -> Call:
    """The draft as the board reads it now, approved by ``by`` or a member of the board."""
    return calls.approve(call, content_sha256=call_sha256(call), actor=by or board_member())


def approved_call(**changed: Any) -> Call:
    return approved(draft_call(**changed))


@shelf.keepable
def published_call(**changed: Any) -> Call:
    return calls.publish(approved_call(**changed), actor=programme_officer())


@shelf.keepable
def open_call(**changed: Any) -> Call:
    """A call that organisations may apply to."""
    call = published_call(**changed)
    calls.open_due(now=call.opens_at)
    call.refresh_from_db()
    return call


def closed_call(call: Call | None = None) -> Call:
    """The call after its closing."""
    call = call or open_call()
    calls.close_due(now=call.closes_at + deadline.GRACE)
    call.refresh_from_db()
    return call


# Applications -----------------------------------------------------------------------------------------------------


def signatory(organisation: Organisation) -> User:
    """A person who may sign for the organisation; the same one each time."""
    return signatory_of(organisation)


def preparer(organisation: Organisation) -> User:
    """A person of the organisation who may not sign."""
    return preparer_of(organisation)


@shelf.keepable
def draft_application(call: Call | None = None, organisation: Organisation | None = None) -> Application:
    """An empty draft."""
    call = call or open_call()
    organisation = organisation or eligible_organisation()
    return applications.start(call, organisation, actor=preparer(organisation))


def answers(application: Application, requested: int = 20 * THOUSAND) -> dict[str, dict[str, Any]]:
    """What a person would type on every page, for a budget of about ``requested`` cents with the indirect costs."""
    call = application.call
    direct = requested * 100 // 110
    staff, training = direct // 2, direct - direct // 2
    typed: dict[str, dict[str, Any]] = {
        parts.ELIGIBILITY: {one.key: "yes" if one.expected else "no" for one in call.eligibility_questions.all()},
        parts.BASICS: {
            "title": f"مياه نظيفة للحي {next(_numbers)}",
            "summary": "نصلح مضخة البئر ونشكّل لجنة مياه من أهل الحي.",
            "sector": call.sectors[0],
            "governorates": [call.governorates[0]],
            "months": str(call.months_allowed[0]),
            "starts_on": (timezone.localdate(call.closes_at) + timedelta(days=60)).isoformat(),
            "people_reached": "٤٥٠٠",
            **({"expected_minor": str(requested // 100)} if amounts.is_proportional(call) else {}),
        },
        parts.BUDGET: {
            "lines": [
                _line("A", "منسّقة المشروع", staff),
                _line("D", "تدريب لجنة المياه ومتابعتها", training, purpose="safeguarding_and_learning"),
            ]
        },
    }
    for section in call.sections.prefetch_related("questions"):
        typed[section.key] = {question.key: "إجابة واضحة عن السؤال." for question in section.questions.all()}
    return typed


def _line(category: str, description: str, minor: int, *, purpose: str = "") -> dict[str, str]:
    return {
        "category": category,
        "description": description,
        "unit": "شهر",
        "quantity": "1",
        "unit_cost_minor": f"{minor // 100}.{minor % 100:02}",
        "months": "1",
        "percent_charged": "100",
        "purpose": purpose,
        "remark": "",
    }


@shelf.keepable
def complete_application(
    call: Call | None = None, organisation: Organisation | None = None, *, requested: int = 20 * THOUSAND
) -> Application:
    """A draft in which nothing is missing."""
    application = draft_application(call, organisation)
    writer = preparer(application.organisation)
    for key, typed in answers(application, requested).items():
        applications.save_part(application, key, typed, version=0, tab="factory", actor=writer)
    application.refresh_from_db()
    return application


@shelf.keepable
def submitted_application(
    call: Call | None = None, organisation: Organisation | None = None, *, requested: int = 20 * THOUSAND
) -> Application:
    """An application with its receipt, in an open call."""
    application = complete_application(call, organisation, requested=requested)
    return applications.submit(application, actor=signatory(application.organisation))


def all_holds(application: Application) -> dict[str, bool]:
    """A checklist on which every point holds."""
    return {item.key: True for item in checklist(application)}


@shelf.keepable
def eligible_application(
    call: Call | None = None, organisation: Organisation | None = None, *, requested: int = 20 * THOUSAND
) -> Application:
    """An application that passed its screening; its call is closed."""
    application = submitted_application(call, organisation, requested=requested)
    closed_call(application.call)
    application.refresh_from_db()
    return screening.find_eligible(application, checklist=all_holds(application), actor=programme_officer())


def screened_call(number: int = 2, *, requested: int = 20 * THOUSAND, **changed: Any) -> tuple[Call, list[Application]]:
    """A call handed to the committee with ``number`` eligible applications of different organisations."""
    call = open_call(**changed)
    sent = [submitted_application(call, requested=requested) for _ in range(number)]
    closed_call(call)
    eligible = []
    for application in sent:
        application.refresh_from_db()
        eligible.append(
            screening.find_eligible(application, checklist=all_holds(application), actor=programme_officer())
        )
    return review.start_review(call, actor=programme_officer()), eligible


def approved_application(
    application: Application | None = None, *, amount_minor: int | None = None, conditions: list[str] | None = None
) -> Application:
    """An application that the committee approved (without a committee: the decision alone)."""
    if application is None:
        _call, (application,) = screened_call(1)
    review.start_scoring(application, scorers=3)
    review.start_deliberation(application, panel_mean="78.33")
    return review.record_decision(
        application,
        outcome="approved_with_conditions" if conditions else "approved",
        amount_minor=amount_minor or application.requested_minor,
        conditions=conditions or [],
        rank=None,
        feedback=feedback_draft(application),
    )


def feedback_draft(application: Application) -> review.FeedbackDraft:
    """Reasons by criterion."""
    return review.FeedbackDraft(
        panel_mean="78.33",
        criteria=[
            {"key": criterion.key, "mean": "4.00", "comments": ["واضح ومقنع."]}
            for criterion in application.call.criteria.all()
        ],
        strengths="مشاركة حقيقية للناس.",
        weaknesses="خطة التعلّم قصيرة.",
        advice="اذكروا كيف ستقيسون النتيجة.",
    )
