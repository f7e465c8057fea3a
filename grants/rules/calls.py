"""Calls: who drafts, approves, publishes, extends, cancels; and what a draft must hold to be approved."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for, system_only
from charter.calendar import add_working_days
from charter.schema import CharterRules, GrantTypeKey
from charter.selectors import charter_in_force, holidays, working_deadline
from funds.models import Contribution
from funds.restrictions import Obstacle, Terms, Use, obstacles
from funds.states import ContributionState
from grants import events
from grants.completion_blockers import nothing_blocks
from grants.fingerprints import call_sha256, is_what_was_read
from grants.models import Application, Call, Envelope, Feedback
from grants.rules.call_forms import form_problems
from grants.states import APPEALABLE, ApplicationState, CallState, GrantState, GrantType, Stage
from grants.words import amount
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from kernel.pieces.words import day_in_words
from ledger.selectors import available_minor

SECRETARIAT = (Role.PROGRAMME_OFFICER, Role.FUND_MANAGER)
PUBLIC_STATES = (
    CallState.PUBLISHED,
    CallState.OPEN,
    CallState.CLOSED,
    CallState.IN_REVIEW,
    CallState.DECIDED,
    CallState.COMPLETED,
)
UNSCREENED = (ApplicationState.SUBMITTED, ApplicationState.RETURNED, ApplicationState.INELIGIBILITY_PROPOSED)
UNDECIDED = (
    *UNSCREENED,
    ApplicationState.ELIGIBLE,
    ApplicationState.SCORING,
    ApplicationState.DELIBERATION,
    ApplicationState.DEFERRED,
)
UNSIGNED = (
    GrantState.AWARDED,
    GrantState.OFFER_SENT,
    GrantState.OFFER_ACCEPTED,
    GrantState.AGREEMENT_DRAFTED,
    GrantState.SIGNED_BY_PARTNER,
)
GONE = (
    ApplicationState.DRAFT,
    ApplicationState.WITHDRAWN,
    ApplicationState.LAPSED,
    ApplicationState.INELIGIBLE,
    ApplicationState.NOT_SHORTLISTED,
)
"""Applications that no committee decides on any more."""
LEAST_TEXT = 20
"""Characters below which a title's or text's language counts as missing."""

Problem = str | Promise


# Who sees ---------------------------------------------------------------------------------------------------------


def is_public(call: Call) -> bool:
    """Whether anyone may read the call."""
    return call.state in PUBLIC_STATES


def public_q() -> Q:
    """The `Q` of `is_public`."""
    return Q(state__in=PUBLIC_STATES)


def sees_drafts(user: Any) -> bool:
    """Officers, the board and auditors see calls before they are published."""
    return bool(may_hold(user, *SECRETARIAT, Role.FINANCE_OFFICER, Role.BOARD_MEMBER, Role.AUDITOR))


# Who acts ---------------------------------------------------------------------------------------------------------


@rule_for(events.CallDrafted)
def may_draft(call: Call | None, *, actor: Any, event: Any = None) -> PermissionResult:
    """Programme officers and the fund manager."""
    return may_hold(actor, *SECRETARIAT)


def may_change(call: Call, *, actor: Any) -> PermissionResult:
    """The secretariat, while the call is a draft."""
    if call.state != CallState.DRAFT:
        return Denied(_("This call has left its draft: its text, criteria and questions can no longer change."))
    return may_draft(call, actor=actor)


@rule_for(events.CallApproved)
def may_approve(call: Call, *, actor: Any, event: Any = None) -> PermissionResult:
    """A member of the board who did not draft the call, when nothing is wrong with it; exactly what was read."""
    if actor is not None and call.created_by_id == actor.pk:
        return Denied(_("Who drafted a call does not approve it."))
    member = may_hold(actor, Role.BOARD_MEMBER)
    problem = next(problems(call, charter_in_force().rules), None) if member else None
    if problem or not member:
        return Denied(problem) if problem else member
    return is_what_was_read(event.content_sha256, call_sha256(call)) if event is not None else member


@rule_for(events.EnvelopeReserved)
def may_reserve(envelope: Envelope, *, actor: Any, event: Any) -> PermissionResult:
    """Part of the board's approval: the source fits, and its money is there."""
    return all_of(
        may_hold(actor, Role.BOARD_MEMBER), source_fits(envelope.call, envelope.contribution, envelope.amount_minor)
    )


