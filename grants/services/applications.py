"""An application's life in the hands of its organisation: started, written together, submitted, withdrawn."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import lifecycle, outbox
from grants import deadline, events, stages
from grants.links import link
from grants.merging import Sent, merge
from grants.models import Application, Call, SectionSave
from grants.rules import applications as rules
from grants.selectors import applications as selectors
from grants.selectors import budget, calls, content, parts
from grants.selectors.frozen import remember
from grants.selectors.parts import BUDGET, Gap, Part
from grants.selectors.reading import Reading
from grants.services import attachments, concepts
from grants.services.in_time import due, require_in_time
from grants.services.understood import take_all_anew, take_over
from grants.states import ApplicationState, CallState
from kernel.codes import reference
from kernel.database import hold_still, now_in_database
from kernel.permissions import Refused, require
from notices.services import notify
from organisations.models import Organisation
from organisations.selectors import users_of

KEPT_CHARACTERS = 60_000
"""Longest text of one field that is kept while it is wrong; what is longer is refused, not cut."""
MOST_LINES = 300
"""Budget lines that one saving may carry; the charter's own, lower limit is among the findings."""
RECEIPT = concepts.RECEIPT


class Outdated(Refused):
    """Somebody else wrote in the same fields meanwhile: ``conflicts`` are those; everything else was kept.

    ``current`` is the page as it stands now, with their text; nothing of it was overwritten.
    """

    def __init__(self, current: SectionSave, conflicts: list[str], by: str) -> None:
        super().__init__(
            _("%(name)s saved this page while you were writing. Compare both texts below, then save again.")
            % {"name": by}
        )
        self.current, self.conflicts, self.by = current, conflicts, by


class Incomplete(Refused):
    """Something is missing from the application; ``gaps`` says what and where."""

    def __init__(self, gaps: list[Gap]) -> None:
        super().__init__(_("The application is not complete yet. Nothing was sent."))
        self.gaps = gaps


# Starting ---------------------------------------------------------------------------------------------------------


def start(call: Call, organisation: Organisation, *, actor: Any) -> Application:
    """The organisation's draft in the call: a new one, or the one that exists. Raises `Refused`."""
    application = Application(
        call=call,
        organisation=organisation,
        reference=reference("APP", timezone.localdate().year),
        created_by=actor,
        governorates=[],
    )
    try:
        with transaction.atomic():
            existing = selectors.live_application(call, organisation)
            if existing is not None and selectors.own(actor).filter(pk=existing.pk).exists():
                return existing
            event = events.ApplicationStarted(call=call.pk, organisation=organisation.pk)
            return lifecycle.create(application, event, actor=actor)
    except IntegrityError:
        # Two people of the organisation began at the same moment: both get the one draft.
        raced = selectors.live_application(call, organisation)
        if raced is None:
            raise
        return raced


# Writing ----------------------------------------------------------------------------------------------------------


_DECIDES_A_SAVING = (
    "state", "call", "organisation", "step_due", "submitted_at", "months", "expected_minor", "requested_minor",
    "call__leaf", "call__state", "call__closes_at", "call__concept_closes_at", "call__grant_type", "call__sectors",
    "call__governorates", "call__currency", "call__floor_minor", "call__ceiling_minor", "call__months_allowed",
    "call__logframe_from_minor", "call__asks_places",
)  # fmt: skip


