"""What is wrong with a charter, in the reader's language.

The schema is plain Python and says its reasons in English; here they are matched to translated sentences.
"""

import re
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from charter.schema import problems

_REASONS: Final[tuple[tuple[str, Promise], ...]] = (
    (r"the weights of the criteria sum to 100, not (\d+)", _("The weights of the criteria sum to 100, not %s.")),
    (r"the tranches for up to (\d+) months sum to 100 %, not (\d+) %", _("The tranches for up to %s months sum to 100 %%, not %s %%.")),
    (r"the tranches for up to (\d+) months: the first is at most (\d+) %, not (\d+) %", _("The tranches for up to %s months: the first is at most %s %%, not %s %%.")),
    (r"the tranches for up to (\d+) months: the last \((\d+) %\) holds the retention of (\d+) %", _("The tranches for up to %s months: the last (%s %%) must hold what is kept back (%s %%).")),
    (r"the tranches for up to (\d+) months are for longer than the tier's (\d+) months", _("The tranches for up to %s months are for longer than the tier allows (%s months).")),
    (r"the tranches for up to 12 months are missing", _("The tranches for up to 12 months are missing.")),
    (r"the score bands of the tiers leave a gap or overlap at (\d+)", _("The scores of the tiers leave a gap or overlap at %s.")),
    (r"the score bands of the tiers end at 100", _("The scores of the tiers must end at 100.")),
    (r"the ceiling of a year is at most that of the whole grant", _("The ceiling for a year is at most that for a grant.")),
    (r"a score band begins at or below its end", _("A tier's score begins at or below its end.")),
    (r"a score band has both ends or none", _("A tier's score has both ends or none.")),
    (r"the number of seats is odd.*; not (\d+)", _("The number of seats is odd, so that a full committee cannot tie; not %s.")),
    (r"the constituencies cannot fill exactly (\d+) seats", _("The constituencies cannot fill exactly %s seats.")),
    (r"with (\d+) seats civil society cannot reach its majority beside (\d+) other seats", _("With %s seats civil society cannot reach its majority beside %s other seats.")),
    (r"one constituency at least is civil society", _("One constituency at least is civil society.")),
    (r"a civil-society seat votes", _("A seat of civil society has a vote.")),
    (r"the least number of seats is above the most", _("The least number of seats is above the most.")),
    (r"the quorum is more than half of the members and at most all of them", _("The quorum is more than half of the members and at most all of them.")),
    (r"more than half of the networks ratify, and at most all of them", _("More than half of the networks must consent, and at most all of them.")),
    (r"the waiting list begins at or below the fundable score", _("The waiting list begins at or below the fundable score.")),
    (r"the floor of a criterion lies on the scale of points", _("The floor of a criterion lies on the scale of points.")),
    (r"a large application has at least as many scorers as another", _("A large application has at least as many scorers as another.")),
    (r"the least number of points is below the most", _("The least number of points is below the most.")),
    (r"criterion '(\w+)' needs one anchor for each of .*", _("The criterion “%s” needs the meaning of each number of points.")),
    (r"an item of the passport asks for a text or a document", _("Each item of the passport asks for a text or a document.")),
    (r"the assessment has its nine sections", _("The assessment has its nine sections.")),
    (r"the weights of the sections sum to 100", _("The weights of the sections sum to 100.")),
    (r"every section of the assessment asks something", _("Every section of the assessment asks something.")),
    (r"size bands follow each other from small to large", _("Sizes of organisations follow each other from small to large.")),
    (r"the last size band, and only it, has no upper end", _("The last size of organisations, and only it, has no upper end.")),
    (r"the shortest duration is above the longest", _("The shortest duration is above the longest.")),
    (r"an institutional grant may pay at least the share of staff of another grant", _("An institutional grant may pay at least the share of staff of another grant.")),
    (r"what needs notice only ends at or below what needs approval", _("What needs notice only ends at or below what needs approval.")),
    (r"the steps of an overdue report follow each other", _("The steps of an overdue report follow each other.")),
    (r"the least reserve is at or below the most", _("The least reserve is at or below the most.")),
    (r"the stages of the rapid window together last no longer than the whole of it", _("The stages of the rapid window together last no longer than the whole of it.")),
    (r"screening, declarations and scores of the rapid window fit into its decision", _("Screening, declarations and scores of the rapid window fit into the hours of its selection.")),
    (r"who is silent on call is reminded, then replaced, before the answer is due", _("Who is silent on call is reminded first, then replaced, both before the answer is due.")),
    (r"Input should be greater than or equal to (\d+)", _("Write at least %s.")),
    (r"Input should be less than or equal to (\d+)", _("Write at most %s.")),
    (r"Input should be less than (\d+)", _("Write less than %s.")),
    (r"Input should be a valid integer", _("Write a whole number.")),
    (r"Field required", _("This value is missing.")),
    (r"Extra inputs are not permitted", _("The charter knows no value of this name.")),
)  # fmt: skip


def in_words(reason: str) -> str:
    """A reason of the schema in the active language; one that is not known here stays as it is."""
    for pattern, sentence in _REASONS:
        match = re.fullmatch(pattern, reason, re.DOTALL)
        if match:
            return str(sentence) % match.groups() if match.groups() else str(sentence).replace("%%", "%")
    return reason


def explained(error: ValidationError) -> list[tuple[str, str]]:
    """Pairs of where and why, translated."""
    return [(path, in_words(reason)) for path, reason in problems(error)]
