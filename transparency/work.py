"""What waits for fund staff here: rehearsed imports that want a yes."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.roles import LOG_GUARDIANS
from accounts.selectors import has_role
from audit import restart
from kernel.work import WorkItem, source
from transparency.selectors.imports import waiting_for


@source
def imports_to_confirm(user: Any) -> Iterator[WorkItem]:
    """Uploads of the person that were checked."""
    for run in waiting_for(user):
        yield WorkItem(
            title=_("Look at the rehearsal of an import and confirm it"),
            url=reverse("transparency:history_import_detail", args=[run.pk]),
            kind=_("Imports"),
        )


@source
def rollback_to_acknowledge(user: Any) -> Iterator[WorkItem]:
    """The signer refuses to sign the log: two people look at it."""
    if has_role(user, *LOG_GUARDIANS) and restart.open_alarm() is not None:
        yield WorkItem(
            title=_("The log is no longer signed: find out why, and acknowledge it"),
            url=reverse("transparency:log_rollback"),
            kind=_("Log"),
        )
