"""Pages about a grant and about a waqf that this app offers."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.selectors import has_role
from funds.models import Waqf
from funds.see_also import Page as WaqfPage
from funds.see_also import about_waqf
from grants.models import Grant
from grants.see_also import Page, see_also
from ledger.access import READERS


@see_also
def in_the_books(grant: Grant, user: Any) -> Page | None:
    """Every transfer of the grant's accounts, for those who read the books."""
    if not has_role(user, *READERS):
        return None
    return Page(_("The grant's transfers in the books"), f"{reverse('ledger:transfer_list')}?about={grant.reference}")


@about_waqf
def what_became_of_it(waqf: Waqf) -> WaqfPage:
    """Capital, yield, and what it was granted for, by year."""
    return WaqfPage(_("Statement of the waqf by year"), reverse("disbursements:waqf_statement", args=[waqf.pk]))
