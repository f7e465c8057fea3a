"""Life cycles and classes of committee work."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CommitteeState(models.TextChoices):
    FORMING = "forming", _("being formed")
    CONSTITUTED = "constituted", _("constituted")
    DISSOLVED = "dissolved", _("dissolved")


class Constituency(models.TextChoices):
    """Whom a seat speaks for: the keys of the charter's constituencies, which say who of them is civil society and votes."""

    CIVIL_SOCIETY = "civil_society", _("Syrian civil society")
    COMMUNITY = "community", _("Affected community")
    EXPERT = "expert", _("Technical expert")
    ACADEMIC = "academic", _("University or syndicate")
    OBSERVER = "observer", _("Observer without a vote")


class SeatOffice(models.TextChoices):
    MEMBER = "member", _("Member")
    CHAIR = "chair", _("Chair")
    RAPPORTEUR = "rapporteur", _("Rapporteur")


class SeatState(models.TextChoices):
    FILLED = "filled", _("filled")
    SUSPENDED = "suspended", pgettext_lazy("seat", "suspended")
    VACATED = "vacated", _("vacated")


class PanelState(models.TextChoices):
    DECLARING = "declaring", _("declarations of conflicts")
    SCORING = "scoring", _("scoring")
    DELIBERATING = "deliberating", _("deliberation")
    CLOSED = "closed", _("closed")


class ConflictKind(models.TextChoices):
    NONE = "none", _("no conflict")
    SOFT = "soft", _("a link to declare, may score")
    HARD = "hard", _("a conflict of interest, recused")


class ConflictGround(models.TextChoices):
    NONE = "", _("none")
    EMPLOYMENT = "employment", _("staff, board, founder, consultant or volunteer lead, now or in the look-back years")
    FAMILY = "family", _("family to the second degree")
    FINANCIAL = "financial", _("financial interest")
    PARTNERSHIP = "partnership", _("consortium, fiscal host or mentor")
    OWN_APPLICATION = "own_application", _("own organisation applied in the same call")
    DONOR_OFFICER = "donor_officer", _("officer of a donor of this call")
    SAME_NETWORK = "same_network", _("member of the same network")
    SAME_TOWN = "same_town", _("same town")
    PAST_ACTIVITY = "past_activity", _("joint activity longer ago")
    SAME_NAME = "same_name", _("somebody of the same name works there")
    SAME_HOST = "same_host", _("own organisation has the same fiscal host")


HARD_GROUNDS = frozenset(
    {
        ConflictGround.EMPLOYMENT,
        ConflictGround.FAMILY,
        ConflictGround.FINANCIAL,
        ConflictGround.PARTNERSHIP,
        ConflictGround.OWN_APPLICATION,
        ConflictGround.DONOR_OFFICER,
    }
)
"""Grounds that recuse, whatever the member thinks of them (domain specification §4.6)."""
SOFT_GROUNDS = frozenset(
    {
        ConflictGround.SAME_NETWORK,
        ConflictGround.SAME_TOWN,
        ConflictGround.PAST_ACTIVITY,
        ConflictGround.SAME_NAME,
        ConflictGround.SAME_HOST,
    }
)
"""Grounds that are declared and do not recuse; a member may still step back on them."""


class RecusalSource(models.TextChoices):
    DECLARED = "declared", _("declared by the member")
    COMPUTED = "computed", _("found by the system")
    CASE = "case", _("found later, confirmed by two people")


class CaseState(models.TextChoices):
    REPORTED = "reported", _("reported, waits for a second person")
    CONFIRMED = "confirmed", pgettext_lazy("case", "confirmed")
    DISMISSED = "dismissed", pgettext_lazy("case", "dismissed")
    CLOSED = "closed", pgettext_lazy("case", "closed")


class Consequence(models.TextChoices):
    """What a confirmed conflict does to the decision on the application."""

    NONE = "none", _("no decision rested on it")
    REOPENED = "reopened", _("the decision is taken back, the committee decides again")
    GRANT_HELD = "grant_held", _("the agreement is signed: the decision stands, the grant is suspended")
    STANDS = "stands", _("the decision stands: the grant has ended or the call is completed")


class AssignmentState(models.TextChoices):
    ASSIGNED = "assigned", _("to be scored")
    COMPLETED = "completed", _("scored")
    REMOVED = "removed", _("taken back")


class MeetingState(models.TextChoices):
    CALLED = "called", _("called")
    OPEN = "open", _("in session")
    CLOSED = "closed", _("closed, minutes to sign")
    SIGNED = "signed", _("minutes signed")


