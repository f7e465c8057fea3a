"""Pages about a grant that this app offers."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.selectors import has_role
from grants.models import Grant
from grants.see_also import Page, see_also
from ledger.access import READERS


@see_also
def in_the_books(grant: Grant, user: Any) -> Page | None:
    """Every transfer of the grant's accounts, for those who read the books."""
    if not has_role(user, *READERS):
        return None
    return Page(_("The grant's transfers in the books"), f"{reverse('ledger:transfer_list')}?about={grant.reference}")
