"""How the books speak of donors' money."""

from django.utils.translation import gettext_lazy as _

from ledger.wording import wording

BANK = wording("funds.bank", _("Bank, %(currency)s"))
SOURCE = wording("funds.source", _("Contribution %(contribution)s"))
RECEIVED = wording("funds.received", _("Contribution %(contribution)s received, bank reference %(reference)s"))
INTO_ENVELOPE = wording("funds.into_envelope", _("Set aside from contribution %(contribution)s"))
RECEIVABLE = wording("funds.receivable", _("Signed and not arrived, pledge %(pledge)s"))
SIGNED_INCOME = wording("funds.signed_income", _("Expected from the signed pledge %(pledge)s"))
SIGNED = wording("funds.signed", _("Pledge %(pledge)s was signed"))
PROMISE_KEPT = wording("funds.promise_kept", _("Money of pledge %(pledge)s arrived"))
PROMISE_ENDED = wording("funds.promise_ended", _("Pledge %(pledge)s ended: nothing more is expected"))
WRITTEN_OFF = wording("funds.written_off", _("What was left of pledge %(pledge)s is written off"))
DUE_TO_DONOR = wording("funds.due_to_donor", _("Owed back to the donor of contribution %(contribution)s"))
TO_BE_RETURNED = wording("funds.to_be_returned", _("Contribution %(contribution)s goes back to its donor"))
RETURNED = wording(
    "funds.returned", _("Contribution %(contribution)s went back to its donor, bank reference %(reference)s")
)

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