class ItemState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DISCUSSED = "discussed", _("in discussion")
    VOTING = "voting", _("vote open")
    DECIDED = "decided", _("decided")
    ADJOURNED = "adjourned", _("adjourned")


class VoteChoice(models.TextChoices):
    APPROVE = "approve", _("Approve")
    APPROVE_WITH_CONDITIONS = "approve_with_conditions", _("Approve with conditions")
    WAITLIST = "waitlist", _("Waiting list")
    REJECT = "reject", _("Reject")
    DEFER = "defer", _("Defer")
    ABSTAIN = "abstain", _("Abstain")


class WaitingState(models.TextChoices):
    PROPOSED = "proposed", _("proposed, waits for the fund manager")
    CONFIRMED = "confirmed", _("moved up")
    DISMISSED = "dismissed", _("passed over")
    OUTDATED = "outdated", _("left the list")


class AppealState(models.TextChoices):
    LODGED = "lodged", _("lodged")
    ADMISSIBLE = "admissible", _("admissible")
    INADMISSIBLE = "inadmissible", _("not admissible")
    UNDER_REVIEW = "under_review", _("before the appeals panel")
    UPHELD = "upheld", _("upheld")
    PARTLY_UPHELD = "partly_upheld", _("upheld in part")
    DISMISSED = "dismissed", _("dismissed")
    CLOSED = "closed", _("closed")


class AppealGround(models.TextChoices):
    """What may be appealed: never the merit, never the amount (domain specification §3.5)."""

    PROCEDURE = "procedure", _("The procedure was not followed")
    ELIGIBILITY = "eligibility", _("Eligibility was wrongly applied")
    ARITHMETIC = "arithmetic", _("The scores were wrongly reckoned")
    CONFLICT = "undeclared_conflict", _("A conflict of interest was not declared")


class AppealChoice(models.TextChoices):
    UPHOLD = "upheld", _("Uphold")
    PARTLY = "partly_upheld", _("Uphold in part")
    DISMISS = "dismissed", _("Dismiss")


class Presence(models.TextChoices):
    JOINED = "joined", _("came in")
    LEFT = "left", _("went out")


class ProposalState(models.TextChoices):
    ASKED = "asked", _("being computed")
    PROPOSED = "proposed", _("waits for confirmation")
    IMPOSSIBLE = "impossible", _("no assignment keeps the rules")
    ADOPTED = "adopted", _("confirmed")
    DISCARDED = "discarded", _("discarded")


class FactsKind(models.TextChoices):
    """What is computed from the scores of a call when their window closes."""

    CALIBRATION = "calibration", _("agreement and severity of scorers")
    PORTFOLIO = "portfolio", _("selection under the charter's shares")


class RotaState(models.TextChoices):
    PUBLISHED = "published", pgettext_lazy("rota", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("rota", "withdrawn")


class AlertKind(models.TextChoices):
    """What an alert tells of; the place and the words say the rest."""

    DISPLACEMENT = "displacement", _("Displacement or sudden return")
    HOSTILITIES = "hostilities", _("Hostilities or violence")
    EXPLOSIVES = "explosives", _("Mines or explosions")
    FLOOD = "flood", _("Flood or storm")
    FIRE = "fire", _("Fire")
    EARTHQUAKE = "earthquake", _("Earthquake or collapse")
    WEATHER = "weather", _("Extreme cold or heat")
    DROUGHT = "drought", _("Drought or failure of the water supply")
    DISEASE = "disease", _("Outbreak of a disease")
    OTHER = "other", _("Something else")


class AlertState(models.TextChoices):
    RAISED = "raised", _("raised, before the panel on call")
    ACCEPTED = "accepted", _("accepted, the rapid call runs")
    DECLINED = "declined", pgettext_lazy("alert", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("alert", "withdrawn")
    SETTLED = "settled", pgettext_lazy("alert", "decided")


class OnCallState(models.TextChoices):
    CALLED = "called", _("on call")
    RELEASED = "released", pgettext_lazy("on call", "released")


class ReleaseCause(models.TextChoices):
    CONFLICT = "conflict", _("a conflict of interest")
    SILENT = "silent", _("no answer in time")
    LAST_COHORT = "last_cohort", _("leads an organisation that the last call of this sector granted money to")
    SEAT_ENDED = "seat_ended", _("no longer sits in the committee")


class YesNo(models.TextChoices):
    """The panel's answer to an alert."""

    YES = "approve", _("Yes: open the rapid window")
    NO = "reject", _("No")
