"""Life cycles of calls, applications, grants and reports."""
# public: states on pages of calls, applications, grants and reports

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CallState(models.TextChoices):
    DRAFT = "draft", _("draft")
    BOARD_APPROVED = "board_approved", _("approved by the board")
    PUBLISHED = "published", _("published, not open yet")
    OPEN = "open", pgettext_lazy("call", "open")
    CLOSED = "closed", _("closed to applications")
    IN_REVIEW = "in_review", _("in review")
    DECIDED = "decided", pgettext_lazy("call", "decided")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")


class GrantType(models.TextChoices):
    INSTITUTIONAL = "institutional", _("Institutional (core) grant")
    PROGRAMMATIC = "programmatic", _("Programmatic grant")
    PROJECT = "project", _("Project grant")
    RAPID = "rapid", _("Rapid grant")
    BRIDGE = "bridge", _("Bridge grant")


class QuestionKind(models.TextChoices):
    SHORT_TEXT = "short_text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    WHOLE_NUMBER = "whole_number", _("Whole number")
    AMOUNT = "amount", _("Amount in USD")
    DAY = "day", _("Date")
    YES_NO = "yes_no", _("Yes or no")
    ONE_OF = "one_of", _("One of a list")
    MANY_OF = "many_of", _("Several of a list")
    DECIMAL = "decimal", _("Number with a fraction")
    NOTE = "note", _("Note, nothing to answer")
    CALCULATED = "calculated", _("Calculated by itself")
    GROUP = "group", _("Group of questions")
    REPEAT = "repeat", _("Group that is answered several times")
    FILE = "file", _("File (PDF or photo)")
    IMAGE = "image", _("Photo")


WITHOUT_ANSWER = (QuestionKind.NOTE, QuestionKind.GROUP)
HOLDERS = (QuestionKind.GROUP, QuestionKind.REPEAT)
"""Kinds that hold other questions."""
FILES = (QuestionKind.FILE, QuestionKind.IMAGE)
"""Kinds that are answered with a file."""


class Stage(models.TextChoices):
    """In which stage of a call in two stages a page is asked first."""

    CONCEPT = "concept", _("in the concept note")
    FULL = "full", _("in the full proposal only")


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("draft")
    CONCEPT_SENT = "concept_sent", _("concept note sent")
    SHORTLISTED = "shortlisted", _("invited to the full proposal")
    NOT_SHORTLISTED = "not_shortlisted", _("not invited to the full proposal")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned_for_completion", _("returned for completion")
    INELIGIBILITY_PROPOSED = "ineligibility_proposed", _("waits for a second officer")
    ELIGIBLE = "eligible", pgettext_lazy("application", "eligible")
    INELIGIBLE = "ineligible", pgettext_lazy("application", "not eligible")
    SCORING = "scoring", _("being scored")
    DELIBERATION = "deliberation", _("before the committee")
    APPROVED = "approved", _("approved")
    APPROVED_WITH_CONDITIONS = "approved_with_conditions", _("approved with conditions")
    WAITLISTED = "waitlisted", _("on the waiting list")
    REJECTED = "rejected", _("rejected")
    DEFERRED = "deferred", _("deferred to the next meeting")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")
    LAPSED = "lapsed", _("lapsed")


IN_CONCEPT = frozenset({ApplicationState.DRAFT, ApplicationState.CONCEPT_SENT, ApplicationState.NOT_SHORTLISTED})
"""Where an application to a call in two stages is a concept note only."""
UNSENT = (
    ApplicationState.DRAFT,
    ApplicationState.CONCEPT_SENT,
    ApplicationState.SHORTLISTED,
    ApplicationState.NOT_SHORTLISTED,
)
"""Before, or without, a full application."""
CONCEPT_ANSWERS = (ApplicationState.SHORTLISTED, ApplicationState.NOT_SHORTLISTED)
"""What a concept note is answered with."""
APPEALABLE = frozenset(
    {
        ApplicationState.REJECTED,
        ApplicationState.INELIGIBLE,
        ApplicationState.WAITLISTED,
        ApplicationState.NOT_SHORTLISTED,
    }
)
"""Decisions against which an organisation may appeal."""


class ConditionBlocks(models.TextChoices):
    SIGNATURE = "signature", _("before the agreement is signed")
    TRANCHE = "tranche", _("before a tranche")
    NOTHING = "nothing", _("followed; nothing waits for it")


class ConditionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("condition", "open")
    ANSWERED = "answered", pgettext_lazy("condition", "answered, the fund looks at it")
    RETURNED = "returned", pgettext_lazy("condition", "returned")
    MET = "met", pgettext_lazy("condition", "met")
    WAIVED = "waived", pgettext_lazy("condition", "waived")


CLOSED_CONDITIONS = (ConditionState.MET, ConditionState.WAIVED)
"""A condition for which nothing waits any more."""


