"""Tranches that are still to come move with an extension of their grant; what is due, asked for or paid keeps its day."""

from audit import lifecycle
from disbursements import events
from disbursements.selectors.extensions import tranche_moves
from grants.models import Revision


def reschedule_tranches(revision: Revision) -> None:
    """Move every planned tranche as the extension stretches the grant; the record keeps both days."""
    for tranche, due_on in tranche_moves(revision):
        said = events.TrancheRescheduled(revision=revision.pk, old_due=tranche.due_on, due_on=due_on)
        try:
            lifecycle.move(tranche, said, actor=None, changes={"due_on": due_on})
        except lifecycle.IllegalMove:
            continue  # fell due a moment ago: it keeps its day
