"""What an agreement says, as data for its document: parties, amount, schedule, reports, budget, the rules that bind it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from django.utils.translation import get_language, gettext, ngettext, override

from audit import papers
from charter import stored
from charter.schema import CharterRules
from grants.events import AgreementCountersigned, AgreementSigned
from grants.models import Grant
from grants.models.reports import ReportLine
from grants.reporting import reporting_periods
from grants.selectors.budgets import approved_budget
from grants.selectors.durations import final_report_due
from grants.selectors.grants import is_light, kind_of, reported_parts, tier_of
from grants.selectors.signed import signed_minor
from kernel.pdf import fund_name
from kernel.pieces.words import day_in_words

papers.signed_by(AgreementSigned.type, AgreementCountersigned.type)


class Row(Protocol):
    """One payment of the schedule."""

    @property
    def number(self) -> int: ...
    @property
    def amount_minor(self) -> int: ...
    @property
    def due_on(self) -> date: ...
    @property
    def year(self) -> int: ...


def agreement_data(
    grant: Grant, schedule: Sequence[Row], *, starts_on: date, ends_on: date, language: str
) -> dict[str, Any]:
    """The data of the agreement in ``language`` (ar or en); amounts in minor units."""
    rules = stored.rules_of(grant.frozen_rules)
    with override(language):
        return {
            "language": language,
            "reference": grant.reference,
            "title": gettext("Grant agreement"),
            "currency": grant.currency,
            "amount_minor": signed_minor(grant),
            "parties": _parties(grant, language),
            "facts": _facts(grant, starts_on=starts_on, ends_on=ends_on),
            "schedule": [[row.number, row.year, _day(row.due_on), row.amount_minor] for row in schedule],
            "budget": [[_category(category), minor] for category, minor in approved_budget(grant).items()],
            "reports": _reports(grant, starts_on=starts_on, ends_on=ends_on),
            "articles": _articles(grant, rules),
            "proof": papers.to_be_signed(grant),
            "words": {
                "amount": gettext("Amount of the grant"),
                "schedule": gettext("Tranches"),
                "schedule_head": [gettext("Number"), gettext("Year"), gettext("Planned for"), gettext("Amount")],
                "budget": gettext("Budget"),
                "budget_head": [gettext("Category"), gettext("Amount")],
                "reports": gettext("Reports"),
                "reports_head": [gettext("Number"), gettext("Report"), gettext("Period"), gettext("Due on")],
                "articles": gettext("What both sides promise"),
                "signatures": [gettext("For the fund"), gettext("For the organisation")],
            },
        }


def _day(day: date) -> str:
    return day_in_words(day, language=get_language() or "en")


def _parties(grant: Grant, language: str) -> list[list[str]]:
    organisation = grant.organisation
    name = organisation.name_ar if language == "ar" else organisation.name_latin
    return [
        [gettext("The fund"), fund_name(language)],
        [gettext("The organisation"), name],
        [gettext("Registration"), organisation.get_registration_state_display()],
    ]


def _facts(grant: Grant, *, starts_on: date, ends_on: date) -> list[list[str]]:
    return [
        [gettext("Project"), grant.application.title],
        [gettext("Call"), str(grant.call.title)],
        [gettext("From"), _day(starts_on)],
        [gettext("Until"), _day(ends_on)],
        [gettext("Duration"), _duration(grant, starts_on=starts_on, ends_on=ends_on)],
        [gettext("Charter"), gettext("version %(number)s") % {"number": grant.charter_number}],
    ]


def _duration(grant: Grant, *, starts_on: date, ends_on: date) -> str:
    if kind_of(grant).most_days is None:
        return gettext("%(months)s months") % {"months": grant.months}
    days = (ends_on - starts_on).days + 1
    return ngettext("%(number)s calendar day", "%(number)s calendar days", days) % {"number": days}


def _category(category: str) -> str:
    return str(dict(ReportLine.CATEGORIES)[category])


def _reports(grant: Grant, *, starts_on: date, ends_on: date) -> list[list[Any]]:
    kinds = {"progress": gettext("Progress report"), "final": gettext("Final report")}
    periods = reporting_periods(
        starts_on=starts_on,
        ends_on=ends_on,
        months=grant.months,
        parts=reported_parts(grant),
        final_due=final_report_due(grant, ends_on),
    )
    return [[p.number, kinds[p.kind], f"{_day(p.start)} – {_day(p.end)}", _day(p.due_on)] for p in periods]


def _later_payments(grant: Grant, rules: CharterRules) -> str:
    share = {"share": rules.payments.next_tranche_spent_percent}
    if not is_light(grant):
        return (
            gettext(
                "A later tranche may be requested when %(share)s %% of the money received is spent and the report before it "
                "is accepted."
            )
            % share
        )
    return gettext(
        "A later tranche may be requested when %(share)s %% of the money received is spent; the request states it. The "
        "organisation sends one final report of at most %(pages)s pages and keeps its receipts."
    ) % {**share, "pages": rules.reports.light_most_pages}


def _articles(grant: Grant, rules: CharterRules) -> list[str]:
    tier = tier_of(grant)
    deadlines = rules.deadlines
    return [
        gettext("The fund sends the first tranche within %(days)s working days after this agreement is countersigned.")
        % {"days": deadlines.first_payment_days},
        _later_payments(grant, rules),
        gettext(
            "The fund reviews each request within %(request)s and each report within %(report)s working days. A report that "
            "the fund is late to review holds no tranche."
        )
        % {"request": deadlines.request_review_days, "report": deadlines.report_review_days},
        gettext("The indirect cost of %(percent)s %% is paid without receipts.") % {"percent": tier.overhead_percent},
        gettext(
            "The organisation may move money inside a category freely, and between categories up to %(notify)s %% with a "
            "notice; more needs an approval."
        )
        % {"notify": rules.changes.notify_up_to_percent},
        gettext(
            "Money that is not spent or not accepted is given back within %(days)s days after the fund asks for it."
        )
        % {"days": rules.refunds.due_calendar_days},
        gettext("Both sides keep people safe: no information about people at risk is published without their consent."),
        gettext(
            "Either side may raise a complaint; a decision of the fund may be appealed within %(days)s working days."
        )
        % {"days": deadlines.appeal_lodge_days},
    ]
