"""Partners' reports as donors read them: cleared by two people, with what they took out, for whose money paid the grant.

What is withheld of the partner is withheld here too, whatever the readers saw: its names go from the texts, amounts become
shares, and people are told as the charter rounds them.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from charter.selectors import rules_to_begin_with
from funds.models import Donor
from grants.fingerprints import report_sha256
from grants.models import Grant, Report
from kernel import identity
from kernel.money import Money
from kernel.places import Governorate
from transparency.models import SafetyReview
from transparency.release.facts import Part
from transparency.safety.redaction import without
from transparency.selectors.giving.books import currencies_of
from transparency.selectors.giving.names import GrantTold, told_to
from transparency.selectors.giving.portfolio import shares_by_donor
from transparency.selectors.giving.threads import threads_of
from transparency.selectors.withholdings import parts_asked
from transparency.states import ReportPart, SafetyState

NARRATIVE = (ReportPart.ACHIEVED, ReportPart.DID_NOT_WORK, ReportPart.PARTICIPATION)


@dataclass(frozen=True, slots=True)
class Spent:
    """One category of spending: the amount, or its share of the whole where amounts are withheld."""

    category: str
    explanation: str
    amount: Money | None
    percent: int


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """A report as it is read by donors. ``hidden`` names the parts that were taken out."""

    label: str
    kind: str
    first: date
    last: date
    sections: list[tuple[str, str]]
    people: str
    spending: list[Spent]
    spent: Money | None
    hidden: list[str]


@dataclass(frozen=True, slots=True)
class Document:
    """A cleared report in a donor's list: of which grant, for which time, since when it is there."""

    grant: GrantTold
    report: UUID
    number: int
    extra: int
    label: str
    kind: str
    first: date
    last: date
    cleared_on: date


def shown_sha256(report: Report, *, hidden_parts: Iterable[str], hidden_words: Iterable[str]) -> str:
    """The fingerprint of what donors read of a report when these parts and words are taken out."""
    shown = [report_sha256(report), sorted(hidden_parts), sorted(hidden_words)]
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()


def paper_of(report: Report, *, hidden_parts: Iterable[str], hidden_words: Iterable[str]) -> ReportPaper:
    """The report as donors read it with these parts and words taken out, and what is withheld of its grant."""
    hidden, parts = {ReportPart(part) for part in hidden_parts}, parts_asked([report.grant_id])
    withheld = parts.get(report.grant_id, frozenset())
    words = [*hidden_words, *_names(report.grant, withheld)]
    shares_only = Part.AMOUNT in withheld
    spending = [] if ReportPart.SPENDING in hidden else _spending(report, words, hidden, shares_only=shares_only)
    whole = Money(report.spent_minor, report.grant.currency)
    return ReportPaper(
        label=report.label,
        kind=report.get_kind_display(),
        first=report.period_start,
        last=report.period_end,
        sections=[
            (str(part.label), without(getattr(report, part.value), words)) for part in NARRATIVE if part not in hidden
        ],
        people="" if ReportPart.PEOPLE in hidden else _people(report, coarse=bool(withheld)),
        spending=spending,
        spent=whole if spending and not shares_only else None,
        hidden=[str(part.label) for part in ReportPart if part in hidden],
    )


def whole(report: Report) -> ReportPaper:
    """All that the partner wrote, for who reads it for safety."""
    people = "" if report.people_reached is None else str(report.people_reached)
    return ReportPaper(
        label=report.label,
        kind=report.get_kind_display(),
        first=report.period_start,
        last=report.period_end,
        sections=[(str(part.label), getattr(report, part.value)) for part in NARRATIVE],
        people=people,
        spending=_spending(report, [], set(), shares_only=False),
        spent=Money(report.spent_minor, report.grant.currency),
        hidden=[],
    )


def _names(grant: Grant, withheld: frozenset[Part]) -> list[str]:
    """What would give a withheld partner or place away, wherever somebody wrote it."""
    organisation, application = grant.organisation, grant.application
    names = []
    if Part.NAME in withheld:
        names += [organisation.name_ar, organisation.name_latin, grant.reference]
    if Part.TITLE in withheld:
        names.append(application.title)
    if Part.PLACE in withheld:
        names += _places(application.governorates)
    return [name for name in names if name]


def _places(codes: Iterable[str]) -> list[str]:
    """The governorates' names in every language of the fund."""
    names = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names += [str(Governorate(code).label) for code in codes]
    return names


def _people(report: Report, *, coarse: bool) -> str:
    number = report.people_reached
    if number is None or not coarse:
        return "" if number is None else str(number)
    rules = rules_to_begin_with().publication
    if 0 < number < rules.least_people:
        return _("fewer than %(least)s") % {"least": rules.least_people}
    step = rules.people_rounded_to
    return str((number + step // 2) // step * step)


def _spending(report: Report, words: list[str], hidden: set[ReportPart], *, shares_only: bool) -> list[Spent]:
    explains = ReportPart.EXPLANATIONS not in hidden
    return [
        Spent(
            category=str(line.get_category_display()),
            explanation=without(line.explanation, words) if explains else "",
            amount=None if shares_only else Money(line.spent_minor, report.grant.currency),
            percent=round(100 * line.spent_minor / report.spent_minor) if report.spent_minor else 0,
        )
        for line in report.lines.all()
    ]


# What one donor reads ------------------------------------------------------------------------------------------------


def paid_grants(donor: Donor) -> set[UUID]:
    """Grants that were paid with the donor's money: its own contributions, and its part of what is given freely."""
    own = {thread.key for source in threads_of(donor) for thread in source.grants if thread.part.paid}
    shared = {
        split.grant.pk
        for currency in currencies_of(donor)
        for split in shares_by_donor(currency)
        if split.paid.get(donor.pk)
    }
    return own | shared


def _cleared(donor: Donor) -> Any:
    rows = SafetyReview.objects.filter(state=SafetyState.CLEARED, report__grant__in=paid_grants(donor))
    return rows.select_related("report__grant__organisation", "report__grant__application").order_by("-moved_at")


@identity.system("transparency.giving")
def documents_of(donor: Donor) -> list[Document]:
    """Reports that two people cleared of grants which the donor's money paid, the latest first."""
    rows = list(_cleared(donor))
    told = told_to(donor, {row.report.grant_id: row.report.grant for row in rows}.values())
    return [_document(row, told[row.report.grant_id]) for row in rows]


def _document(review: SafetyReview, grant: GrantTold) -> Document:
    one = review.report
    return Document(
        grant, one.pk, one.number, one.extra, one.label, one.get_kind_display(), one.period_start, one.period_end,
        timezone.localdate(review.moved_at),
    )  # fmt: skip


@identity.system("transparency.giving")
def document(donor: Donor, code: str, *, number: int, extra: int) -> tuple[Document, ReportPaper] | None:
    """A cleared report of the grant that the donor knows by ``code``; None when this donor reads none."""
    for row in _cleared(donor).filter(report__number=number, report__extra=extra):
        told = told_to(donor, [row.report.grant])[row.report.grant_id]
        if told.code == code:
            paper = paper_of(row.report, hidden_parts=row.hidden_parts, hidden_words=row.hidden_words)
            return _document(row, told), paper
    return None
