"""Complaints from the form to the answer. Clocks are the charter's; no name of who complained is recorded anywhere."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accountability import events
from accountability.codes import code_of, fingerprint
from accountability.models import Complaint, Message, RevengeCheck
from accountability.rules import others_than, readers
from accountability.states import RESTRICTED, URGENT, Category, Safety
from accounts.models import User
from accounts.roles import Role
from accounts.selectors import users_with_role
from audit import lifecycle, vault
from charter.calendar import add_months
from charter.schema import Deadlines
from charter.selectors import rules_to_begin_with, working_deadline
from kernel import identity
from kernel.codes import reference
from kernel.permissions import Refused
from kernel.texts import clean_text
from notices.services import notify


def _deadlines() -> Deadlines:
    return rules_to_begin_with().deadlines


def _clocks(category: str, now: datetime) -> dict[str, datetime]:
    rules = _deadlines()
    urgent = now + timedelta(hours=rules.urgent_complaint_hours) if category in URGENT else None
    return {
        "acknowledge_by": urgent or working_deadline(now, rules.complaint_acknowledgement_days),
        "assign_by": urgent or working_deadline(now, rules.complaint_triage_days),
        "answer_by": working_deadline(now, rules.complaint_answer_days),
    }


@identity.system("accountability.receive")
def receive(
    *,
    once: UUID,
    category: str,
    text: str,
    about: str = "",
    contact: str = "",
    language: str,
    excluded: Sequence[UUID] = (),
) -> tuple[str, Complaint]:
    """Take a complaint in; the code with which its author comes back, and the complaint.

    The same form sent again (``once``) gives the same code; what was changed in it meanwhile is a word more. Case handlers
    in ``excluded`` never learn of it.
    """
    code = code_of(once, settings.SECRET_KEY)
    key = fingerprint(code)
    assert key is not None  # noqa: S101 -- our own codes are codes
    found = Complaint.objects.filter(code_sha256=key).first()
    if found is None:
        words = {"text": text, "about": about, "contact": contact}
        try:
            found = _take_in(key, category=category, language=language, excluded=excluded, **words)
        except IntegrityError:
            found = Complaint.objects.get(code_sha256=key)
    if found.text != clean_text(text).strip():
        write(found, text=text, actor=None)
    return code, found


@transaction.atomic
def _take_in(key: str, *, category: str, language: str, excluded: Sequence[UUID], **words: str) -> Complaint:
    now = timezone.now()
    complaint = Complaint(
        reference=reference("CMP", timezone.localdate(now).year),
        code_sha256=key,
        category=category,
        restricted=category in RESTRICTED,
        excluded=list(excluded),
        language=language,
        received_at=now,
        **_clocks(category, now),
        **{name: clean_text(said).strip() for name, said in words.items()},
    )
    complaint.data_key = vault.key_for(complaint.pk)
    lifecycle.create(complaint, events.ComplaintReceived(), actor=None)
    _tell_handlers(complaint, "accountability.received")
    return complaint


def _tell_handlers(complaint: Complaint, kind: str) -> None:
    """Tell who may read it that it waits; of a restricted one without a handler, who appoints one."""
    handlers, url = readers(complaint), reverse("accountability:complaint_detail", args=[complaint.pk])
    if not handlers:
        handlers, kind, url = list(users_with_role(Role.ADMINISTRATOR)), "accountability.no_handler", reverse("work")
    notify(handlers, kind, params={}, url=url, dedupe_key=f"{complaint.pk}:{complaint.leaf_id}")


def take_up(complaint: Complaint, *, category: str, handler: User | None = None, actor: User) -> Complaint:
    """Acknowledge it, say what it is about and, where that is clear, who looks into it; raises `Refused`.

    A graver category closes it to the secretariat at once.
    """
    changes = {**_category(complaint, category), "acknowledged_at": timezone.now()}
    if handler is not None:
        changes |= _handler(complaint, handler, restricted=changes["restricted"])
    now = lifecycle.move(complaint, events.ComplaintTakenUp(), actor=actor, changes=changes)
    return _moved(complaint, now, actor)


def move(complaint: Complaint, *, category: str, actor: User) -> Complaint:
    """Say that it is about something else; raises `Refused`. A handler who may not read it any more lets go of it."""
    changes = _category(complaint, category)
    if complaint.handler not in readers(complaint, restricted=changes["restricted"]):
        changes["handler"] = None
    return _moved(complaint, lifecycle.move(complaint, events.ComplaintMoved(), actor=actor, changes=changes), actor)


def assign(complaint: Complaint, *, handler: User, actor: User) -> Complaint:
    """Say who looks into it; raises `Refused`."""
    changes = _handler(complaint, handler, restricted=complaint.restricted)
    now = lifecycle.move(complaint, events.ComplaintAssigned(), actor=actor, changes=changes)
    return _moved(complaint, now, actor)


def _category(complaint: Complaint, category: str) -> dict[str, Any]:
    """What was restricted once stays so: the words in it do not become harmless by another name."""
    return {"category": category, "restricted": complaint.restricted or category in RESTRICTED}


def _handler(complaint: Complaint, handler: User, *, restricted: bool) -> dict[str, Any]:
    """The clock of assigning ends with the first who looks into it."""
    if handler not in readers(complaint, restricted=restricted):
        raise Refused(_("Choose somebody who may read it."))
    return {"handler": handler, "assigned_at": complaint.assigned_at or timezone.now()}


@identity.system("accountability.move")
def _moved(before: Complaint, now: Complaint, actor: User) -> Complaint:
    if now.restricted and not before.restricted:
        _tell_handlers(now, "accountability.received")
    if now.handler is not None and now.handler not in (before.handler, actor):
        _tell(now, "accountability.assigned", dedupe_key=f"{now.pk}:{now.leaf_id}:assigned")
    return now


def _tell(complaint: Complaint, kind: str, *, dedupe_key: str) -> None:
    """Tell who looks into it, unless it is closed to them."""
    if complaint.handler is not None and complaint.handler.pk not in complaint.excluded:
        url = reverse("accountability:complaint_detail", args=[complaint.pk])
        notify([complaint.handler], kind, params={}, url=url, dedupe_key=dedupe_key)


def exclude(complaint: Complaint, *, person: User, actor: User) -> Complaint:
    """Close a restricted complaint to a case handler, at once; raises `Refused`."""
    if person.pk not in {one.pk for one in others_than(complaint, actor)}:
        raise Refused(_("Choose another case handler."))
    changes: dict[str, Any] = {"excluded": [*complaint.excluded, person.pk]}
    if complaint.handler == person:
        changes["handler"] = None
    return lifecycle.move(complaint, events.HandlerExcluded(), actor=actor, changes=changes)


def answer(complaint: Complaint, *, outcome: str, answer: str, actor: User) -> Complaint:
    """Answer with what was found and the reasons; who complained reads it with the code. Raises `Refused`."""
    now = timezone.now()
    changes = {
        "outcome": outcome,
        "answer": clean_text(answer).strip(),
        "answered_at": now,
        "handler": actor,
        "assigned_at": complaint.assigned_at or now,
        "follow_up_on": _follow_ups(now) if complaint.restricted else [],
    }
    return lifecycle.move(complaint, events.ComplaintAnswered(outcome=outcome), actor=actor, changes=changes)


def _follow_ups(now: datetime) -> list[date]:
    """The days on which the fund asks about revenge, whatever the charter says later."""
    return [add_months(timezone.localdate(now), months) for months in _deadlines().complaint_follow_up_months]


def follow_up(complaint: Complaint, *, found: str, note: str, actor: User) -> str:
    """Record what was heard about revenge on the next day that the charter asks; raises `Refused`.

    Revenge opens a complaint of its own at once: the answer is its code, for who complained, and else nothing.
    """
    number, said = complaint.follow_ups.count() + 1, clean_text(note).strip()
    if number > len(complaint.follow_up_on):
        raise Refused(_("Nothing more is asked after this complaint."))
    code = ""
    try:
        with transaction.atomic():
            row = RevengeCheck(
                complaint=complaint, number=number, found=found, note=said, author=actor, data_key=complaint.data_key
            )
            if found == Safety.REVENGE:
                code, row.opened = _revenge(complaint, said)
            lifecycle.create(row, events.SafetyAsked(found=found), actor=actor)
    except IntegrityError as error:
        raise Refused(_("Somebody recorded it a moment ago.")) from error
    return code


def _revenge(complaint: Complaint, text: str) -> tuple[str, Complaint]:
    return receive(
        once=uuid4(),
        category=Category.RETALIATION,
        text=text,
        about=complaint.reference,
        contact=complaint.contact,
        language=complaint.language,
        excluded=complaint.excluded,
    )


@identity.system("accountability.write")
def write(complaint: Complaint, *, text: str, actor: User | None) -> Message:
    """Write into a complaint: the fund asks, or who complained (``actor`` None) says more. Raises `Refused`."""
    message = Message(complaint=complaint, author=actor, text=clean_text(text).strip(), data_key=complaint.data_key)
    made = lifecycle.create(message, events.MessageWritten(), actor=actor)
    if actor is None:
        _tell(complaint, "accountability.message", dedupe_key=str(made.pk))
    return made
