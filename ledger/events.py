"""What is recorded about rates of exchange and about months of the books."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register


@register
class RateRecorded(Event):
    type = "ledger.rate.recorded"
    sentence = _("recorded the reference rate of %(on)s: %(units)s %(currency)s for one %(base)s")
    on: date
    base: str
    currency: str
    series: str = ""
    units: str
    source: str


@register
class PeriodLocked(Event):
    type = "ledger.period.locked"
    needs_second_factor = True
    sentence = _("locked the month %(month)s with %(transfers)s transfers (%(sha256)s)")
    month: date
    transfers: int
    sha256: str


@register
class PeriodLockedAgain(Event):
    type = "ledger.period.locked_again"
    needs_second_factor = True
    sentence = _("locked the month again with %(transfers)s transfers (%(sha256)s)")
    transfers: int
    sha256: str


@register
class PeriodUnlockAsked(Event):
    type = "ledger.period.unlock_asked"
    needs_second_factor = True
    sentence = _("asked to open the month again")


@register
class PeriodUnlocked(Event):
    type = "ledger.period.unlocked"
    needs_second_factor = True
    sentence = _("opened the month again as a second person")


@register
class PeriodUnlockDeclined(Event):
    type = "ledger.period.unlock_declined"
    needs_second_factor = True
    sentence = _("declined to open the month again")
