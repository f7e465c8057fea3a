"""Comments of colleagues and copies of earlier applications: the organisation's people, and nobody else."""

from typing import Any

from audit.rules import rule_for
from grants import events
from grants.models import Application, PartComment
from grants.rules.applications import may_edit
from kernel.permissions import PermissionResult
from organisations.rules import is_person_of


def may_read_comments(application: Application, *, actor: Any) -> PermissionResult:
    """People of the organisation; never officers or scorers."""
    return is_person_of(actor, application.organisation)


@rule_for(events.CommentWritten)
def may_comment(comment: PartComment, *, actor: Any, event: Any = None) -> PermissionResult:
    """People of the organisation, while the application is written."""
    return may_edit(comment.application, actor=actor)


@rule_for(events.CommentResolved, events.CommentReopened)
def may_settle_comment(comment: PartComment, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_comment`: whoever does what it asks for settles it."""
    return may_edit(comment.application, actor=actor)


@rule_for(events.ApplicationCopied)
def may_copy(application: Application, *, actor: Any, event: Any = None) -> PermissionResult:
    """People of the organisation, from an application of the same organisation, into one that is being written."""
    return may_edit(application, actor=actor)
