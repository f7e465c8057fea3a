"""What goes on from openly told grants to partners in the project, by the kind of who receives it.

The application that was approved names each partner with its share of the money, and is fixed with it. Whose name a
partner bears is never told, only whether the organisation known to the fund by that name is Syrian. The shares are of what
was signed: nothing says who gets what an extension added.
"""

from collections import defaultdict
from typing import Final

from grants.models import ApplicationPartner
from grants.partners import WHOLE
from organisations.selectors import kinds_by_name
from organisations.states import OrganisationType
from transparency.models import ReleasedGrant

SYRIAN: Final = "syrian"
ABROAD: Final = "abroad"
NOT_KNOWN: Final = "not_known"
"""Of an organisation that the fund knows by no such name nobody can say whether it is Syrian."""


def by_grant() -> dict[object, dict[str, int]]:
    """Minor units by kind of receiver of each openly told grant with partners; whole cents, the rest stays with the holder."""
    opened = ReleasedGrant.objects.filter(amount_minor__isnull=False)
    amounts = {
        application: (grant, (amount or 0) - sum(added.values()))
        for application, grant, amount, added in opened.filter(
            grant__application__partners__share_percent__isnull=False
        )
        .order_by()
        .values_list("grant__application", "grant", "amount_minor", "added")
    }
    if not amounts:
        return {}
    kinds, found = kinds_by_name(), defaultdict[object, dict[str, int]](dict)
    shares = ApplicationPartner.objects.filter(application__in=amounts, share_percent__isnull=False).order_by("pk")
    for application, key, percent in shares.values_list("application", "name_key", "share_percent"):
        grant, amount = amounts[application]
        kind = _kind(kinds.get(key, ""))
        found[grant][kind] = found[grant].get(kind, 0) + amount * (percent or 0) // WHOLE
    return dict(found)


def _kind(organisation_type: str) -> str:
    if not organisation_type:
        return NOT_KNOWN
    return ABROAD if organisation_type == OrganisationType.INGO else SYRIAN
