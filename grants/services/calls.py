"""A call's life: drafted, approved by the board, published, opened and closed by the clock, extended, cancelled."""

import logging
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from accounts.roles import Role
from accounts.selectors import users_with_role
from audit import lifecycle, outbox
from audit.models import Leaf
from charter.selectors import charter_in_force
from funds.models import Contribution
from funds.services import reserve
from grants import blueprints, books, deadline, events
from grants.links import link
from grants.models import Application, Call, Criterion, EligibilityQuestion, Envelope, PlannedSource, Question, Section
from grants.questions.proportion import condition
from grants.rules import calls as rules
from grants.selectors import calls as selectors
from grants.states import ApplicationState, CallState, Stage
from kernel import identity
from kernel.codes import reference
from kernel.database import lock_rows, now_in_database
from kernel.permissions import Refused, require
from ledger.models import Account
from ledger.selectors import available_minor
from ledger.services import TransferDraft, open_account, post
from ledger.wording import Said
from notices.services import notify
from organisations.selectors import eligible as organisations_eligible
from organisations.selectors import users_of

log = logging.getLogger(__name__)
DRAW = "grants.draw_call"
LANGUAGES = ("ar", "en", "ku")


@dataclass(frozen=True, slots=True)
class CallTerms:
    """What the secretariat writes about a call; amounts in minor units, times aware."""

    title: LazyI18nString
    summary: LazyI18nString
    text: LazyI18nString
    grant_type: str
    sectors: list[str]
    governorates: list[str]
    envelope_minor: int
    floor_minor: int
    ceiling_minor: int
    months_allowed: list[int]
    opens_at: datetime
    closes_at: datetime
    blind_applicants: bool = False
    logframe_from_minor: int | None = None
    concept_closes_at: datetime | None = None
    asks_places: bool = False


# Drafting ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def draft_call(terms: CallTerms, *, actor: Any, proportional: bool = False) -> Call:
    """A new draft with the charter's scorecard, the default eligibility questions and a form in proportion to its grants.

    ``proportional``: what a small request can do without is asked from the charter's second band on, where grants reach it.
    Raises `Refused`, and `NoCharterInForce` before the networks adopted a charter.
    """
    charter = charter_in_force()
    call = Call(**_values(terms), reference=reference("CFP", timezone.localdate().year), created_by=actor)
    lifecycle.create(call, events.CallDrafted(reference=call.reference), actor=actor)
    for order, row in enumerate(blueprints.criteria(charter.rules), start=1):
        Criterion.objects.create(call=call, order=order, **row)
    for order, question in enumerate(blueprints.ELIGIBILITY, start=1):
        EligibilityQuestion.objects.create(call=call, order=order, **question)
    least = selectors.lighter_below(terms.floor_minor, terms.ceiling_minor) if proportional else None
    for order, plan in enumerate(blueprints.sections(terms.grant_type, terms.ceiling_minor, charter.rules), start=1):
        _add_default_section(call, plan, order, least)
    return call


def _values(terms: CallTerms) -> dict[str, Any]:
    return {**asdict(terms), "title": terms.title, "summary": terms.summary, "text": terms.text}


def _add_default_section(call: Call, plan: blueprints.SectionPlan, order: int, least_minor: int | None) -> None:
    stage = Stage.CONCEPT if order == 1 else Stage.FULL
    section = Section.objects.create(
        call=call, order=order, key=plan.key, title=plan.title, intro=plan.intro, stage=stage
    )
    Question.objects.bulk_create(
        Question(
            section=section,
            order=number,
            key=question.key,
            kind=question.kind,
            label=question.label,
            hint=question.hint,
            max_length=question.max_length,
            relevant="" if question.light else condition(least_minor),
        )
        for number, question in enumerate(plan.questions, start=1)
    )


def draft_locked(call: Call, *, actor: Any) -> Call:
    """The call's fresh, locked row; raises `Refused` unless ``actor`` may change it. Needs a transaction."""
    locked = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    require(rules.may_change(locked, actor=actor))
    return locked


@transaction.atomic
def change_terms(call: Call, terms: CallTerms, *, actor: Any) -> Call:
    """Change what a draft says. Raises `Refused`."""
    locked = draft_locked(call, actor=actor)
    for name, value in _values(terms).items():
        setattr(locked, name, value)
    locked.save(update_fields=list(_values(terms)))
    return locked


@transaction.atomic
def set_weights(call: Call, weights: dict[str, int], *, actor: Any) -> None:
    """Set the weights of the criteria by key; 0 takes a criterion off the card. Raises `Refused`."""
    locked = draft_locked(call, actor=actor)
    for criterion in locked.criteria.all():
        weight = weights.get(criterion.key, criterion.weight)
        if weight == 0:
            criterion.delete()
        elif weight != criterion.weight:
            criterion.weight = weight
            criterion.save(update_fields=["weight"])


