"""How the books speak of donors' money."""

from django.utils.translation import gettext_lazy as _

from ledger.wording import wording

BANK = wording("funds.bank", _("Bank, %(currency)s"))
SOURCE = wording("funds.source", _("Contribution %(contribution)s"))
RECEIVED = wording("funds.received", _("Contribution %(contribution)s received, bank reference %(reference)s"))
INTO_ENVELOPE = wording("funds.into_envelope", _("Set aside from contribution %(contribution)s"))

CLEARING = wording("funds.clearing", _("Money held by Stripe, %(currency)s"))
PAYOUTS = wording("funds.payouts", _("Payouts of Stripe on their way to the bank, %(currency)s"))
CARD_FEES = wording("funds.card_fees", _("Fees of Stripe and banks, %(currency)s"))
CARD_LOSSES = wording("funds.card_losses", _("Gifts taken back after they were spent, %(currency)s"))
FOR_COSTS = wording("funds.for_costs", _("Taken from contributions for the fund's costs, %(currency)s"))
POOL = wording("funds.pool", _("Gifts by card, %(class)s, %(currency)s"))
GIFT = wording("funds.gift", _("Gift %(gift)s"))
GIFT_BACK = wording("funds.gift_back", _("Gift %(gift)s went back"))
CARD_COST = wording("funds.card_cost", _("Cost of the movement %(movement)s at Stripe"))
PAYOUT = wording("funds.payout", _("Payout %(movement)s of Stripe"))
PAYOUT_ARRIVED = wording("funds.payout_arrived", _("Payout %(movement)s arrived at the bank"))
