"""Proposals who scores what: asked for, computed by a worker, changed with reasons, confirmed; and members' expertise."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

import rfc8785
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import lifecycle, outbox
from committees import calculation_events as events
from committees.assigning import Plan, civil_society_needed
from committees.models import AssignmentProposal, Expertise, Panel, ProposalChange, Seat
from committees.rules import facts
from committees.selectors import proposals as selectors
from committees.services import assignments, panels
from committees.services.conflicts import refresh_conflicts
from committees.states import ProposalState
from grants.models import Application
from grants.states import ApplicationState
from kernel.permissions import Refused
from kernel.texts import clean_line

COMPUTE = "committees.propose_assignment"
OPEN = (ProposalState.ASKED, ProposalState.PROPOSED)


def record_expertise(seat: Seat, *, languages: Iterable[str], sectors: Iterable[str], actor: Any) -> Expertise:
    """Record which languages a member reads and which sectors the member knows; it replaces what was recorded before."""
    said = Expertise(seat=seat, languages=sorted(languages), sectors=sorted(sectors))
    event = events.ExpertiseRecorded(seat=seat.pk, languages=said.languages, sectors=said.sectors)
    return lifecycle.create(said, event, actor=actor)


def _to_assign(panel: Panel) -> list[Application]:
    return list(facts.applications_of(panel).filter(state=ApplicationState.ELIGIBLE))


@transaction.atomic
def ask(panel: Panel, *, actor: Any) -> AssignmentProposal:
    """Ask a worker who should score what; a proposal that was open is discarded."""
    locked = Panel.objects.select_for_update(no_key=True).get(pk=panel.pk)
    for one in AssignmentProposal.objects.filter(panel=locked, state__in=OPEN):
        lifecycle.move(one, events.ProposalDiscarded(), actor=actor)
    refresh_conflicts(locked)
    proposal = AssignmentProposal(panel=locked, asked_by=actor)
    event = events.ProposalAsked(applications=len(_to_assign(locked)))
    made = lifecycle.create(proposal, event, actor=actor)
    outbox.put(COMPUTE, {"proposal": str(made.pk)}, dedupe_key=str(made.pk))
    return made


@outbox.handler(COMPUTE)
def compute(payload: dict[str, Any]) -> None:
    """Find the best assignment, or the rule that leaves none; a proposal that was discarded meanwhile is left alone."""
    proposal = AssignmentProposal.objects.select_related("panel__call", "panel__committee").get(pk=payload["proposal"])
    if proposal.state != ProposalState.ASKED:
        return
    plan = assignments.propose(proposal.panel, _to_assign(proposal.panel))
    kept = _kept(plan)
    sha256 = hashlib.sha256(rfc8785.dumps(kept)).hexdigest()
    if plan.shortages:
        event: Any = events.AssignmentImpossible(rules=len(plan.shortages))
    else:
        number = sum(len(chosen) for chosen in plan.scorers.values())
        event = events.AssignmentProposed(assignments=number, sha256=sha256)
    lifecycle.move(proposal, event, actor=None, changes={"plan": kept, "sha256": sha256})


def _kept(plan: Plan) -> dict[str, Any]:
    """A plan as data: scorers by application with what was matched, loads, gap as text, and what stands in the way."""
    return {
        "rows": [
            {
                "application": key,
                "scorers": [{"seat": seat, **asdict(plan.matches[key, seat])} for seat in chosen],
            }
            for key, chosen in plan.scorers.items()
        ],
        "loads": plan.loads,
        "gap": f"{plan.gap:.4f}",
        "shortages": [{**asdict(one), "rule": one.rule.value} for one in plan.shortages],
    }


@transaction.atomic
def change(
    proposal: AssignmentProposal, application: Application, *, before: Seat, after: Seat, reason: str, actor: Any
) -> ProposalChange:
    """Put another scorer in the place of one who is proposed; raises `Refused` with the rule that speaks against it."""
    locked = AssignmentProposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    chosen = selectors.effective(locked)
    group = chosen.get(application.pk, [])
    if before.pk not in group or after.pk in group:
        raise Refused(_("Choose a scorer who is proposed, and a member who is not."))
    _keeps_the_share(locked.panel, application, [one for one in group if one != before.pk] + [after.pk])
    _keeps_the_limit(locked.panel, chosen, after)
    said = clean_line(reason).strip()
    made = ProposalChange(proposal=locked, application=application, before=before, after=after, reason=said)
    event = events.ProposalChanged(application=application.pk, before=before.pk, after=after.pk)
    return lifecycle.create(made, event, actor=actor, reason=said)


def _keeps_the_share(panel: Panel, application: Application, group: list[UUID]) -> None:
    rules = facts.rules_of(panel.call).scoring
    needed = civil_society_needed(
        rules.scorers_needed(application.requested_minor), rules.civil_society_scorers_percent
    )
    if Seat.objects.filter(pk__in=group, civil_society=True).count() < needed:
        raise Refused(_("Then civil society would have less than its share among the scorers of this application."))


def _keeps_the_limit(panel: Panel, chosen: dict[UUID, list[UUID]], after: Seat) -> None:
    limit = facts.rules_of(panel.call).scoring.assignment.most_applications
    load = Counter(seat for group in chosen.values() for seat in group)[after.pk]
    if limit and load >= limit:
        raise Refused(_("This member would score more applications than the charter allows."))


@transaction.atomic
def adopt(proposal: AssignmentProposal, *, actor: Any) -> Panel:
    """Confirm a proposal with its changes: the applications go to their scorers and the scoring opens.

    Raises `Refused` when applications or conflicts changed since it was computed: then another is asked for.
    """
    panel = Panel.objects.select_for_update(no_key=True).get(pk=proposal.panel_id)
    locked = AssignmentProposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    refresh_conflicts(panel)
    chosen = selectors.effective(locked)
    listed = {one.pk: one for one in _to_assign(panel)}
    if set(listed) - set(chosen):
        raise Refused(_("Applications were added since this proposal was computed; ask for another."))
    event = events.ProposalAdopted(changes=locked.changes.count(), sha256=locked.sha256)
    lifecycle.move(locked, event, actor=actor)
    seats = Seat.objects.select_related("user").in_bulk([seat for group in chosen.values() for seat in group])
    pairs = [(listed[key], seats[seat]) for key, group in chosen.items() if key in listed for seat in group]
    return panels.start_scoring(panel, actor=actor, pairs=pairs)
