"""Deadlines of applications, by the clock of the database."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from grants import deadline, stages
from grants.models import Application
from grants.states import ApplicationState
from kernel.database import now_in_database
from kernel.permissions import Refused


class TooLate(Refused):
    """The deadline has passed."""


def due(application: Application) -> datetime:
    """When the application's present step ends: the closing of its stage, or the time for completion."""
    returned = application.state == ApplicationState.RETURNED
    return application.step_due if returned and application.step_due else stages.closing_of(application)


def require_in_time(application: Application, *, begun_at: datetime | None = None) -> None:
    """Raise `TooLate` when the deadline of the application's present step has passed, by the clock of the database."""
    if not deadline.in_time(due(application), now=now_in_database(), begun_at=begun_at):
        raise TooLate(
            _("The time for completion has run out.")
            if application.state == ApplicationState.RETURNED
            else _("The time for concept notes is over. Yours is kept, but it can no longer be changed or sent.")
            if stages.is_concept(application)
            else _("The call has closed. Your draft is kept, but it can no longer be changed or submitted.")
        )