@transaction.atomic
def plan_sources(call: Call, amounts: dict[Contribution, int], *, actor: Any) -> None:
    """Say on which contributions the call wants to draw, in minor units; replaces what was planned. Raises `Refused`."""
    locked = draft_locked(call, actor=actor)
    locked.planned_sources.all().delete()
    PlannedSource.objects.bulk_create(
        PlannedSource(call=locked, contribution=contribution, amount_minor=minor)
        for contribution, minor in amounts.items()
        if minor > 0
    )


def ask_board(call: Call, *, actor: Any) -> None:
    """Tell the board that a draft waits for it. Raises `Refused` while something is wrong with the draft."""
    require(rules.may_change(call, actor=actor))
    problem = next(rules.problems(call, selectors.rules_of(call)), None)
    if problem:
        raise Refused(problem)
    notify(
        users_with_role(Role.BOARD_MEMBER),
        "grants.call_to_approve",
        params={"call": call.reference},
        url=link("call_approve", call.pk),
        dedupe_key=f"{call.pk}:{timezone.now():%Y%m%d}",
    )


# Approval ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def approve(call: Call, *, content_sha256: str, actor: Any, reason: str = "") -> Call:
    """The board approves: the charter freezes into the call and the envelope is reserved from its planned sources.

    ``content_sha256`` is the hash of what the board read. Raises `Refused` with the first thing that is wrong, also when
    the draft says something else by now or another call took the money a moment ago.
    """
    call = Call.objects.select_for_update(no_key=True).get(pk=call.pk)  # its form and terms stand still from here on
    sources = list(call.planned_sources.select_related("contribution").order_by("contribution_id"))
    # Two boards reaching for the same last money: the second waits here and then sees what is left.
    lock_rows(Account.objects.filter(contribution__in=[source.contribution_id for source in sources]))
    version = charter_in_force()
    approved = lifecycle.move(
        call,
        events.CallApproved(
            charter_version=version.number,
            rules_sha256=version.rules_sha256,
            envelope_minor=call.envelope_minor,
            content_sha256=content_sha256,
        ),
        actor=actor,
        reason=reason,
        changes={"charter": version, "frozen_rules": version.rules_data},
    )
    for source in sources:
        _reserve(approved, source, actor=actor)
    return approved


def _reserve(call: Call, source: PlannedSource, *, actor: Any) -> Envelope:
    contribution = Contribution.objects.select_related("account").get(pk=source.contribution_id)
    account = open_account(
        f"envelope/{call.reference}/{contribution.reference}",
        currency=call.currency,
        purpose=books.ENVELOPE(call=call.reference, contribution=contribution.reference),
        debits_within_credits=True,
    )
    envelope = Envelope(call=call, contribution=contribution, amount_minor=source.amount_minor, account=account)
    event = events.EnvelopeReserved(
        contribution=contribution.reference, amount_minor=source.amount_minor, currency=call.currency
    )
    lifecycle.create(envelope, event, actor=actor)
    key = uuid.uuid5(envelope.id, "reserve")
    reserve(contribution, source.amount_minor, into_account=account, key=key, leaf=envelope.leaf)
    return envelope


def _release(call: Call, *, leaf: Leaf, why: Said) -> None:
    """Give what is free in the call's envelopes back to their contributions."""
    drafts = []
    for envelope in call.envelopes.select_related("account", "contribution__account").order_by("pk"):
        free = available_minor(envelope.account)
        source = envelope.contribution.account
        if free > 0 and source is not None:
            key = uuid.uuid5(envelope.id, f"release:{leaf.pk}")
            drafts.append(TransferDraft(key=key, debit=envelope.account, credit=source, minor=free, reason=why))
    post(drafts, leaf=leaf)


# Publication and dates --------------------------------------------------------------------------------------------


@transaction.atomic
def publish(call: Call, *, actor: Any, reason: str = "") -> Call:
    """Let everybody read the call; its printable form is drawn in the background.

    Fewer working days before the opening than the charter asks need a ``reason``. Raises `Refused`.
    """
    if call.state == CallState.BOARD_APPROVED and rules.is_short_notice(call, selectors.rules_of(call)):
        days = selectors.rules_of(call).deadlines.published_before_open_days
        if not reason.strip():
            raise Refused(
                _("The charter asks for %(days)s working days between publication and opening. Give the reason.")
                % {"days": days}
            )
    published = lifecycle.move(
        call,
        events.CallPublished(opens_at=call.opens_at.isoformat(), closes_at=call.closes_at.isoformat()),
        actor=actor,
        reason=reason,
    )
    draw(published, "published")
    return published


