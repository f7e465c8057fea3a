"""The page that this app adds to a grant: what the public reads of it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grants.models import Grant
from grants.see_also import Page, see_also
from transparency.selectors.published import SIGNED
from transparency.selectors.withholdings import reads_public_view


@see_also
def public_view(grant: Grant, user: Any) -> Page | None:
    """For the organisation's people, the secretariat and auditors, once the grant is signed."""
    if grant.state not in SIGNED or not reads_public_view(grant, user):
        return None
    return Page(_("What the public reads of this grant"), reverse("transparency:public_view", args=[grant.pk]))