@rule_for(events.CallPublished)
def may_publish(call: Call, *, actor: Any, event: Any = None) -> PermissionResult:
    """The secretariat, while the closing still lies ahead; a rapid call stands by until an accepted alert publishes it."""
    if call.closes_at <= timezone.now():
        return Denied(_("The closing date has passed. Cancel this call and draft a new one."))
    if call.grant_type == GrantType.RAPID:
        return Allowed() if actor is None else Denied(_("A rapid call stands by: an accepted alert opens it."))
    return may_hold(actor, *SECRETARIAT)


def is_short_notice(call: Call, rules: CharterRules) -> bool:
    """Whether publishing now leaves fewer working days before the opening than the charter asks."""
    today = timezone.localdate()
    earliest = add_working_days(today, rules.deadlines.published_before_open_days, holidays())
    return timezone.localdate(call.opens_at) < earliest


@rule_for(events.CallOpened, events.CallClosed)
def may_follow_the_clock(call: Call, *, actor: Any, event: Any = None) -> PermissionResult:
    """The clock alone, which `grants.services.calls` reads in the database; not while concept notes wait for their answer."""
    if isinstance(event, events.CallClosed) and call.applications.filter(state=ApplicationState.CONCEPT_SENT).exists():
        return Denied(_("Concept notes of this call wait for their answer."))
    return system_only(call, actor=actor, event=event)


@rule_for(events.CallExtended)
def may_extend(call: Call, *, actor: Any, event: Any = None) -> PermissionResult:
    """The fund manager, for everybody, before the call closes."""
    if call.state not in {CallState.PUBLISHED, CallState.OPEN}:
        return Denied(_("Only a published or open call can be extended."))
    return may_hold(actor, Role.FUND_MANAGER)


@rule_for(events.CallMadeUpForOutage)
def may_make_up(call: Call, *, actor: Any, event: Any = None) -> PermissionResult:
    """The clock, for everybody."""
    return system_only(call, actor=actor, event=event)


@rule_for(events.CallCancelled)
def may_cancel(call: Call, *, actor: Any, event: Any = None) -> PermissionResult:
    """A draft: the secretariat. Later: the board."""
    return may_hold(actor, *(SECRETARIAT if call.state == CallState.DRAFT else (Role.BOARD_MEMBER,)))


@rule_for(events.ReviewStarted)
def may_start_review(call: Call, *, actor: Any, event: Any = None) -> PermissionResult:
    """The secretariat, once every application is screened."""
    if call.applications.filter(state__in=UNSCREENED).exists():
        return Denied(_("Some applications are not screened yet."))
    return may_hold(actor, *SECRETARIAT)


@rule_for(events.CallDecided)
def may_be_decided(call: Call, *, actor: Any, event: Any = None) -> PermissionResult:
    """The system, once every application has its decision."""
    if call.applications.filter(state__in=UNDECIDED).exists():
        return Denied(_("Some applications have no decision yet."))
    return system_only(call, actor=actor, event=event)


rule_for(events.ReviewReopened)(system_only)


@rule_for(events.CallCompleted)
def may_complete(call: Call, *, actor: Any, event: Any = None) -> PermissionResult:
    """The secretariat, once every offer is answered and signed; what is left of the envelope goes back to its sources."""
    open_offers = call.grants.filter(state__in=UNSIGNED).count()
    if open_offers:
        return Denied(_("Offers not answered or agreements not signed yet: %(count)s.") % {"count": open_offers})
    return all_of(may_hold(actor, *SECRETARIAT), appeals_are_over(call), nothing_blocks(call))


def appeals_are_over(call: Call) -> PermissionResult:
    """Whether the last day on which a decision of the call may be appealed has passed: until then its money waits."""
    today = timezone.localdate()
    last = Feedback.objects.filter(application__call=call, application__state__in=APPEALABLE).aggregate(
        last=Max("appeal_until")
    )["last"]
    if last is None or last < today:
        return Allowed()
    day = day_in_words(last, language=get_language() or "en")
    return Denied(_("Decisions of this call can be appealed until %(day)s; its money waits until then.") % {"day": day})


