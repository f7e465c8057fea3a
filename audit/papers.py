"""What a printed paper shows of its proof: a code to scan, the address behind it, and how to check the paper.

Some papers are drawn after the act that they tell of (a receipt, a payment): they carry the address of its leaf. Others are
drawn first and then signed by their fingerprint (an agreement, minutes): no leaf knows of them yet, so they carry an address
of their own, which leads to the newest leaf that names their fingerprint.
"""

import io
from functools import lru_cache
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import receipts
from audit.models import Leaf, RecordedEvent

_signed: set[str] = set()


def signed_by(*event_types: str) -> None:
    """Register types of event that name the fingerprint of a paper about their subject."""
    _signed.update(event_types)


def printed(subject: Any, *event_types: str) -> dict[str, str] | None:
    """What a paper shows that tells of the newest event of these types about ``subject``; None before there is one."""
    leaf = _newest(subject.pk, event_types)
    if leaf is None:
        return None
    how = _(
        "Scan the code or open the address: the page says where this act stands in the log and who outside the fund has "
        "seen it there. Whom it concerns takes a receipt home from there, which proves it without this website."
    )
    return _shown(receipts.address(bytes(leaf.leaf_hash).hex()), how)


def to_be_signed(subject: Any) -> dict[str, str]:
    """What a paper about ``subject`` shows that will be signed by its fingerprint."""
    how = _(
        "Scan the code or open the address: once this paper is signed, the page says where the signature stands in the log. "
        "The receipt from there names the fingerprint of this very file, so that both can be checked without this website."
    )
    return _shown(settings.SITE_URL + reverse("audit:paper", args=[subject.pk]), how)


def leaf_of(subject_id: UUID) -> Leaf | None:
    """The newest leaf that names the fingerprint of a paper about this object."""
    return _newest(subject_id, tuple(_signed))


def _newest(subject_id: UUID, event_types: tuple[str, ...]) -> Leaf | None:
    events = RecordedEvent.objects.filter(subject_id=subject_id, type__in=event_types).select_related("leaf")
    event = events.order_by("-leaf_id").first()
    return event.leaf if event is not None else None


@lru_cache(maxsize=128)
def _drawn(address: str) -> str:
    """The address as a code to scan: the longest step of a paper's page, the same in each of its languages."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=4, scale=4, xmldecl=False)
    return drawn.getvalue().decode()


def _shown(address: str, how: str) -> dict[str, str]:
    return {
        "qr": _drawn(address),
        "address": address,
        "label": _("Proof in the log of decisions"),
        "how": how,
    }
