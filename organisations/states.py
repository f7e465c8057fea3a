"""Life cycle and classes of organisations."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrganisationState(models.TextChoices):
    REGISTERED = "registered", _("registered")
    DD_SUBMITTED = "dd_submitted", _("due diligence submitted")
    DD_RETURNED = "dd_returned", _("due diligence returned")
    DD_CLEARED = "dd_cleared", _("due diligence cleared")
    ASSESSED = "assessed", _("capacity assessed")
    ELIGIBLE = "eligible", _("eligible")
    INELIGIBLE = "ineligible", _("not eligible")
    SUSPENDED = "suspended", _("suspended")


class OrganisationType(models.TextChoices):
    ASSOCIATION = "association", _("Association")
    FOUNDATION = "foundation", _("Foundation")
    UNION = "union", _("Union of associations")
    NETWORK = "network", _("Network or alliance")
    INITIATIVE = "initiative", _("Community initiative")
    VOLUNTEER_TEAM = "volunteer_team", _("Volunteer team")
    SYNDICATE = "syndicate", _("Syndicate")
    UNIVERSITY = "university", _("University")
    DIASPORA_NGO = "diaspora_ngo", _("Syrian organisation registered abroad")
    INGO = "ingo", _("International NGO")


class RegistrationState(models.TextChoices):
    MOSAL = "mosal", _("Registered with the Ministry of Social Affairs and Labour")
    MOSAL_PROVISIONAL = "mosal_provisional", _("Provisional licence of the Ministry")
    NES = "nes", _("Registered in north-east Syria")
    ABROAD = "abroad", _("Registered abroad")
    IN_PROCESS = "in_process", _("Registration in process")
    UNREGISTERED = "unregistered", _("Not registered")


class ProofKind(models.TextChoices):
    """Accepted proofs of existence; the later ones stand in where a registration cannot be had."""

    CERTIFICATE = "certificate", _("Registration certificate")
    PROVISIONAL_LICENCE = "provisional_licence", _("Provisional licence")
    APPLICATION_RECEIPT = "application_receipt", _("Receipt of a registration request")
    STATUTES = "statutes", _("Signed statutes and minutes of foundation")
    HOST_AGREEMENT = "host_agreement", _("Agreement with a fiscal host")
    NETWORK_LETTER = "network_letter", _("Letter of a registered network")
    LOCAL_COUNCIL_LETTER = "local_council_letter", _("Letter of a local council")


class PartnershipKind(models.TextChoices):
    """What the partner is to the organisation."""

    CONSORTIUM = "consortium", _("partner in a consortium")
    MENTOR = "mentor", _("mentor")
    HOST = "host", _("fiscal host")


class PersonRole(models.TextChoices):
    PREPARER = "preparer", _("Preparer")
    SIGNATORY = "signatory", _("Authorised signatory")


class Tier(models.TextChoices):
    ENTRY = "E", _("entry")
    HIGH = "H", _("high risk")
    MEDIUM = "M", _("medium risk")
    LOW = "L", _("low risk")


class BankAccountState(models.TextChoices):
    RECORDED = "recorded", _("recorded, waits for verification")
    VERIFIED = "verified", _("verified")
    RETIRED = "retired", _("retired")


class BankChangeState(models.TextChoices):
    """Where a change of bank details stands; while it is open, nothing is paid to the account that it replaces."""

    REQUESTED = "requested", _("asked for, waits for the call back")
    CALLED_BACK = "called_back", _("called back, waits for another person")
    APPROVED = "approved", pgettext_lazy("bank details", "approved")
    REFUSED = "refused", pgettext_lazy("bank details", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("bank details", "taken back")


class BankWarning(models.TextChoices):
    """What looks odd about new bank details on the day on which they are asked for."""

    LAST_MINUTE = "last_minute", _("A payment to the organisation is near: forged changes come at the last minute.")
    CONTACT_CHANGED = "contact_changed", _("The telephone number in the profile was changed shortly before.")
    NEW_SIGNATORY = "new_signatory", _("Who asks became a signatory shortly before.")
    NEAR_NUMBER = "near_number", _("The number differs from the one in use by a few characters only.")
    KNOWN_ELSEWHERE = "known_elsewhere", _("Another organisation gave the same account number.")
    OTHER_HOLDER = "other_holder", _("The account holder is not named like the organisation.")
    OTHER_COUNTRY = "other_country", _("The account is in another country than the one in use.")


class PassportState(models.TextChoices):
    """Where an item of the passport stands."""

    WANTED = "wanted", _("asked for")
    SUBMITTED = "submitted", pgettext_lazy("passport", "waits for the fund")
    ACCEPTED = "accepted", pgettext_lazy("passport", "accepted")
    RETURNED = "returned", pgettext_lazy("passport", "returned")
    WAIVED = "waived", pgettext_lazy("passport", "waived")


class CapacitySection(models.TextChoices):
    """What a capacity assessment looks at; each section is scored from 0 to 100."""

    GOVERNANCE = "governance", _("Governance")
    PROGRAMME = "programme", _("Programmes")
    FINANCE = "finance", _("Finance")
    PROCUREMENT = "procurement", _("Procurement")
    STAFF = "staff", _("Staff")
    SAFEGUARDING = "safeguarding", _("Safeguarding")
    MONITORING = "monitoring", _("Monitoring and learning")
    SECURITY = "security", _("Security and data")
    COMMUNITY = "community", _("Links with the community")


class AssessmentWay(models.TextChoices):
    """How an assessor looked."""

    DESK = "desk", _("at the desk")
    VISIT = "visit", pgettext_lazy("assessment", "with a visit")
    CONTEST = "contest", _("corrected after a contest")


class OutsideState(models.TextChoices):
    """Where another funder's assessment stands."""

    GIVEN = "given", pgettext_lazy("assessment", "waits for the fund")
    READ = "read", _("waits for a second officer")
    RECOGNISED = "recognised", _("recognised")
    REFUSED = "refused", pgettext_lazy("assessment", "not recognised")


