"""How the books speak of money that waits for appeals."""

from django.utils.translation import gettext_lazy as _

from ledger.wording import wording

KEPT_FOR_APPEALS = wording(
    "committees.kept_for_appeals", _("Kept aside for appeals on call %(call)s, from contribution %(contribution)s")
)
APPEALS_MAY_COME = wording("committees.appeals_may_come", _("Appeals on call %(call)s may come"))
APPEALS_ARE_OVER = wording("committees.appeals_are_over", _("Money kept for appeals on call %(call)s is free again"))
HELD_FOR_APPEAL = wording(
    "committees.held_for_appeal", _("Held for appeal %(appeal)s, from contribution %(contribution)s")
)
APPEAL_DISPUTES = wording("committees.appeal_disputes", _("Appeal %(appeal)s disputes this amount"))
APPEAL_ANSWERED = wording("committees.appeal_answered", _("Appeal %(appeal)s is answered"))
