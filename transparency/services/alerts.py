"""Telling people of donors, once each and in their language: by the outbox, from what happened, nothing sensitive."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from audit import outbox
from audit.models import Leaf
from funds.models import Contribution, Donor
from grants.models import Grant
from grants.selectors.grants import overdue_reports, rules_of
from kernel import identity
from kernel.permissions import require
from notices.services import notify
from transparency.alert_rules import may_choose
from transparency.models import DonorAlerts
from transparency.selectors import alerts as selectors
from transparency.states import AlertKind

ALERT = "transparency.donor_alert"


def choose(donor: Donor, *, kinds: list[str], actor: Any) -> DonorAlerts:
    """Be told of these from now on; raises `Refused` for who does not represent the donor."""
    require(may_choose(donor, actor))
    kept = [kind for kind in selectors.kinds_for(donor, actor) if kind in kinds]
    row, _made = DonorAlerts.objects.update_or_create(donor=donor, user=actor, defaults={"kinds": kept})
    return row


def announce(kind: AlertKind, *, leaf: Leaf, **about: UUID) -> None:
    """Have the worker tell the donors of what happened; ``about`` names the contribution or the grant."""
    said = {name: str(pk) for name, pk in about.items()}
    outbox.put(ALERT, {"kind": kind.value, "key": str(leaf.pk), **said}, dedupe_key=f"{ALERT}:{kind}:{leaf.pk}")


@identity.system("transparency.alerts")
def tell(payload: dict[str, Any]) -> None:
    """Tell the people of every donor whom it concerns."""
    kind = AlertKind(payload["kind"])
    if kind is AlertKind.MONEY_RECEIVED:
        contribution = Contribution.objects.select_related("donor").get(pk=payload["contribution"])
        _tell(contribution.donor, kind, key=payload["key"])
        tell_of_concentration()
        return
    grant = Grant.objects.get(pk=payload["grant"])
    for donor in selectors.donors_in([grant]).get(grant.pk, []):
        _tell(donor, kind, key=payload["key"])


def tell_of_concentration() -> None:
    """Tell all donors once a year, and of each that carries too much, what the public figures show."""
    found = selectors.concentration_now()
    if found is None:
        return
    largest, percent = found
    for donor in Donor.objects.filter(contributions__account__isnull=False).distinct():
        _tell(donor, AlertKind.CONCENTRATION, key=f"{timezone.localdate().year}:{largest}", percent=percent)


@identity.system("transparency.alerts")
def tell_of_late_reports() -> None:
    """Tell donors of reports that are so late that the charter holds the next tranche; once for each day due."""
    today = timezone.localdate()
    late = [
        report
        for report in overdue_reports(today)
        if (today - report.due_on).days >= rules_of(report.grant).reports.overdue_calendar_days.tranche_hold
    ]
    donors = selectors.donors_in(report.grant for report in late)
    for report in late:
        for donor in donors.get(report.grant_id, []):
            _tell(donor, AlertKind.REPORT_LATE, key=f"{report.pk}:{report.due_on}")


def _tell(donor: Donor, kind: AlertKind, *, key: str, **params: int) -> None:
    notify(
        selectors.people_to_tell(donor, kind),
        ALERT,
        params={"kind": kind.value, **params},
        url=reverse("transparency:donor_place", args=[donor.pk]),
        dedupe_key=f"{kind}:{key}:{donor.pk}",
    )
