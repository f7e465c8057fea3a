"""The check of a profile: submitted by a signatory, returned once or cleared by a programme officer."""

from accounts.models import User
from audit import lifecycle
from organisations import events
from organisations.models import Organisation


def submit_due_diligence(organisation: Organisation, *, declarations: list[str], actor: User) -> Organisation:
    """Ask for the check, with the proofs as they are now; raises `Refused` with what is missing."""
    proofs = list(organisation.proofs.order_by("recorded_at").values_list("sha256", flat=True))
    event = events.DueDiligenceSubmitted(proofs=proofs, declarations=sorted(declarations))
    return lifecycle.move(organisation, event, actor=actor)


def return_due_diligence(organisation: Organisation, *, missing: list[str], reason: str, actor: User) -> Organisation:
    """Give the profile back: the items of `CheckItem` that are not in order, and in words what to do."""
    event = events.DueDiligenceReturned(missing=sorted(missing))
    return lifecycle.move(organisation, event, actor=actor, reason=reason)


def clear_due_diligence(
    organisation: Organisation, *, checked: list[str], actor: User, reason: str = ""
) -> Organisation:
    """Find the papers in order; ``checked`` are the items of `CheckItem` that were looked at."""
    event = events.DueDiligenceCleared(checked=sorted(checked))
    return lifecycle.move(organisation, event, actor=actor, reason=reason)