def empty_q() -> Q:
    """Closed calls in which nothing is left: every application was withdrawn, lapsed, found not eligible or never sent."""
    alive = Application.objects.filter(call=OuterRef("pk")).exclude(state__in=GONE)
    return Q(~Exists(alive), state__in=[CallState.CLOSED, CallState.IN_REVIEW])


@rule_for(events.CallEndedEmpty)
def may_end_empty(call: Call, *, actor: Any, event: Any = None) -> PermissionResult:
    """The clock alone, when nothing is left that could be funded, nor brought back by an appeal."""
    if call.applications.exclude(state__in=GONE).exists():
        return Denied(_("Applications of this call are left."))
    return all_of(system_only(call, actor=actor, event=event), appeals_are_over(call), nothing_blocks(call))


# Sources ----------------------------------------------------------------------------------------------------------


def _use(call: Call, terms: Terms) -> Use:
    """The best use that the call could make of money under ``terms``; the award is matched exactly, later."""
    sectors, places = frozenset(call.sectors), frozenset(call.governorates)
    return Use(
        on=timezone.localdate(call.closes_at),
        sectors=(sectors & terms.sectors) or sectors,
        governorates=(places & terms.governorates) or places,
        groups=terms.groups,
        religious_basis=True,
    )


_OBSTACLES = {
    Obstacle.COST_TYPE: _("Contribution {code} may not be used for grants."),
    Obstacle.SECTOR: _("Contribution {code} is restricted to sectors that this call does not have."),
    Obstacle.AREA: _("Contribution {code} is restricted to governorates that this call does not have."),
    Obstacle.EXPIRED: _("Contribution {code} must be used before this call closes."),
}


def source_fits(call: Call, contribution: Contribution, amount_minor: int) -> PermissionResult:
    """Whether the call may draw ``amount_minor`` on the contribution: confirmed, fit for it, and still there."""
    code = contribution.reference
    if contribution.state != ContributionState.CONFIRMED or contribution.account is None:
        return Denied(format_lazy(_("Contribution {code} is not confirmed."), code=code))
    if contribution.currency != call.currency:
        return Denied(format_lazy(_("Contribution {code} is in another currency than the call."), code=code))
    terms = contribution.terms
    for obstacle in obstacles(terms, _use(call, terms)):
        return Denied(format_lazy(_OBSTACLES[obstacle], code=code))
    free = available_minor(contribution.account)
    if free < amount_minor:
        return Denied(
            format_lazy(
                _("Contribution {code} has only {free} left; the call asks for {asked}."),
                code=code,
                free=amount(free, call.currency),
                asked=amount(amount_minor, call.currency),
            )
        )
    return Allowed()


# What a draft must hold -------------------------------------------------------------------------------------------


def problems(call: Call, rules: CharterRules) -> Iterator[Problem]:
    """What keeps a draft from the board's approval, each as a sentence that says what to do."""
    yield from _text_problems(call)
    yield from _date_problems(call, rules)
    yield from _amount_problems(call, rules)
    yield from _card_problems(call)
    yield from form_problems(call)
    yield from _source_problems(call)


def _text_problems(call: Call) -> Iterator[Problem]:
    for language, name in (("ar", _("Arabic")), ("en", _("English"))):
        for field in ("title", "summary", "text"):
            data = getattr(call, field).data
            written = data.get(language, "") if isinstance(data, dict) else str(data)
            if not written.strip():
                label: Any = Call._meta.get_field(field).verbose_name  # type: ignore[union-attr]  # never a reverse relation
                yield format_lazy(_("Write the {field} in {language}."), field=label, language=name)


def _date_problems(call: Call, rules: CharterRules) -> Iterator[Problem]:
    opens, closes = timezone.localdate(call.opens_at), timezone.localdate(call.closes_at)
    if call.opens_at <= timezone.now():
        yield _("The opening date has passed: choose a later one.")
    needed = rules.deadlines.call_open_days
    if call.concept_closes_at is not None:
        yield from _stage_problems(call, call.concept_closes_at, rules)
    if call.grant_type == GrantType.RAPID:
        if call.closes_at - call.opens_at < timedelta(hours=rules.deadlines.rapid_open_hours):
            yield format_lazy(
                _("A rapid call stands by for {hours} hours at least."), hours=rules.deadlines.rapid_open_hours
            )
    elif closes < _nth_working_day(opens, needed):
        yield format_lazy(_("A call stays open for {days} working days at least."), days=needed)


