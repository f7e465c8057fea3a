"""What this app adds to grants and contributions: what the public reads of it, what it does, under which code a donor knows it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funds.models import Contribution, Donor
from funds.telling import Known, knows_grants
from funds.threads import continues
from grants.models import Grant, GrantFunding
from grants.see_also import Page, see_also
from kernel import identity
from kernel.pieces import ThreadLink
from transparency.selectors.giving import told_to
from transparency.selectors.published import SIGNED
from transparency.selectors.withholdings import reads_public_view


@see_also
def public_view(grant: Grant, user: Any) -> Page | None:
    """For the organisation's people, the secretariat and auditors, once the grant is signed."""
    if grant.state not in SIGNED or not reads_public_view(grant, user):
        return None
    return Page(_("What the public reads of this grant"), reverse("transparency:public_view", args=[grant.pk]))


@continues
@identity.system("transparency.giving")
def what_it_does(contribution: Contribution) -> list[ThreadLink]:
    """From a contribution to the donor's place, which shows it down to payments and reports."""
    if contribution.account_id is None:
        return []
    number = GrantFunding.objects.filter(envelope__contribution=contribution).values("grant").distinct().count()
    place = reverse("transparency:donor_place", args=[contribution.donor_id])
    return [ThreadLink(_("Grants"), str(number), url=place)]


@knows_grants
@identity.system("transparency.giving")
def as_donors_know_them(donor: Donor, references: Iterable[str]) -> Mapping[str, Known]:
    """The same codes as in the donor's place; one query beside those of `told_to`."""
    wanted = list(references)
    if not wanted:
        return {}
    grants = list(Grant.objects.filter(reference__in=wanted).select_related("organisation", "application"))
    told = told_to(donor, grants)
    return {one.reference: Known(told[one.pk].code, told[one.pk].withheld) for one in grants}
