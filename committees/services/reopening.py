"""A decision that no longer stands is kept and superseded; the committee decides the application again."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from committees import events
from committees.models import Decision, Panel, Reopening
from committees.rules import facts
from committees.services.waiting import left_the_list
from committees.states import PanelState
from grants.models import Application
from grants.services import review
from kernel.permissions import Refused


@transaction.atomic
def supersede(decision: Decision, *, cause: str) -> Reopening:
    """Take a decision back: an award that binds nobody yet is set aside, the application is before the committee again.

    A consequence of an act that its own record names (a confirmed case, an appeal that was upheld), so the system's.
    Raises `Refused` when the agreement is signed by both sides or the call is completed.
    """
    application = Application.objects.select_for_update(no_key=True).get(pk=decision.application_id)
    panel = Panel.objects.select_for_update(no_key=True).get(call=application.call_id)
    if application.state not in facts.DECIDED or Reopening.objects.filter(decision=decision).exists():
        raise Refused(_("This decision is not in force: there is nothing to take back."))
    review.reopen(application, cause=cause)
    left_the_list(application)
    made = _kept(decision, cause=cause)
    if panel.state == PanelState.CLOSED:
        lifecycle.move(panel, events.PanelReopened(), actor=None, reason=cause)
    return made


def superseded_by_appeal(application: Application, *, cause: str) -> Reopening | None:
    """Keep the decision that an upheld appeal takes back, as one that no longer stands; None where only screening decided."""
    left_the_list(application)
    decision = Decision.objects.filter(application=application, reopening__isnull=True).order_by("recorded_at").last()
    return _kept(decision, cause=cause) if decision is not None else None


def _kept(decision: Decision, *, cause: str) -> Reopening:
    event = events.DecisionReopened(application=decision.application_id, decision=decision.pk)
    return lifecycle.create(Reopening(decision=decision, cause=cause), event, actor=None, reason=cause)