def _locked(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",), no_key=True).select_related("call", "organisation")
    locked = rows.get(pk=application.pk)
    remember(locked.call)
    return locked


def _locked_to_write(application: Application) -> Application:
    """The application with its call's form and rules, which are read once for all who write.

    Only what decides a saving is read; whatever else a page looks at, it asks for.
    """
    rows = Application.objects.select_for_update(of=("self",), no_key=True).select_related("call")
    locked = rows.only(*_DECIDES_A_SAVING).get(pk=application.pk)
    remember(locked.call)
    return locked


def save_part(
    application: Application, key: str, typed: Mapping[str, Any], *, version: int, tab: str, actor: Any
) -> tuple[SectionSave, Reading]:
    """Keep what was typed on the page ``key`` as a new version, and take over what can be read of it.

    ``version`` is the one that the writer saw and ``tab`` the page that was open. What others changed in other fields
    stays (`grants.merging`). Raises `Outdated` when somebody else wrote in the same fields since: the rest is kept, and
    of those fields nothing is overwritten; `Refused` when the application may not be changed, LookupError for a page that
    the call does not have.
    """
    seen = {name: Sent(value, version) for name, value in typed.items()}
    return _saved(application, key, seen, tab=tab, actor=actor, base=version)


def save_fields(
    application: Application, key: str, sent: Mapping[str, Sent], *, tab: str, actor: Any
) -> tuple[SectionSave, Reading]:
    """Keep the fields of the page ``key`` that changed, each over the version that its writer saw; as `save_part`."""
    return _saved(application, key, sent, tab=tab, actor=actor, base=None)


def _saved(
    application: Application, key: str, sent: Mapping[str, Sent], *, tab: str, actor: Any, base: int | None
) -> tuple[SectionSave, Reading]:
    save, reading, conflicts = _merge(application, key, sent, tab=tab.replace("\x00", "")[:36], actor=actor, base=base)
    if conflicts:
        raise Outdated(save, conflicts, parts.writer_of(save, conflicts[0]))
    return save, reading


@transaction.atomic
def _merge(
    application: Application, key: str, sent: Mapping[str, Sent], *, tab: str, actor: Any, base: int | None
) -> tuple[SectionSave, Reading, list[str]]:
    locked = _locked_to_write(application)
    require(rules.may_edit(locked, actor=actor))
    require_in_time(locked)
    part = parts.part_called(locked, key)
    if part is None:
        raise LookupError(key)
    current = parts.last_save(locked, key)
    now, touched, version = (current.answers, current.touched, current.version) if current else ({}, {}, 0)
    kept = _kept(part, locked, {name: one.value for name, one in sent.items()})
    if base is None:
        kept = {name: value for name, value in kept.items() if name in sent}
    fields = {name: Sent(value, sent[name].seen if name in sent else base or 0) for name, value in kept.items()}
    before = None if base is None or base >= version else parts.answers_at(locked, key, base)
    merged = merge(now, touched, fields, tab=tab, base=before)
    reading = parts.read(part, locked, merged.answers)
    if current is not None and not merged.changed:
        return current, reading, merged.conflicts
    saved = SectionSave.objects.create(
        application=locked,
        section_key=key,
        version=version + 1,
        answers=merged.answers,
        touched={**touched, **{name: [version + 1, tab] for name in merged.changed}},
        complete=reading.complete,
        tab=tab,
        saved_by=actor,
    )
    take_over(part, locked, reading, merged.changed)
    if part.section is not None:
        attachments.let_go(locked, now.values(), merged.answers.values(), actor=actor)
    return saved, reading, merged.conflicts


def kept_text(value: Any) -> str:
    """What is kept of a field, readable or not; raises `Refused` for what is too long to keep."""
    text = str(value).replace("\x00", "").replace("\r\n", "\n")
    if len(text) > KEPT_CHARACTERS:
        raise Refused(
            _("A text of more than %(most)s characters cannot be kept. Shorten it and save again.")
            % {"most": KEPT_CHARACTERS}
        )
    return text


def _plain(value: Any) -> Any:
    return (
        [kept_text(item) for item in value]
        if isinstance(value, list | tuple)
        else kept_text("" if value is None else value)
    )


def _kept(part: Part, application: Application, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Of what arrived, only what the page asks for."""
    if part.key == BUDGET:
        names = budget.line_names()
        lines = [{name: _plain(line.get(name, "")) for name in names} for line in typed.get("lines", [])[:MOST_LINES]]
        return {"lines": [line for line in lines if not budget.is_blank(line)]}
    return {name: _plain(typed.get(name)) for name in parts.names_of(part, application, dict.fromkeys(typed, "typed"))}


# Submitting -------------------------------------------------------------------------------------------------------


def submit(application: Application, *, actor: Any, begun_at: datetime | None = None) -> Application:
    """Submit the application, or send a returned one back; a second click gets the same receipt.

    ``begun_at`` is when the request began, by the clock of the database: a request that began in time may arrive a
    little later. The call does not close meanwhile: its closing counts this application, or it comes too late, and
    then the attempt is recorded. Raises `Incomplete` with all that is missing, `TooLate`, `Refused`.
    """
    try:
        return _submit(application, actor=actor, begun_at=begun_at)
    except Refused:
        came_late(application, actor=actor)
        raise


def came_late(application: Application, *, actor: Any) -> bool:
    """Record that a signatory tried to submit after the deadline, once a minute at most; returns whether it was so."""
    current = Application.objects.select_related("call", "organisation").get(pk=application.pk)
    until, now = due(current), now_in_database()
    unsent = current.state in {ApplicationState.DRAFT, ApplicationState.SHORTLISTED, ApplicationState.RETURNED}
    open_still = deadline.in_time(until, now=now) and current.call.state != CallState.CLOSED
    if not unsent or open_still or not rules.signs_for(actor, current.organisation):
        return False
    if not rules.came_late_since(current, now - deadline.ONE_ATTEMPT):
        lifecycle.note(current, events.ApplicationCameLate(due=until.isoformat()), actor=actor)
    return True


@transaction.atomic
def _submit(application: Application, *, actor: Any, begun_at: datetime | None = None) -> Application:
    hold_still(application.call)
    locked = _locked(application)
    sent = locked.submitted_at is not None and locked.state != ApplicationState.RETURNED
    if sent or locked.state == ApplicationState.CONCEPT_SENT:
        require(rules.signs_for(actor, locked.organisation))
        return locked
    require(rules.may_submit(locked, actor=actor))
    require_in_time(locked, begun_at=begun_at)
    gaps = parts.gaps(locked)
    if gaps:
        raise Incomplete(gaps)
    take_all_anew(locked)
    if stages.is_concept(locked):
        note = concepts.send_note(locked, actor=actor)
        tell(note, "grants.concept_sent", dedupe=note.leaf_id)
        return note
    first = locked.state != ApplicationState.RETURNED
    moved = _send(locked, actor=actor, first=first)
    outbox.put(RECEIPT, {"application": str(moved.pk)}, dedupe_key=f"{moved.pk}:{moved.content_sha256}:{first}")
    tell(moved, "grants.application_submitted", dedupe=moved.leaf_id)
    return moved


def _send(application: Application, *, actor: Any, first: bool) -> Application:
    sha256, requested = content.content_sha256(application), application.requested_minor
    start = application.call.closes_at if first else timezone.now()
    changes: dict[str, Any] = {"content_sha256": sha256, "step_due": calls.screened_by(application.call, start)}
    event: events.ApplicationSubmitted | events.ApplicationCompleted
    if first:
        changes |= {"submitted_at": now_in_database(), "submitted_by": actor}
        event = events.ApplicationSubmitted(
            receipt=application.reference, content_sha256=sha256, requested_minor=requested
        )
    else:
        event = events.ApplicationCompleted(content_sha256=sha256, requested_minor=requested)
    return lifecycle.move(application, event, actor=actor, changes=changes)


def tell(application: Application, kind: str, *, dedupe: Any, **params: Any) -> None:
    notify(
        users_of(application.organisation),
        kind,
        params={"reference": application.reference, "call": application.call.reference, **params},
        url=link("application_detail", application.pk),
        dedupe_key=f"{application.pk}:{dedupe}",
    )


@transaction.atomic
def withdraw(application: Application, *, actor: Any, reason: str = "") -> Application:
    """The organisation takes its application back, before the decision, without penalty. Raises `Refused`."""
    withdrawn = lifecycle.move(
        application, events.ApplicationWithdrawn(), actor=actor, reason=reason, changes={"step_due": None}
    )
    tell(withdrawn, "grants.application_withdrawn", dedupe=withdrawn.leaf_id)
    return withdrawn


def lapse_due(now: datetime | None = None) -> int:
    """Let returned applications lapse whose time ran out at ``now``, and places on the waiting list that ended.

    Returns how many; ``now`` is the clock of the database unless a play of past years brings its own.
    """
    now = now or now_in_database()
    waiting = selectors.overdue_waiting(timezone.localdate(now))
    overdue = [*selectors.overdue_returns(now - deadline.GRACE), *waiting]
    for application in overdue:
        _lapse(application)
    return len(overdue)


@transaction.atomic
def _lapse(application: Application) -> None:
    lapsed = lifecycle.move(application, events.ApplicationLapsed(), actor=None, changes={"step_due": None})
    tell(lapsed, "grants.application_lapsed", dedupe=lapsed.leaf_id)
