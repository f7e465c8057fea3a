"""What of donors' money waits for a person."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funds import rules, selectors
from kernel.work import WorkItem, source

TO_CONFIRM = _("Money to confirm")


@source
def contributions_to_confirm(user: Any) -> Iterable[WorkItem]:
    """Money that another person recorded."""
    if not rules.may_keep(user):
        return
    for contribution in selectors.contributions_to_confirm(user):
        url = reverse("funds:contribution_confirm", args=[contribution.pk])
        yield WorkItem(contribution.reference, url, TO_CONFIRM, detail=str(contribution.donor))
