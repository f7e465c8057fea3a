"""How the books speak of donors' money."""

from django.utils.translation import gettext_lazy as _

from ledger.wording import wording

BANK = wording("funds.bank", _("Bank, %(currency)s"))
SOURCE = wording("funds.source", _("Contribution %(contribution)s"))
RECEIVED = wording("funds.received", _("Contribution %(contribution)s received, bank reference %(reference)s"))
INTO_ENVELOPE = wording("funds.into_envelope", _("Set aside from contribution %(contribution)s"))