@transaction.atomic
def open_rapid(call: Call, *, hours: int, reason: str) -> Call:
    """An accepted alert opens a rapid call that stands by, at once and for ``hours``; organisations that may apply are told.

    The last hour of standing by bounds it. Raises `Refused` when the call stands by no more.
    """
    now = timezone.now()
    closes = min(now + timedelta(hours=hours), call.closes_at)
    published = lifecycle.move(
        call,
        events.CallPublished(opens_at=now.isoformat(), closes_at=closes.isoformat()),
        actor=None,
        reason=reason,
        changes={"opens_at": now, "closes_at": closes},
    )
    draw(published, "published")
    opened = lifecycle.move(published, events.CallOpened(), actor=None)
    for organisation in organisations_eligible().filter(governorates__overlap=opened.governorates):
        notify(
            users_of(organisation),
            "grants.rapid_call_open",
            params={"call": opened.reference, "closes_at": closes.isoformat()},
            url=link("call_detail", opened.pk),
            dedupe_key=f"{opened.pk}:rapid:{organisation.pk}",
        )
    return opened


def draw(call: Call, why: str) -> None:
    """Draw the printable call anew in each language, in the background."""
    for language in LANGUAGES:
        payload = {"call": str(call.pk), "language": language}
        outbox.put(DRAW, payload, dedupe_key=f"{call.pk}:{language}:{why}")


@transaction.atomic
def cancel(call: Call, *, actor: Any, reason: str) -> Call:
    """Call the call off; its reserved money goes back and everybody who began an application is told.

    Raises `Refused`.
    """
    if not reason.strip():
        raise Refused(_("Say why the call is cancelled."))
    cancelled = lifecycle.move(call, events.CallCancelled(), actor=actor, reason=reason)
    _release(cancelled, leaf=cancelled.leaf, why=books.CALL_CANCELLED(call=call.reference))
    tell_applicants(cancelled, "grants.call_cancelled", dedupe="cancelled")
    return cancelled


@identity.system("grants.tell_applicants")
def tell_applicants(call: Call, kind: str, *, dedupe: str, **params: str) -> None:
    """Tell everybody who has an application in the call."""
    gone = [ApplicationState.WITHDRAWN, ApplicationState.LAPSED, ApplicationState.NOT_SHORTLISTED]
    for application in call.applications.exclude(state__in=gone).select_related("organisation"):
        notify(
            users_of(application.organisation),
            kind,
            params={"call": call.reference, **params},
            url=link("call_detail", call.pk),
            dedupe_key=f"{call.pk}:{dedupe}",
        )


def open_due(now: datetime | None = None) -> int:
    """Open the published calls whose hour has come at ``now`` (by the clock of the database); returns how many."""
    return sum(_each(call, _open) for call in selectors.due_to_open(now or now_in_database()))


def close_due(now: datetime | None = None) -> int:
    """Close the open calls whose hour, and the grace for slow lines, have passed at ``now``; returns how many.

    ``now`` is the clock of the database unless a play of past years brings its own.
    """
    return sum(_each(call, _close) for call in selectors.due_to_close((now or now_in_database()) - deadline.GRACE))


def _each(call: Call, act: Any) -> bool:
    """Do ``act`` with one call of many; what goes wrong with it is logged and stops none of the others."""
    try:
        act(call)
    except Refused:
        log.info("a call was not moved by the clock", extra={"call": call.reference}, exc_info=True)
        return False
    return True


@transaction.atomic
def _open(call: Call) -> Call:
    return lifecycle.move(call, events.CallOpened(), actor=None)


@transaction.atomic
def _close(call: Call) -> Call:
    locked = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    submitted = Application.objects.filter(call=locked, state=ApplicationState.SUBMITTED)
    closed = lifecycle.move(locked, events.CallClosed(submitted=submitted.count()), actor=None)
    submitted.update(step_due=selectors.screened_by(closed, closed.closes_at))
    for invited in Application.objects.filter(call=locked, state=ApplicationState.SHORTLISTED).order_by("pk"):
        lifecycle.move(invited, events.ApplicationLapsed(), actor=None)
    return closed


def end_empty() -> int:
    """End the closed calls in which nothing is left, and give their money back; returns how many.

    Those that an appeal may still bring back to life wait (`grants.rules.calls.may_end_empty`).
    """
    return sum(_each(call, _end_empty) for call in selectors.left_empty())


@transaction.atomic
def _end_empty(call: Call) -> Call:
    locked = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    ended = lifecycle.move(locked, events.CallEndedEmpty(), actor=None)
    _release(ended, leaf=ended.leaf, why=books.CALL_EMPTY(call=call.reference))
    return ended


@transaction.atomic
def complete(call: Call, *, actor: Any) -> Call:
    """The call's work is done: waiting applications lapse and what is free of the envelope returns to its sources.

    Raises `Refused`.
    """
    completed = lifecycle.move(call, events.CallCompleted(), actor=actor)
    for application in completed.applications.filter(state=ApplicationState.WAITLISTED):
        lifecycle.move(application, events.ApplicationLapsed(), actor=None, changes={"step_due": None})
    _release(completed, leaf=completed.leaf, why=books.CALL_COMPLETED(call=call.reference))
    return completed
