"""Items of the passport: given by the organisation, judged by a programme officer, reminded of before they end."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import lifecycle, vault
from charter.calendar import add_months
from charter.schema import PassportItemRules
from charter.selectors import find_charter_in_force
from kernel.permissions import Refused
from kernel.uploads import check_upload
from notices.services import notify
from organisations import events, rules, selectors
from organisations.models import Organisation, PassportAnswer, PassportImport, PassportItem


def _asked(organisation: Organisation, key: str) -> PassportItemRules:
    asked = rules.asked_of(organisation).get(key)
    if asked is None:
        raise Refused(_("The charter does not ask this of the organisation."))
    return asked


def _item(organisation: Organisation, key: str, *, actor: User) -> PassportItem:
    """The organisation's item, begun when it has none; one at a time for each organisation."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    found = PassportItem.objects.filter(organisation=organisation, key=key).first()
    if found is not None:
        return found
    event = events.PassportItemAsked(key=key, title=_asked(organisation, key).name.model_dump())
    return lifecycle.create(PassportItem(organisation=organisation, key=key), event, actor=actor)


@transaction.atomic
def give_item(
    organisation: Organisation,
    key: str,
    *,
    actor: User,
    text: str = "",
    file: "UploadedFile[Any] | None" = None,
    valid_until: date | None = None,
) -> PassportItem:
    """Give what the charter asks under ``key``: it waits for the fund, and what was given before is kept.

    Raises `Refused`, and ValidationError for what is missing or for a file that is not taken.
    """
    asked = _asked(organisation, key)
    if asked.text and not asked.document and not text:
        raise ValidationError(_("Write what is asked for."), code="text")
    if asked.document and file is None and not (asked.text and text):
        raise ValidationError(_("Add the document."), code="file")
    sha256 = check_upload(file).sha256 if file is not None else ""
    return _answer(organisation, key, actor=actor, text=text, file=file or "", sha256=sha256, valid_until=valid_until)


def give_vouched(
    organisation: Organisation, key: str, *, actor: User, vouched: PassportImport, **given: Any
) -> PassportItem:
    """Give an item as another fund's signed passport has it (``text``, ``sha256``, ``valid_until``); raises `Refused`."""
    return _answer(organisation, key, actor=actor, vouched=vouched, file="", **given)


def _answer(organisation: Organisation, key: str, *, actor: User, **given: Any) -> PassportItem:
    item = _item(organisation, key, actor=actor)
    answer = PassportAnswer(
        organisation=organisation, item=item, data_key=vault.key_for(organisation.pk), given_by=actor, **given
    )
    title = _asked(organisation, key).name.model_dump()
    lifecycle.create(answer, events.PassportItemAnswered(key=key, title=title, sha256=answer.sha256), actor=actor)
    return lifecycle.move(
        item,
        events.PassportItemSubmitted(key=key, title=title, answer=answer.pk),
        actor=actor,
        changes={"current": answer, "valid_until": None, "reviewed_by": None},
    )


def _end(asked: PassportItemRules, answer: PassportAnswer) -> date | None:
    """The earlier of the paper's own end and of the charter's months."""
    months = asked.valid_months
    ends = [answer.valid_until, add_months(timezone.localdate(), months) if months else None]
    return min((one for one in ends if one is not None), default=None)


def accept_item(item: PassportItem, *, answer: PassportAnswer, actor: User, reason: str = "") -> PassportItem:
    """Find ``answer`` to be what was asked for, until its end."""
    asked = _asked(item.organisation, item.key)
    until = _end(asked, answer)
    event = events.PassportItemAccepted(
        key=item.key, title=asked.name.model_dump(), answer=answer.pk, valid_until=until
    )
    changes = {"valid_until": until, "reviewed_by": actor}
    return lifecycle.move(item, event, actor=actor, reason=reason, changes=changes)


def return_item(item: PassportItem, *, answer: PassportAnswer, actor: User, reason: str) -> PassportItem:
    """Give ``answer`` back, with words that say what is wrong."""
    _needs(reason)
    title = _asked(item.organisation, item.key).name.model_dump()
    event = events.PassportItemReturned(key=item.key, title=title, answer=answer.pk)
    return lifecycle.move(item, event, actor=actor, reason=reason, changes={"reviewed_by": actor})


@transaction.atomic
def waive_item(organisation: Organisation, key: str, *, actor: User, reason: str) -> PassportItem:
    """Do without an item, for a reason that stands in the record."""
    _needs(reason)
    item = _item(organisation, key, actor=actor)
    event = events.PassportItemWaived(key=key, title=_asked(organisation, key).name.model_dump())
    return lifecycle.move(item, event, actor=actor, reason=reason, changes={"reviewed_by": actor})


def judge_item(
    organisation: Organisation, key: str, *, decision: str, reason: str, answer: UUID | None, actor: User
) -> PassportItem:
    """Accept, return or waive (``decision``) the item under ``key``; ``answer`` is the id of what the officer read."""
    if decision == "waive":
        return waive_item(organisation, key, actor=actor, reason=reason)
    item = PassportItem.objects.select_related("organisation").filter(organisation=organisation, key=key).first()
    given = PassportAnswer.objects.filter(item=item, pk=answer).first() if item is not None and answer else None
    if item is None or given is None:
        raise Refused(_("The organisation gave this anew while you read it. Look at it again."))
    act = accept_item if decision == "accept" else return_item
    return act(item, answer=given, actor=actor, reason=reason)


def _needs(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Write why: the organisation reads this."))


def remind_of_ends() -> int:
    """Tell people of organisations whose items end soon or ended: once for each of the charter's days, and at the end.

    Returns how many items were looked at; a reminder is sent once, however often this runs.
    """
    charter = find_charter_in_force()
    if charter is None:
        return 0
    today = timezone.localdate()
    days = charter.rules.passport.remind_days
    ending = selectors.items_ending_by(today + timedelta(days=max(days)))
    for item in ending:
        asked = charter.rules.passport.items.get(item.key)
        left = (item.valid_until - today).days if item.valid_until is not None else 0
        passed = [step for step in (*days, -1) if left <= step]
        if asked is not None and passed:
            _remind(item, asked, step=min(passed))
    return len(ending)


def _remind(item: PassportItem, asked: PassportItemRules, *, step: int) -> None:
    until = item.valid_until
    kind = "organisations.passport_item_ended" if step < 0 else "organisations.passport_item_ends"
    notify(
        selectors.users_of(item.organisation),
        kind,
        params={
            "organisation": item.organisation.name_ar,
            "item": asked.name.model_dump(),
            "day": until.isoformat() if until is not None else "",
        },
        url=reverse("organisations:passport_item", args=[item.organisation_id, item.key]),
        dedupe_key=f"{item.pk}:{until}:{step}",
    )
