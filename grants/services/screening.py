"""Screening: complete and eligible, returned once, or not eligible by the word of two officers."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.selectors import users_with_role
from audit import lifecycle
from grants import events
from grants.links import link
from grants.models import Application
from grants.selectors import calls
from grants.services.applications import tell
from grants.services.feedback import FeedbackDraft, give_feedback
from grants.states import ApplicationState
from kernel.permissions import Refused
from notices.services import notify


def _reasoned(reason: str, words: Any) -> str:
    if not reason.strip():
        raise Refused(words)
    return reason.strip()


@transaction.atomic
def return_for_completion(application: Application, *, items: list[str], actor: Any, reason: str = "") -> Application:
    """Ask the organisation, once, for what is formally missing (``items``, one sentence each). Raises `Refused`."""
    wanted = [item.strip() for item in items if item.strip()]
    if not wanted:
        raise Refused(_("Say what is missing, one thing a line: the organisation reads exactly this."))
    due = calls.completed_by(application.call, timezone.now())
    returned = lifecycle.move(
        application,
        events.ApplicationReturned(due=timezone.localdate(due).isoformat(), items=wanted),
        actor=actor,
        reason=reason,
        changes={"returned_once": True, "step_due": due, "missing_items": wanted, "screened_by": actor},
    )
    tell(returned, "grants.application_returned", dedupe=returned.leaf_id, due=due.isoformat(), items=wanted)
    return returned


@transaction.atomic
def find_eligible(application: Application, *, checklist: dict[str, bool], actor: Any, reason: str = "") -> Application:
    """Every point holds: the application goes on to the committee. Raises `Refused`."""
    eligible = lifecycle.move(
        application,
        events.ApplicationFoundEligible(checklist=checklist),
        actor=actor,
        reason=reason,
        changes={"checklist": checklist, "screened_by": actor, "step_due": None},
    )
    tell(eligible, "grants.application_eligible", dedupe=eligible.leaf_id)
    return eligible


@transaction.atomic
def propose_ineligible(application: Application, *, checklist: dict[str, bool], actor: Any, reason: str) -> Application:
    """A point does not hold: another officer looks at it before anything is said. Raises `Refused`."""
    why = _reasoned(reason, _("Say why the application is not eligible: the organisation will read it."))
    due = calls.screened_by(application.call, timezone.now())
    proposed = lifecycle.move(
        application,
        events.IneligibilityProposed(checklist=checklist),
        actor=actor,
        reason=why,
        changes={"checklist": checklist, "screened_by": actor, "screening_reason": why, "step_due": due},
    )
    others = users_with_role(Role.PROGRAMME_OFFICER).exclude(pk=actor.pk)
    notify(
        [*others, *users_with_role(Role.FUND_MANAGER).exclude(pk=actor.pk)],
        "grants.ineligibility_to_confirm",
        params={"reference": proposed.reference},
        url=link("application_screen", proposed.pk),
        dedupe_key=f"{proposed.pk}:{proposed.leaf_id}",
    )
    return proposed


@transaction.atomic
def confirm_ineligible(application: Application, *, actor: Any, reason: str = "") -> Application:
    """The second officer agrees: the organisation receives the reason and the last day of an appeal. Raises `Refused`."""
    found = lifecycle.move(
        application,
        events.IneligibilityConfirmed(),
        actor=actor,
        reason=reason,
        changes={"step_due": None, "decided_at": timezone.now()},
    )
    why = "\n".join(text for text in (found.screening_reason, reason.strip()) if text)
    give_feedback(
        found, outcome=ApplicationState.INELIGIBLE, draft=FeedbackDraft(panel_mean="", criteria=[], weaknesses=why)
    )
    return found


@transaction.atomic
def overturn_ineligible(application: Application, *, actor: Any, reason: str) -> Application:
    """The second officer disagrees: the application goes on to the committee. Raises `Refused`."""
    why = _reasoned(reason, _("Say why the application is eligible after all."))
    eligible = lifecycle.move(
        application, events.IneligibilityOverturned(), actor=actor, reason=why, changes={"step_due": None}
    )
    tell(eligible, "grants.application_eligible", dedupe=eligible.leaf_id)
    return eligible
