"""The one door: every change of state, and every decision, goes through here.

Open a transaction, lock the row, ask the rule, take the edge, save, append the event, let higher layers react. The record
of the event carries the fingerprints of the texts that the act writes (`audit.words`).
PostgreSQL refuses whatever tries to go round it (`audit.guards`).
"""

from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import log, reactions, rules, words
from audit.events import Event
from audit.models import Leaf, Recorded, Stateful
from kernel import identity
from kernel.permissions import Denied, PermissionResult, Refused, require

S = TypeVar("S", bound=Stateful)
R = TypeVar("R", bound=models.Model)


class IllegalMove(Refused):
    """The object is not in a state from which this event can happen."""

    def __init__(self, subject: Any, event: Event) -> None:
        super().__init__(
            _("This step is not possible now: the current state is “%(state)s”.")
            % {"state": subject.get_state_display()}
        )
        self.subject = subject
        self.event = event


def _edge(subject: Any, event: Event) -> Any | None:
    field = subject._meta.get_field("state")
    for transition in field.get_all_transitions(type(subject)):
        if transition.custom.get("event") is not type(event):
            continue
        if transition.source in {subject.state, "*"} or (
            transition.source == "+" and transition.target != subject.state
        ):
            return transition
    return None


def possible(subject: Any, event: Event, *, actor: Any) -> PermissionResult:
    """Whether `move` would be accepted now, as a `PermissionResult`; for buttons and lists of next steps."""
    if _edge(subject, event) is None:
        return Denied(IllegalMove(subject, event).reason)
    return rules.ask(subject, event, actor=actor)


@identity.system("audit.door")
@transaction.atomic
def move(subject: S, event: Event, *, actor: Any, reason: str = "", changes: dict[str, Any] | None = None) -> S:
    """Let ``event`` happen to ``subject`` and return the fresh, locked instance in its new state.

    ``changes`` are further fields set in the same save. ``actor`` is the user who acts, None for the system.
    Raises `IllegalMove` when the state does not allow the event and `Refused` when the rule does not.
    """
    locked: Any = type(subject)._base_manager.select_for_update(no_key=True).get(pk=subject.pk)
    edge = _edge(locked, event)
    if edge is None:
        raise IllegalMove(locked, event)
    require(rules.ask(locked, event, actor=actor))
    leaf = log.append(
        locked,
        event,
        actor=actor,
        reason=reason,
        from_state=locked.state,
        to_state=str(edge.target),
        texts=words.written(type(locked), changes or {}),
    )
    getattr(locked, edge.name)()
    locked.leaf = leaf
    locked.moved_at = timezone.now()
    for name, value in (changes or {}).items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", "leaf", "moved_at", *(changes or {})])
    reactions.run(locked, event, actor=actor, leaf=leaf)
    return locked


@identity.system("audit.door")
@transaction.atomic
def create(instance: R, event: Event, *, actor: Any, reason: str = "") -> R:
    """Insert an unsaved stateful or recorded ``instance`` together with the leaf of its making.

    The rule of ``event`` is asked with the unsaved instance. Raises `Refused` when it does not consent.
    """
    subject: Any = instance
    require(rules.ask(subject, event, actor=actor))
    state = str(subject.state) if isinstance(instance, Stateful) else ""
    said = words.of_row(subject)
    subject.leaf = log.append(subject, event, actor=actor, reason=reason, to_state=state, texts=said)
    if isinstance(instance, Stateful):
        instance.moved_at = timezone.now()
    elif isinstance(instance, Recorded):
        instance.recorded_at = timezone.now()
    subject.save(force_insert=True)
    reactions.run(subject, event, actor=actor, leaf=subject.leaf)
    return instance


@identity.system("audit.door")
@transaction.atomic
def note(subject: models.Model, event: Event, *, actor: Any, reason: str = "") -> Leaf:
    """Record an event about ``subject`` that changes no state; raises `Refused` when its rule does not consent."""
    require(rules.ask(subject, event, actor=actor))
    leaf = log.append(subject, event, actor=actor, reason=reason)
    reactions.run(subject, event, actor=actor, leaf=leaf)
    return leaf