class ImprovementState(models.TextChoices):
    """Where a point of the improvement plan stands."""

    OPEN = "open", pgettext_lazy("improvement", "to do")
    DONE = "done", pgettext_lazy("improvement", "done, the fund looks at it")
    RETURNED = "returned", pgettext_lazy("improvement", "returned")
    CONFIRMED = "confirmed", pgettext_lazy("improvement", "confirmed")


class ContestState(models.TextChoices):
    """Where a contest of an assessment stands."""

    LODGED = "lodged", pgettext_lazy("contest", "waits for an answer")
    UPHELD = "upheld", pgettext_lazy("contest", "upheld")
    DISMISSED = "dismissed", pgettext_lazy("contest", "dismissed")


class CheckItem(models.TextChoices):
    """What the due-diligence check looks at, item by item."""

    IDENTITY = "identity", _("Name, type and address agree with the papers")
    PROOF = "proof", _("The proof of registration, or what stands in for it, is valid")
    PEOPLE = "people", _("The authorised signatory is named in the papers")
    BOARD = "board", _("The board is known and the same person does not decide alone")
    HOST = "host", _("The fiscal host, where there is one, confirmed the agreement")
    CONDUCT = "conduct", _("Code of conduct and safeguarding statement are signed")


class Declaration(models.TextChoices):
    """What the signatory declares with the profile."""

    TRUE = "true", _("What we wrote is true, and we will say when it changes.")
    CONDUCT = (
        "conduct",
        _("We follow the fund's code of conduct and protect everyone we work with from exploitation and abuse."),
    )
    CONFLICTS = "conflicts", _("We keep a register of our conflicts of interest and show it when asked.")
    CHECK = "check", _("The fund may check our names against sanctions lists.")


class VerificationChannel(models.TextChoices):
    """A second way, beside the one by which the bank details came, to ask the organisation."""

    CALL = "call", _("call to the known number")
    VIDEO = "video", _("video call with the signatory")
    VISIT = "visit", _("visit")
    BANK_LETTER = "bank_letter", _("letter of the bank")


SPOKEN: Final = (VerificationChannel.CALL, VerificationChannel.VIDEO, VerificationChannel.VISIT)
"""Ways on which a person of the organisation answers; a letter may come from whoever forged the request."""


class ListSource(models.TextChoices):
    """Whose list of sanctions it is."""

    UN = "un", _("United Nations Security Council")
    OFAC = "ofac", _("OFAC (United States)")


class ListState(models.TextChoices):
    """The life of one version of a list."""

    TAKEN = "taken", _("Being read")
    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Replaced by a later version")
    REFUSED = "refused", _("Could not be read")


class SubjectKind(models.TextChoices):
    """Whose name was compared."""

    ORGANISATION = "organisation", _("the organisation")
    PERSON = "person", _("a person of the organisation")
    ACCOUNT_HOLDER = "account_holder", _("holder of a bank account")
    FISCAL_HOST = "fiscal_host", _("fiscal host")
    PARTNER = "partner", _("partner in a consortium")
    NAMED = "named", _("named in the passport of due diligence")


class Occasion(models.TextChoices):
    """Why names were compared."""

    REGISTRATION = "registration", _("check of the papers")
    AWARD = "award", _("award")
    PAYMENT = "payment", _("payment")
    NEW_LIST = "new_list", _("new version of a list")
    ASKED = "asked", _("asked by an officer")


class HitState(models.TextChoices):
    """What two people made of a likeness."""

    OPEN = "open", _("Nobody has looked yet")
    LOOKED_AT = "looked_at", _("One person has judged")
    CLEARED = "cleared", _("Somebody else")
    CONFIRMED = "confirmed", _("The same")
    DISPUTED = "disputed", _("The two disagree")


class HitVerdict(models.TextChoices):
    """What one person makes of a likeness."""

    OTHER = "other", _("Somebody else bears a similar name")
    SAME = "same", _("It is the person or body on the list")
    UNCLEAR = "unclear", _("It cannot be told from what we know")


class PassportKeyState(models.TextChoices):
    """The life of a key that signs passports."""

    SIGNING = "signing", _("signs passports")
    RETIRED = "retired", pgettext_lazy("key", "signs no longer")
    REVOKED = "revoked", pgettext_lazy("key", "revoked")


class PassportFileState(models.TextChoices):
    """Where a signed passport stands."""

    ASKED = "asked", _("waits for the signature")
    SIGNED = "signed", pgettext_lazy("passport", "signed")


class ListingState(models.TextChoices):
    """Whether an organisation stands in the public register."""

    LISTED = "listed", _("stands in the public register")
    WITHDRAWN = "withdrawn", pgettext_lazy("register", "left")


class TrustState(models.TextChoices):
    """Whether passports of another fund are taken."""

    TRUSTED = "trusted", _("passports are taken")
    ENDED = "ended", pgettext_lazy("trust", "ended")
