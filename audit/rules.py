"""Which rule answers for which event; the door asks it, pages and tests ask the same."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.events import Event
from kernel import identity
from kernel.permissions import Allowed, Denied, PermissionResult

Rule = Callable[..., PermissionResult]
_rules: dict[type[Event], Rule] = {}


def rule_for(*event_classes: type[Event]) -> Callable[[Rule], Rule]:
    """Register ``fn(subject, *, actor, event) -> PermissionResult`` as the rule of the given events."""

    def decorate(fn: Rule) -> Rule:
        for cls in event_classes:
            if _rules.setdefault(cls, fn) is not fn:
                raise ValueError(f"{cls.__name__} has two rules")
        return fn

    return decorate


def ask(subject: Any, event: Event, *, actor: Any) -> PermissionResult:
    """What the event's rule answers; `LookupError` when the event has none."""
    try:
        rule = _rules[type(event)]
    except KeyError:
        raise LookupError(f"no rule for {type(event).__name__}") from None
    # A rule judges by all that is recorded and answers yes, or no with a reason.
    with identity.system("audit.rule"):
        return rule(subject, actor=actor, event=event)


def has_rule(event_class: type[Event]) -> bool:
    """Whether an app has registered a rule for this event."""
    return event_class in _rules


def system_only(_subject: Any, *, actor: Any, event: Event) -> PermissionResult:
    """Rule of acts that only the system itself does (deadlines, reactions)."""
    return Allowed() if actor is None else Denied(_("Only the system itself does this."))
