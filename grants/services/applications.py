"""An application's life in the hands of its organisation: started, written together, submitted, withdrawn."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import lifecycle, outbox
from grants import deadline, events
from grants.links import link
from grants.merging import Sent, merge
from grants.models import (
    Answer,
    Application,
    ApplicationPartner,
    BudgetLine,
    Call,
    EligibilityAnswer,
    Section,
    SectionSave,
)
from grants.rules import applications as rules
from grants.selectors import applications as selectors
from grants.selectors import budget, calls, content, parts
from grants.selectors.parts import BASICS, BUDGET, ELIGIBILITY, Gap, Part
from grants.selectors.reading import Reading, is_empty
from grants.states import ApplicationState, CallState
from kernel.codes import reference
from kernel.database import hold_still, now_in_database
from kernel.permissions import Refused, require
from kernel.texts import search_key
from notices.services import notify
from organisations.models import Organisation
from organisations.selectors import users_of

KEPT_CHARACTERS = 60_000
"""Longest text of one field that is kept while it is wrong; what is longer is refused, not cut."""
MOST_LINES = 300
"""Budget lines that one saving may carry; the charter's own, lower limit is among the findings."""
RECEIPT = "grants.draw_receipt"


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


class TooLate(Refused):
    """The deadline has passed."""


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


def _locked(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",), no_key=True).select_related("call", "organisation")
    return rows.get(pk=application.pk)


def _locked_with_page(application: Application, key: str) -> Application:
    """The application with what one page asks; the charter's rules, which few pages need, come when they are asked for."""
    page = Prefetch("call__sections", Section.objects.filter(key=key).prefetch_related("questions"))
    rows = Application.objects.select_for_update(of=("self",), no_key=True).select_related("call", "organisation")
    return rows.defer("call__frozen_rules").prefetch_related(page).get(pk=application.pk)


def _due(application: Application) -> datetime:
    returned = application.state == ApplicationState.RETURNED
    return application.step_due if returned and application.step_due else application.call.closes_at


def require_in_time(application: Application, *, begun_at: datetime | None = None) -> None:
    """Raise `TooLate` when the deadline of the application's present step has passed, by the clock of the database."""
    returned = application.state == ApplicationState.RETURNED
    if not deadline.in_time(_due(application), now=now_in_database(), begun_at=begun_at):
        raise TooLate(
            _("The time for completion has run out.")
            if returned
            else _("The call has closed. Your draft is kept, but it can no longer be changed or submitted.")
        )


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
    locked = _locked_with_page(application, key)
    require(rules.may_edit(locked, actor=actor))
    require_in_time(locked)
    part = parts.part_called(locked.call, key)
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
    _take_over(part, locked, reading)
    return saved, reading, merged.conflicts


def _text(value: Any) -> str:
    text = str(value).replace("\x00", "").replace("\r\n", "\n")
    if len(text) > KEPT_CHARACTERS:
        raise Refused(
            _("A text of more than %(most)s characters cannot be kept. Shorten it and save again.")
            % {"most": KEPT_CHARACTERS}
        )
    return text


def _plain(value: Any) -> Any:
    return [_text(item) for item in value] if isinstance(value, list | tuple) else _text("" if value is None else value)


def _kept(part: Part, application: Application, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Of what arrived, only what the page asks for."""
    if part.key == BUDGET:
        names = budget.line_fields()
        lines = [{name: _plain(line.get(name, "")) for name in names} for line in typed.get("lines", [])[:MOST_LINES]]
        return {"lines": [line for line in lines if not budget.is_blank(line)]}
    return {name: _plain(typed.get(name)) for name in parts.fields_of(part, application, dict.fromkeys(typed, "typed"))}


def _take_over(part: Part, application: Application, reading: Reading) -> None:
    if part.key == BASICS:
        _take_basics(application, reading)
    elif part.key == ELIGIBILITY:
        _take_eligibility(application, reading)
    elif part.key == BUDGET:
        application.budget_lines.all().delete()
        BudgetLine.objects.bulk_create(reading.lines)
        _take_total(application)
    else:
        _take_answers(application, part.section.questions.all() if part.section else [], reading)


_EMPTY: dict[str, Any] = {
    "title": "", "summary": "", "sector": "", "governorates": [], "months": None, "starts_on": None, "people_reached": None,
}  # fmt: skip


def _take_basics(application: Application, reading: Reading) -> None:
    for name, empty in _EMPTY.items():
        setattr(application, name, reading.values.get(name, empty))
    application.save(update_fields=list(_EMPTY))
    application.partners.all().delete()
    ApplicationPartner.objects.bulk_create(
        ApplicationPartner(application=application, name=name, name_key=search_key(name)[: parts.PARTNER_LENGTH])
        for name in reading.values.get("partners", [])
    )
    _take_total(application)


def _take_total(application: Application) -> None:
    total = budget.total_minor(application, application.budget_lines.all())
    if total != application.requested_minor:
        application.requested_minor = total
        application.save(update_fields=["requested_minor"])


def _take_eligibility(application: Application, reading: Reading) -> None:
    application.eligibility_answers.all().delete()
    EligibilityAnswer.objects.bulk_create(
        EligibilityAnswer(application=application, question=question, value=reading.values[question.key])
        for question in application.call.eligibility_questions.all()
        if reading.values.get(question.key) is not None
    )


def _take_answers(application: Application, questions: Any, reading: Reading) -> None:
    Answer.objects.filter(application=application, question__in=questions).delete()
    Answer.objects.bulk_create(
        Answer(application=application, question=question, value=reading.values[question.key])
        for question in questions
        if not is_empty(reading.values.get(question.key))
    )


def _take_all_answers(application: Application) -> None:
    """Take over every page anew where pages look at each other: a later answer may have changed what an earlier one asks."""
    saves = parts.saves_of(application)
    book = parts.book_of(application, saves)
    if book.form.has_logic:
        for section in book.sections.values():
            _take_answers(application, section.questions.all(), book.reading(section.key))


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
    due, now = _due(current), now_in_database()
    unsent = current.state in {ApplicationState.DRAFT, ApplicationState.RETURNED}
    open_still = deadline.in_time(due, now=now) and current.call.state != CallState.CLOSED
    if not unsent or open_still or not rules.signs_for(actor, current.organisation):
        return False
    if not rules.came_late_since(current, now - deadline.ONE_ATTEMPT):
        lifecycle.note(current, events.ApplicationCameLate(due=due.isoformat()), actor=actor)
    return True


@transaction.atomic
def _submit(application: Application, *, actor: Any, begun_at: datetime | None = None) -> Application:
    hold_still(application.call)
    locked = _locked(application)
    if locked.submitted_at is not None and locked.state != ApplicationState.RETURNED:
        require(rules.signs_for(actor, locked.organisation))
        return locked
    require(rules.may_submit(locked, actor=actor))
    require_in_time(locked, begun_at=begun_at)
    gaps = parts.gaps(locked)
    if gaps:
        raise Incomplete(gaps)
    _take_all_answers(locked)
    first = locked.state == ApplicationState.DRAFT
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