def _stage_problems(call: Call, concepts: datetime, rules: CharterRules) -> Iterator[Problem]:
    """Both stages have their time: the notes, their answer, and the full proposals of those invited."""
    days = rules.deadlines
    if call.grant_type == GrantType.RAPID:
        yield _("A rapid call has one stage.")
    if timezone.localdate(concepts) < _nth_working_day(timezone.localdate(call.opens_at), days.concept_open_days):
        yield format_lazy(_("Concept notes are taken for {days} working days at least."), days=days.concept_open_days)
    answered = working_deadline(concepts, days.concept_days + days.concept_feedback_days)
    if call.closes_at < working_deadline(answered, days.call_open_days):
        yield format_lazy(
            _(
                "Between the last concept note and the closing lie {answer} working days for the answer and {write} to write."
            ),
            answer=days.concept_days + days.concept_feedback_days,
            write=days.call_open_days,
        )
    sections = {one.stage for one in call.sections.all()}
    if sections != {Stage.CONCEPT, Stage.FULL}:
        yield _("Say of each page of the form whether the concept note asks it: some pages for each of the two stages.")
    if not call.criteria.filter(key__in=rules.scoring.concepts.criteria).exists():
        yield _("The scorecard has none of the criteria by which the charter has concept notes judged.")


def _nth_working_day(opens: date, days: int) -> date:
    """The last of ``days`` working days of which the opening day may be the first."""
    return add_working_days(opens - timedelta(days=1), days, holidays())


def _amount_problems(call: Call, rules: CharterRules) -> Iterator[Problem]:
    most = max(tier.total_ceiling_minor for tier in rules.tiers.values())
    if call.ceiling_minor > most:
        yield format_lazy(
            _("The largest grant is above what the charter allows any organisation: {most}."),
            most=amount(most, call.currency),
        )
    panel, scoring = rules.committee.rapid_members, rules.scoring
    if call.grant_type == GrantType.RAPID and scoring.scorers_needed(call.ceiling_minor) > panel:
        yield format_lazy(
            _("The panel on call has {members} members: a rapid grant above {most} would need more scorers."),
            members=panel,
            most=amount(scoring.large_above_minor, call.currency),
        )
    if call.ceiling_minor > call.envelope_minor:
        yield _("The largest grant is above the whole envelope.")
    kind = rules.grant_types[cast("GrantTypeKey", call.grant_type)]
    if not call.months_allowed or not all(kind.months_from <= m <= kind.months_to for m in call.months_allowed):
        yield format_lazy(
            _("Grants of this kind run from {least} to {most} months."), least=kind.months_from, most=kind.months_to
        )


def _card_problems(call: Call) -> Iterator[Problem]:
    weights = sum(criterion.weight for criterion in call.criteria.all())
    if weights != 100:
        yield format_lazy(_("The weights of the criteria sum to {sum}, not to 100."), sum=weights)
    if call.eligibility_questions.count() > MOST_ELIGIBILITY_QUESTIONS:
        yield format_lazy(_("Ask at most {most} eligibility questions."), most=MOST_ELIGIBILITY_QUESTIONS)


MOST_ELIGIBILITY_QUESTIONS = 6
"""The self-check stays short: a promise of the interface, not a rule of the fund."""


def _source_problems(call: Call) -> Iterator[Problem]:
    sources = list(call.planned_sources.select_related("contribution__account"))
    planned = sum(source.amount_minor for source in sources)
    if planned != call.envelope_minor:
        yield format_lazy(
            _("The planned sources give {planned}; the envelope is {envelope}. Both must be the same."),
            planned=amount(planned, call.currency),
            envelope=amount(call.envelope_minor, call.currency),
        )
    for source in sources:
        fits = source_fits(call, source.contribution, source.amount_minor)
        if not fits:
            yield fits.reason
