"""What waits for fund staff here: rehearsed imports that want a yes."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

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
