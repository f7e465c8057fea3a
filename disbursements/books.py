"""How the books speak of payments, of what a partner holds, and of what comes back."""

from django.utils.translation import gettext_lazy as _

from ledger.wording import wording

PAYMENT = wording("disbursements.payment", _("Payment %(payment)s"))
PAYMENT_ARRIVED = wording("disbursements.payment_arrived", _("Payment %(payment)s arrived"))
PAYMENT_CAME_BACK = wording("disbursements.payment_came_back", _("Payment %(payment)s came back"))
HELD_BY_PARTNER = wording("disbursements.held_by_partner", _("Held by the partner of grant %(grant)s (memo)"))
COUNTERPART = wording("disbursements.counterpart", _("Counterpart of what the partner of grant %(grant)s holds (memo)"))
HELD_AFTER_PAYMENT = wording("disbursements.held_after_payment", _("Held by the partner after payment %(payment)s"))
SPENDING_ACCEPTED = wording("disbursements.spending_accepted", _("Spending of grant %(grant)s accepted"))
UNSPENT_CAME_BACK = wording("disbursements.unspent_came_back", _("Unspent money of grant %(grant)s came back"))
REFUND = wording("disbursements.refund", _("Refund of grant %(grant)s"))
NOT_PAID_ANY_MORE = wording("disbursements.not_paid_any_more", _("Grant %(grant)s ended: not paid any more"))
IN_TRANSIT = wording("disbursements.in_transit", _("On its way through %(provider)s"))
HANDED_OVER = wording("disbursements.handed_over", _("Payment %(payment)s handed over to its provider"))
COMMISSIONS = wording("disbursements.commissions", _("Commissions of providers, %(currency)s"))
FOR_COSTS = wording("disbursements.for_costs", _("Taken from contributions for the fund's costs, %(currency)s"))
GAINS = wording("disbursements.exchange_gains", _("Gains of exchange, %(currency)s"))
KEPT_GAINS = wording("disbursements.kept_gains", _("Kept gains of exchange, which bear losses first, %(currency)s"))
LOSSES = wording("disbursements.exchange_losses", _("Losses of exchange, %(currency)s"))
EXCHANGE = wording("disbursements.exchange", _("Result of exchange on the fund's money, %(currency)s"))
GAIN = wording("disbursements.exchange_gain", _("Gain of exchange of payment %(payment)s, grant %(grant)s"))
LOSS = wording("disbursements.exchange_loss", _("Loss of exchange of payment %(payment)s, grant %(grant)s"))
COMMISSION = wording("disbursements.commission", _("Commission for payment %(payment)s"))
