"""Waqfs: recorded with their deed, whose later versions are filed beside it."""

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from audit import lifecycle
from funds import events
from funds.models import Donor, Waqf, WaqfDeed


@transaction.atomic
def add_waqf(donor: Donor, *, name: str, actor: User, **deed: Any) -> Waqf:
    """Record a waqf with its first deed (the values of `file_deed`); raises `Refused`."""
    waqf = Waqf(donor=donor, name=name, added_by=actor)
    lifecycle.create(waqf, events.WaqfAdded(donor=donor.pk, name=name), actor=actor)
    file_deed(waqf, actor=actor, **deed)
    return waqf


def file_deed(
    waqf: Waqf,
    *,
    founder: str,
    deeded_on: date,
    conditions: str,
    nazir: str,
    file: Any,
    actor: User,
    **served: list[str],
) -> WaqfDeed:
    """Keep a deed, which counts from now on; ``file`` was looked through, ``served`` are lists of codes. Raises `Refused`."""
    deed = WaqfDeed(
        waqf=waqf, founder=founder, deeded_on=deeded_on, conditions=conditions, nazir=nazir, file=file,
        sha256=file.checked.sha256, filed_by=actor, **served,
    )  # fmt: skip
    event = events.WaqfDeedFiled(waqf=waqf.pk, deeded_on=deeded_on, nazir=nazir, sha256=deed.sha256)
    return lifecycle.create(deed, event, actor=actor)
