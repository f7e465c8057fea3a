"""What an amendment of an agreement says, as data for its document: the budget before and after, and why."""

from typing import Any

from django.utils.translation import gettext, override

from audit import papers
from grants.events import AmendmentCountersigned, AmendmentSigned
from grants.models import Revision
from grants.selectors.revisions import rounds_of
from kernel.pdf import fund_name

papers.signed_by(AmendmentSigned.type, AmendmentCountersigned.type)


def amendment_data(revision: Revision, *, language: str) -> dict[str, Any]:
    """The data of the amendment in ``language`` (ar or en); amounts in minor units."""
    grant, asked = revision.grant, rounds_of(revision)[0]
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
            ],
            "rows": [
                [row.amount.get_category_display(), row.amount.before_minor, row.amount.after_minor]
                for row in asked.rows
            ],
            "sums": [asked.before_minor, asked.after_minor],
            "reason": revision.reason,
            "promise": gettext(
                "From the second signature on, this budget takes the place of the one before; all else stays."
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
