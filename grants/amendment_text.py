"""What an amendment of an agreement says, as data for its document: budget, end or amount before and after, and why."""

from typing import Any

from django.utils.translation import gettext, override

from audit import papers
from grants.events import AmendmentCountersigned, AmendmentSigned
from grants.models import Revision
from grants.selectors.revisions import rounds_of
from kernel.money import Money, format_money
from kernel.pdf import fund_name
from kernel.pieces.words import day_in_words

papers.signed_by(AmendmentSigned.type, AmendmentCountersigned.type)


def amendment_data(revision: Revision, *, language: str) -> dict[str, Any]:
    """The data of the amendment in ``language`` (ar or en); amounts in minor units."""
    grant, rounds = revision.grant, rounds_of(revision)
    asked = rounds[0] if rounds else None
    organisation = grant.organisation
    with override(language):
        return {
            "language": language,
            "reference": grant.reference,
            "title": gettext("Amendment of the grant agreement"),
            "currency": grant.currency,
            "facts": [
                [gettext("The fund"), fund_name(language)],
                [gettext("The organisation"), organisation.name_ar if language == "ar" else organisation.name_latin],
                [gettext("Project"), grant.application.title],
                [gettext("Charter"), gettext("version %(number)s") % {"number": grant.charter_number}],
                *_days(revision, language=language),
                *_money(revision, language=language),
            ],
            "rows": [
                [row.amount.get_category_display(), row.amount.before_minor, row.amount.after_minor]
                for row in (asked.rows if asked else [])
            ],
            "sums": [asked.before_minor, asked.after_minor] if asked else [],
            "reason": revision.reason,
            "promise": gettext(
                "From the second signature on, what stands here takes the place of what was; all else stays."
            ),
            "proof": papers.to_be_signed(revision),
            "words": {
                "head": [gettext("Category"), gettext("Before"), gettext("After")],
                "budget": gettext("Budget"),
                "reason": gettext("Why"),
                "sum": gettext("Sum"),
                "signatures": [gettext("For the fund"), gettext("For the organisation")],
            },
        }


def _days(revision: Revision, *, language: str) -> list[list[str]]:
    """Until when the grant ran, and until when it runs; nothing for a change of the budget alone."""
    if revision.ends is None:
        return []
    before, after = (day_in_words(day, language=language) for day in revision.ends)
    return [[gettext("Until now the grant ended on"), before], [gettext("From now on the grant ends on"), after]]


def _money(revision: Revision, *, language: str) -> list[list[str]]:
    """What the grant came to, and what it comes to and from when the rest is paid; nothing where the amount stays."""
    if revision.old_minor is None or revision.paid_from is None:
        return []
    currency = revision.grant.currency
    old, added = revision.old_minor, revision.added_minor
    before, more, after = (format_money(Money(minor, currency), language) for minor in (old, added, old + added))
    day = day_in_words(revision.paid_from, language=language)
    return [
        [gettext("Until now the grant came to"), before],
        [gettext("From now on the grant comes to"), after],
        [gettext("One tranche more"), gettext("%(amount)s, planned for %(day)s") % {"amount": more, "day": day}],
    ]
