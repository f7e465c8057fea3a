"""The table of holidays."""

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from audit import lifecycle
from charter import events, selectors
from charter.models import Holiday


@transaction.atomic
def add_holiday(day: date, name: Any, *, actor: User) -> Holiday:
    """The fund's clocks stand still on ``day``; deadlines that are already set stay. Raises `Refused`."""
    holiday = Holiday.objects.create(day=day, name=name)
    lifecycle.note(holiday, events.HolidayAdded(day=day), actor=actor)
    selectors.forget_holidays()
    return holiday


@transaction.atomic
def remove_holiday(holiday: Holiday, *, actor: User) -> None:
    """Take ``holiday`` off the calendar. Raises `Refused`."""
    lifecycle.note(holiday, events.HolidayRemoved(day=holiday.day), actor=actor)
    holiday.delete()
    selectors.forget_holidays()
