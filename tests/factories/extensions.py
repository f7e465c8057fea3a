"""Extensions of grants at every step, through the real services."""

from datetime import date
from typing import Any

from django.utils import timezone

from committees.models import Committee
from grants.fingerprints import revision_sha256
from grants.models import Grant, Revision
from grants.services import cost_extensions, extensions, revisions
from tests.factories import awards, committees

WHY = "ارتفعت أسعار المواد بعد بدء المشروع"


def asked_for_money(
    grant: Grant, more: dict[str, int], *, months: int = 0, paid_from: date | None = None, actor: Any = None
) -> Revision:
    """A cost extension that the organisation's signatory asks for; minor units by category."""
    return cost_extensions.request(
        grant, more=more, months=months, paid_from=paid_from or timezone.localdate(), reason=WHY,
        actor=actor or awards.signatory(grant),
    )  # fmt: skip


def agreed(revision: Revision, committee: Committee) -> Revision:
    """The chair and another member agree, and an officer looks at it."""
    seats = committees.members(committee)
    for seat, as_chair in ((seats[0], True), (seats[1], False)):
        extensions.agree(revision, content_sha256=revision_sha256(revision), as_chair=as_chair, actor=seat.user)
    return revisions.take_up(revision, actor=awards.programme_officer())


def approved(revision: Revision) -> Revision:
    """The fund manager approves: the money is kept aside, the amendment waits for signatures."""
    return revisions.approve(revision, content_sha256=revision_sha256(revision), actor=awards.manager())


def texts(revision: Revision) -> dict[str, str]:
    """The hashes of the amendment."""
    return {"sha256_ar": revision.amendment_ar_sha256, "sha256_en": revision.amendment_en_sha256}


def signed(revision: Revision) -> Revision:
    """The partner signed the amendment."""
    return revisions.sign(revision, **texts(revision), actor=awards.signatory(revision.grant))


def countersigned(revision: Revision) -> Revision:
    """Both sides signed: it counts."""
    return revisions.countersign(revision, **texts(revision), actor=awards.manager())


def more_money(grant: Grant, more: dict[str, int], *, committee: Committee | None = None, months: int = 0) -> Revision:
    """A cost extension in force."""
    committee = committee or committees.constituted_committee()
    asked = asked_for_money(grant, more, months=months)
    return countersigned(signed(approved(agreed(asked, committee))))
