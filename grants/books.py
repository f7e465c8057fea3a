"""How the books speak of calls and grants."""

from django.utils.translation import gettext_lazy as _

from ledger.wording import wording

ENVELOPE = wording("grants.envelope", _("Envelope of call %(call)s from contribution %(contribution)s"))
CALL_CANCELLED = wording("grants.call_cancelled", _("Call %(call)s was cancelled"))
CALL_COMPLETED = wording("grants.call_completed", _("Call %(call)s is completed"))
CALL_EMPTY = wording("grants.call_empty", _("No application of call %(call)s is left"))
OWED = wording("grants.owed", _("Owed to grant %(grant)s from contribution %(contribution)s"))
RESERVED = wording("grants.reserved", _("Reserved for grant %(grant)s"))
NOT_TAKEN_UP = wording("grants.not_taken_up", _("Grant %(grant)s was not taken up"))
SET_ASIDE = wording("grants.set_aside", _("The award of grant %(grant)s was set aside"))
EXTENSION_DROPPED = wording("grants.extension_dropped", _("The extension of grant %(grant)s did not come about"))
COMMITTED = wording("grants.committed", _("Committed to grant %(grant)s"))
