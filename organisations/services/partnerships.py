"""Links between organisations: recorded with what shows them, ended by date, never taken back."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from kernel.permissions import Refused
from kernel.texts import clean_line
from organisations import events
from organisations.models import Organisation, Partnership
from organisations.states import PartnershipKind

PROFILE = "profile"
"""Basis of a host that the organisation's own profile names."""


@transaction.atomic
def record_partnership(
    organisation: Organisation,
    partner: Organisation,
    *,
    kind: str,
    starts_on: date,
    basis: str,
    actor: Any,
    ends_on: date | None = None,
) -> Partnership:
    """Record that ``partner`` is (or was) consortium partner, mentor or host of ``organisation``. Raises `Refused`."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    said = clean_line(basis).strip()
    if not said:
        raise Refused(_("Say what shows it: an agreement, a grant, a letter."))
    if partner == organisation:
        raise Refused(_("An organisation is no partner of itself."))
    if ends_on is not None and ends_on < starts_on:
        raise Refused(_("The end lies before the beginning."))
    if starts_on > timezone.localdate():
        raise Refused(_("Record the link when it has begun."))
    open_ones = Partnership.objects.filter(organisation=organisation, partner=partner, kind=kind, ends_on__isnull=True)
    if ends_on is None and open_ones.exists():
        raise Refused(_("This link is recorded already and has not ended."))
    row = Partnership.objects.create(
        organisation=organisation, partner=partner, kind=kind, basis=said, starts_on=starts_on, ends_on=ends_on
    )
    # Its reactions read the row, so it comes after it; PostgreSQL looks for it at the end of the transaction.
    event = events.PartnershipRecorded(
        organisation=organisation.pk,
        partner=partner.pk,
        kind=kind,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat() if ends_on else "",
        basis=said,
    )
    lifecycle.note(row, event, actor=actor)
    return row


@transaction.atomic
def end_partnership(partnership: Partnership, *, actor: Any, reason: str = "") -> Partnership:
    """End a link today; it stays on record and counts for the charter's look-back years. Raises `Refused`."""
    locked = Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    today = timezone.localdate()
    event = events.PartnershipEnded(
        organisation=locked.organisation_id, partner=locked.partner_id, kind=locked.kind, ends_on=today.isoformat()
    )
    lifecycle.note(locked, event, actor=actor, reason=reason)
    locked.ends_on = today
    locked.save(update_fields=["ends_on"])
    return locked


def follow_host(organisation: Organisation, before: Organisation | None) -> None:
    """Keep the history of the fiscal host that the profile names: the one ``before`` ends today, the present one begins.

    A host of before this history is recorded from the day on which the organisation was last moved.
    """
    host, today = organisation.fiscal_host, timezone.localdate()
    if before == host:
        return
    rows = Partnership.objects.filter(organisation=organisation, kind=PartnershipKind.HOST, ends_on__isnull=True)
    if before is not None:
        known = rows.filter(partner=before).first() or record_partnership(
            organisation,
            before,
            kind=PartnershipKind.HOST,
            starts_on=min(timezone.localdate(organisation.moved_at), today),
            basis=PROFILE,
            actor=None,
        )
        end_partnership(known, actor=None)
    if host is not None and not rows.filter(partner=host).exists():
        record_partnership(organisation, host, kind=PartnershipKind.HOST, starts_on=today, basis=PROFILE, actor=None)
