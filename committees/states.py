"""Life cycles and classes of committee work."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    SAME_NETWORK = "same_network", _("member of the same network")
    SAME_TOWN = "same_town", _("same town")
    PAST_ACTIVITY = "past_activity", _("joint activity longer ago")


class RecusalSource(models.TextChoices):
    DECLARED = "declared", _("declared by the member")
    COMPUTED = "computed", _("found by the system")


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