class RevisionState(models.TextChoices):
    """Where a change of a grant's budget stands (domain specification §3.10)."""

    REQUESTED = "requested", pgettext_lazy("revision", "requested")
    IN_REVIEW = "in_review", pgettext_lazy("revision", "being looked at")
    RETURNED = "returned", pgettext_lazy("revision", "returned")
    APPROVED = "approved", pgettext_lazy("revision", "approved, the amendment waits for signatures")
    AMENDMENT_SIGNED = "amendment_signed", pgettext_lazy("revision", "amendment signed by the organisation")
    EFFECTIVE = "effective", pgettext_lazy("revision", "in force")
    REJECTED = "rejected", pgettext_lazy("revision", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("revision", "taken back")


ENDED_REVISIONS = (RevisionState.EFFECTIVE, RevisionState.REJECTED, RevisionState.WITHDRAWN)
"""A change that nobody decides on any more."""


class RevisionKind(models.TextChoices):
    """What a change is about (domain specification §3.10)."""

    BUDGET = "budget", _("change of the budget")
    NO_COST = "no_cost", _("no-cost extension")
    COST = "cost", _("cost extension")


class RevisionNeed(models.TextChoices):
    """What a change needs before it counts (`grants.changes.Need`, without the one that needs nothing)."""

    NOTICE = "notice", _("a notice: it counts when the fund says nothing in time")
    APPROVAL = "approval", _("an approval by the fund")
    AMENDMENT = "amendment", _("an amendment that both sides sign")


class GrantState(models.TextChoices):
    AWARDED = "awarded", _("awarded")
    OFFER_SENT = "offer_sent", _("offer sent")
    OFFER_ACCEPTED = "offer_accepted", _("offer accepted")
    AGREEMENT_DRAFTED = "agreement_drafted", _("agreement ready to sign")
    SIGNED_BY_PARTNER = "signed_by_partner", _("signed by the partner")
    ACTIVE = "active", pgettext_lazy("grant", "active")
    SUSPENDED = "suspended", pgettext_lazy("grant", "suspended")
    CLOSED = "closed", pgettext_lazy("grant", "closed")
    DECLINED = "declined", _("offer declined")
    LAPSED = "lapsed", _("offer lapsed")
    TERMINATED = "terminated", _("terminated")
    SET_ASIDE = "set_aside", _("set aside, its decision was reopened")


class CallQuestionState(models.TextChoices):
    """Where a question about a call stands."""

    ASKED = "asked", _("waits for an answer")
    ANSWERED = "answered", pgettext_lazy("question", "answered")
    DECLINED = "declined", pgettext_lazy("question", "not published")


class PartnerRole(models.TextChoices):
    """What a partner is in an application."""

    CARRYING = "carrying", _("carries the project too")
    SUPPORTING = "supporting", _("technical partner or host")


class ResultLevel(models.TextChoices):
    """What a result of the results framework is."""

    OUTCOME = "outcome", _("Outcome: what changes in people's lives")
    OUTPUT = "output", _("Output: what you deliver for the outcome above")


class Split(models.TextChoices):
    """By what the people behind an indicator are counted apart."""

    SEX = "sex", _("sex")
    AGE = "age", _("age")
    DISABILITY = "disability", _("disability")
    DISPLACEMENT = "displacement", _("residents, displaced and returned people")
    PLACE = "place", _("where they live")


class CommentState(models.TextChoices):
    """Where a colleague's comment stands."""

    OPEN = "open", pgettext_lazy("comment", "open")
    RESOLVED = "resolved", pgettext_lazy("comment", "settled")


class ReportState(models.TextChoices):
    SCHEDULED = "scheduled", _("scheduled")
    OPEN = "open", _("to be written")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", pgettext_lazy("report", "accepted")
    WAIVED = "waived", _("waived")


class ReportKind(models.TextChoices):
    PROGRESS = "progress", _("Progress report (narrative and financial)")
    FINAL = "final", _("Final report (narrative and financial)")


class BudgetCategory(models.TextChoices):
    """UN harmonised budget categories."""

    STAFF = "A", _("A. Staff and other personnel")
    SUPPLIES = "B", _("B. Supplies, commodities, materials")
    EQUIPMENT = "C", _("C. Equipment")
    SERVICES = "D", _("D. Contractual services")
    TRAVEL = "E", _("E. Travel")
    TRANSFERS = "F", _("F. Transfers and grants to counterparts")
    OPERATING = "G", _("G. General operating and other direct costs")


class BudgetPurpose(models.TextChoices):
    """What a budget line is for, where a check of the charter asks (`grants.budgets.Purpose`)."""

    INTERNATIONAL_STAFF = "international_staff", _("International staff")
    SAFEGUARDING_AND_LEARNING = "safeguarding_and_learning", _("Safeguarding, monitoring and learning")
    CONTINGENCY = "contingency", _("Contingency")
    TRANSFER_FEES = "transfer_fees", _("Bank and transfer fees")


class ReligiousClass(models.TextChoices):
    """Money that pays only lines of a budget that were justified for it (the values are those of `funds.restrictions`)."""

    ZAKAT = "ZAK", _("zakat")
    WAQF_YIELD = "WQF", _("waqf yield")


class ZakatRecipients(models.TextChoices):
    """The eight classes of recipients of zakat; the charter says which of them the fund serves."""

    POOR = "poor", _("the poor")
    NEEDY = "needy", _("the needy")
    COLLECTORS = "collectors", _("those who administer zakat")
    RECONCILED = "reconciled", _("those whose hearts are to be reconciled")
    CAPTIVES = "captives", _("those in bondage")
    DEBTORS = "debtors", _("those in debt")
    CAUSE = "cause", _("the cause of God")
    WAYFARERS = "wayfarers", _("wayfarers, the displaced among them")


class BasisState(models.TextChoices):
    """Where the justification of a line for religious money stands."""

    PROPOSED = "proposed", _("waits for the opinion of a scholar")
    APPROVED = "approved", pgettext_lazy("religious basis", "approved")
    DECLINED = "declined", pgettext_lazy("religious basis", "declined")
