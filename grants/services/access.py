"""Access of scorers and other readers to single applications: the only writer of these rows."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction

from audit import lifecycle
from grants import events
from grants.models import Application, ApplicationUserObjectPermission
from grants.rules.applications import REVIEW


def _permission() -> Permission:
    return Permission.objects.get(content_type__app_label="grants", codename=REVIEW)


@transaction.atomic
def give_review_access(user: Any, application: Application, *, expires_at: datetime, actor: Any) -> None:
    """Let ``user`` read the application until ``expires_at``; a later call moves the end. Raises `Refused`."""
    event = events.ReviewAccessGiven(reader=user.actor_ref, until=expires_at.isoformat())
    lifecycle.note(application, event, actor=actor)
    access = ApplicationUserObjectPermission(
        user=user, content_object=application, permission=_permission(), expires_at=expires_at
    )
    ApplicationUserObjectPermission.objects.bulk_create(
        [access],
        update_conflicts=True,
        unique_fields=["user", "permission", "content_object"],
        update_fields=["expires_at"],
    )


@transaction.atomic
def remove_review_access(user: Any, application: Application, *, actor: Any) -> bool:
    """Close the application to ``user`` at once (recusal, reassignment); returns whether it was open. Raises `Refused`."""
    rows = ApplicationUserObjectPermission.objects.filter(user=user, content_object=application)
    if not rows.exists():
        return False
    lifecycle.note(application, events.ReviewAccessRemoved(reader=user.actor_ref), actor=actor)
    deleted, _by_model = rows.delete()
    return deleted > 0
