"""Blind scoring of applicants, where the call says so: no names for those who score, until the scoring is closed.

What cannot be hidden is said on the page: what an applicant writes of itself in its answers, and what members know.
"""

from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.crypto import salted_hmac

from committees.disclosure import Thing, is_open
from committees.models import Panel
from committees.rules import facts
from committees.states import PanelState
from grants.models import Application

HIDDEN_IN = [state.value for state in PanelState if not is_open(Thing.SCORES, state)]
"""Phases in which a blind call hides its applicants from members: until the scoring is closed."""
HIDES_NAMES = ExpressionWrapper(
    Q(application__call__blind_applicants=True, application__call__panel__state__in=HIDDEN_IN),
    output_field=BooleanField(),
)
"""The same on rows of assignments, which are a member's own."""


def is_blind(user: Any, panel: Panel) -> bool:
    """Whether the names of applicants are hidden from a person on the pages of scoring."""
    return panel.call.blind_applicants and panel.state in HIDDEN_IN and not facts.oversees(user)


def handle(user: Any, application: Application, panel: Panel) -> UUID:
    """What stands for an application beside its applicant's name.

    In a blind call a code of its own for each member: the page of names and the page of scoring cannot be laid side by side.
    """
    if not is_blind(user, panel):
        return application.pk
    return UUID(hex=salted_hmac("committees.blinding", f"{user.pk}:{application.pk}").hexdigest()[:32])
