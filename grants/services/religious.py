"""Justify lines of a budget for zakat or the yield of a waqf, and decide on that by a scholar's written opinion."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from grants import events, reasons
from grants.budgets import line_minor
from grants.models import BudgetLine, ReligiousBasis
from kernel.permissions import Refused


def justify(line: BudgetLine, *, restriction: str, recipients: str, justification: str, actor: Any) -> ReligiousBasis:
    """Say why money of a religious class may pay ``line``, and whom it reaches. Raises `Refused`."""
    basis = ReligiousBasis(
        application=line.application,
        line=line,
        restriction=restriction,
        recipients=recipients,
        justification=justification,
        amount_minor=line_minor(line),
        proposed_by=actor,
    )
    event = events.BasisProposed(
        line=line.pk,
        restriction=restriction,
        recipients=recipients,
        amount_minor=basis.amount_minor,
        currency=line.application.call.currency,
    )
    try:
        with transaction.atomic():
            return lifecycle.create(basis, event, actor=actor)
    except IntegrityError as error:
        if "one_religious_basis_of_a_line" in str(error):
            raise Refused(_("This line is justified already.")) from error
        raise


def approve(basis: ReligiousBasis, *, scholar: str, opinion: str, actor: Any) -> ReligiousBasis:
    """Agree by the written ``opinion`` of a ``scholar``. Raises `Refused`."""
    changes = {"scholar": scholar, "opinion": opinion, "decided_by": actor}
    return lifecycle.move(basis, events.BasisApproved(scholar=scholar, opinion=opinion), actor=actor, changes=changes)


def decline(basis: ReligiousBasis, *, reason: str, actor: Any) -> ReligiousBasis:
    """Decline with a reason; the line can be justified anew."""
    return lifecycle.move(
        basis, events.BasisDeclined(), actor=actor, reason=reasons.given(reason), changes={"decided_by": actor}
    )
