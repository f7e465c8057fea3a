"""Appeals from lodging to closing: money kept aside, a panel drawn, votes, a reasoned decision, its remedy.

The fund itself reads here (`identity.system`): who lodges, admits or judges sees neither the scorers nor the envelopes
that the answer depends on. Who may act is asked by the door.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid5

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.roles import Role
from accounts.selectors import users_with_role
from audit import lifecycle
from audit.models import Leaf
from charter.selectors import working_deadline
from committees import books
from committees import follow_up_events as events
from committees.models import Appeal, AppealEvidence, AppealPanelist, AppealVote, Assignment, ConceptScore, Panel
from committees.rules import facts, held
from committees.rules.taking_part import candidates
from committees.services import appeal_money, concepts
from committees.services.assignments import take_back
from committees.services.reopening import superseded_by_appeal
from committees.states import AppealChoice, AppealState, AssignmentState, PanelState
from grants import stages
from grants.models import Application, Call, Envelope
from grants.selectors.envelopes import filling_of, sources_of
from grants.services import access, review
from grants.states import CallState
from kernel import identity
from kernel.codes import reference
from kernel.permissions import Refused
from kernel.texts import clean_text
from ledger.models import Transfer, TransferKind
from ledger.services import TransferDraft, open_account, post
from notices.services import notify
from organisations.selectors import users_of

_S = AppealState
OUTCOMES = {
    AppealChoice.UPHOLD: (_S.UPHELD, events.AppealUpheld),
    AppealChoice.PARTLY: (_S.PARTLY_UPHELD, events.AppealPartlyUpheld),
    AppealChoice.DISMISS: (_S.DISMISSED, events.AppealDismissed),
}


def _url(appeal: Appeal) -> str:
    return reverse("committees:appeal_detail", args=[appeal.pk])


def _tell(appeal: Appeal, kind: str, users: Sequence[Any], **params: Any) -> None:
    values = {"reference": appeal.reference, "application": appeal.application.reference, **params}
    notify(users, kind, params=values, url=_url(appeal), dedupe_key=f"{appeal.pk}:{appeal.state}:{appeal.leaf_id}")


def _organisation(appeal: Appeal) -> list[Any]:
    return list(users_of(appeal.application.organisation))


# Lodging --------------------------------------------------------------------------------------------------------------


@identity.system("committees.appeals")
@transaction.atomic
def lodge(application: Application, *, grounds: list[str], statement: str, files: Sequence[Any], actor: Any) -> Appeal:
    """Lodge an appeal with its evidence; money for the application is kept aside. Raises `Refused`."""
    call = Call.objects.select_for_update(no_key=True).get(pk=application.call_id)
    now = timezone.now()
    parts = _money_for(call, application)
    appeal = Appeal(
        reference=reference("APL", timezone.localdate(now).year),
        application=application,
        grounds=sorted(set(grounds)),
        statement=clean_text(statement).strip(),
        lodged_by=actor,
        lodged_at=now,
        due_at=working_deadline(now, facts.rules_of(call).deadlines.appeal_admissibility_days),
        held_minor=sum(minor for _envelope, minor in parts),
    )
    event = events.AppealLodged(
        application=application.pk, grounds=appeal.grounds, held_minor=appeal.held_minor, currency=call.currency
    )
    made = lifecycle.create(appeal, event, actor=actor)
    if parts:
        appeal_money.free(call, leaf=made.leaf)
        _hold(made, parts, leaf=made.leaf)
        appeal_money.keep(call, leaf=made.leaf)
    for file in files:
        _add_evidence(made, file, actor=actor)
    judges = [*users_with_role(Role.FUND_MANAGER), *users_with_role(Role.BOARD_MEMBER)]
    _tell(made, "committees.appeal_lodged", judges, due=_iso(made))
    return made


def _iso(appeal: Appeal) -> str:
    return appeal.due_at.isoformat() if appeal.due_at else ""


def _add_evidence(appeal: Appeal, file: Any, *, actor: Any) -> None:
    row = AppealEvidence(appeal=appeal, name=file.checked.name, file=file, sha256=file.checked.sha256)
    lifecycle.create(row, events.AppealEvidenceAdded(sha256=row.sha256), actor=actor)


def _money_for(call: Call, application: Application) -> list[tuple[Envelope, int]]:
    """What of the disputed amount is free in the call's envelopes or waits there for appeals, in the order of its use.

    On a concept note nothing: the answer to it decides on no money.
    """
    if stages.is_concept(application):
        return []
    envelopes = {str(one.pk): one for one in call.envelopes.select_related("contribution", "account")}
    waits = held.held_by_account(call)
    sources = [
        replace(one, available_minor=one.available_minor + waits.get(envelopes[one.key].account_id, 0))
        for one in sources_of(call)
    ]
    filling = filling_of(application, application.requested_minor, sources)
    return [(envelopes[key], minor) for key, minor in filling.parts]


def _hold(appeal: Appeal, parts: list[tuple[Envelope, int]], *, leaf: Leaf) -> None:
    drafts = []
    for envelope, minor in parts:
        source = envelope.contribution.reference
        account = open_account(
            f"2090/{appeal.reference}/{source}",
            currency=appeal.application.call.currency,
            purpose=books.HELD_FOR_APPEAL(appeal=appeal.reference, contribution=source),
            debits_within_credits=True,
        )
        key = uuid5(appeal.pk, f"hold:{envelope.pk}")
        why = books.APPEAL_DISPUTES(appeal=appeal.reference)
        drafts.append(TransferDraft(key, envelope.account, account, minor, why, TransferKind.PEND))
    post(drafts, leaf=leaf)


def free_money(appeal: Appeal, *, leaf: Leaf) -> None:
    """Give the money that was kept aside back to the envelopes; once, however often it is called."""
    for envelope in appeal.application.call.envelopes.order_by("pk"):
        pending = Transfer.objects.filter(key=uuid5(appeal.pk, f"hold:{envelope.pk}")).first()
        key = uuid5(appeal.pk, f"free:{envelope.pk}")
        if pending is not None and not Transfer.objects.filter(key=key).exists():
            why = books.APPEAL_ANSWERED(appeal=appeal.reference)
            post([TransferDraft.void(pending, key=key, reason=why)], leaf=leaf)


# Admissibility and panel ----------------------------------------------------------------------------------------------


@identity.system("committees.appeals")
@transaction.atomic
def admit(appeal: Appeal, *, actor: Any) -> Appeal:
    """Find the appeal admissible and draw its panel. Raises `Refused`, also when too few people took no part."""
    admitted = lifecycle.move(appeal, events.AppealAdmitted(), actor=actor)
    return _draw_panel(admitted)


def _draw_panel(appeal: Appeal) -> Appeal:
    rules = facts.rules_of(appeal.application.call)
    free = [one.user for one in candidates(appeal.application) if one.free]
    needed = rules.appeals.panel_members
    if len(free) < needed:
        raise Refused(
            ngettext(
                "The panel needs %(needed)s people who took no part; there is %(free)s. Appoint others to the office.",
                "The panel needs %(needed)s people who took no part; there are %(free)s. Appoint others to the office.",
                len(free),
            )
            % {"needed": needed, "free": len(free)}
        )
    now = timezone.now()
    due = working_deadline(now, rules.deadlines.appeal_decision_days)
    drawn = secrets.SystemRandom().sample(free, needed)
    for user in drawn:
        event = events.AppealPanelistNamed(panelist=user.pk)
        lifecycle.create(AppealPanelist(appeal=appeal, user=user), event, actor=None)
        access.give_review_access(user, appeal.application, expires_at=due, actor=None)
    event_ = events.AppealReviewStarted(members=needed, due=due.isoformat())
    started = lifecycle.move(appeal, event_, actor=None, changes={"due_at": due})
    _tell(started, "committees.appeal_to_judge", drawn, due=_iso(started))
    _tell(started, "committees.appeal_admitted", _organisation(started), due=_iso(started))
    return started


@identity.system("committees.appeals")
@transaction.atomic
def refuse(appeal: Appeal, *, reason: str, actor: Any) -> Appeal:
    """Find the appeal not admissible, with the reason; the money is free again and the appeal closed."""
    said = clean_text(reason).strip()
    if not said:
        raise Refused(_("Give the reason."))
    changes = {"answer": said, "outcome": _S.INADMISSIBLE, "decided_at": timezone.now()}
    refused = lifecycle.move(appeal, events.AppealNotAdmitted(), actor=actor, reason=said, changes=changes)
    _tell(refused, "committees.appeal_decided", _organisation(refused), outcome=refused.outcome)
    return close(refused)


# Judging --------------------------------------------------------------------------------------------------------------


@identity.system("committees.appeals")
@transaction.atomic
def vote(appeal: Appeal, choice: str, *, actor: Any) -> AppealVote:
    """A member of the panel votes, once. Raises `Refused`."""
    locked = Appeal.objects.select_for_update(no_key=True).get(pk=appeal.pk)
    panelist = AppealPanelist.objects.filter(appeal=locked, user=actor).first()
    if panelist is None or choice not in AppealChoice.values:
        raise Refused(_("Only the panel of this appeal decides it."))
    return lifecycle.create(
        AppealVote(panelist=panelist, choice=choice), events.AppealVoteCast(choice=choice), actor=actor
    )


def outcome_of(votes: Sequence[str]) -> AppealChoice:
    """What an odd panel's votes come to: the middle one between dismissing, upholding in part and upholding."""
    order = [AppealChoice.DISMISS, AppealChoice.PARTLY, AppealChoice.UPHOLD]
    return sorted((AppealChoice(one) for one in votes), key=order.index)[len(votes) // 2]


@identity.system("committees.appeals")
@transaction.atomic
def decide(appeal: Appeal, *, reasons: str, re_evaluate: bool, actor: Any) -> Appeal:
    """Write the decision that the votes came to, with its reasons, and let its remedy follow. Raises `Refused`.

    An upheld appeal is always evaluated anew; one upheld in part when the panel says so (``re_evaluate``). A concept note
    is judged anew while its call is open.
    """
    said = clean_text(reasons).strip()
    if not said:
        raise Refused(_("A decision on an appeal has its reasons."))
    locked = Appeal.objects.select_for_update(no_key=True).get(pk=appeal.pk)
    votes = list(AppealVote.objects.filter(panelist__appeal=locked).values_list("choice", flat=True))
    if len(votes) < locked.panel.count() or not votes:
        raise Refused(_("Not everybody of the panel has voted yet."))
    choice = outcome_of(votes)
    state, event_class = OUTCOMES[choice]
    anew = choice is AppealChoice.UPHOLD or (choice is AppealChoice.PARTLY and re_evaluate)
    # Of a concept note nothing can follow once the call has closed: nobody could write the full proposal any more.
    anew = anew and (not stages.is_concept(locked.application) or locked.application.call.state == CallState.OPEN)
    counted: dict[str, Any] = {"votes": {one.value: votes.count(one.value) for one in AppealChoice}}
    event = event_class(**counted) if choice is AppealChoice.DISMISS else event_class(**counted, re_evaluate=anew)
    changes = {"answer": said, "outcome": state, "re_evaluate": anew, "decided_at": timezone.now()}
    if anew:
        changes["replaced"] = _to_replace(locked)
    decided = lifecycle.move(locked, event, actor=actor, changes=changes)
    for panelist in decided.panel.select_related("user"):
        access.remove_review_access(panelist.user, decided.application, actor=None)
    _tell(decided, "committees.appeal_decided", _organisation(decided), outcome=decided.outcome)
    if not anew:
        return close(decided)
    _evaluate_anew(decided)
    return decided


def _scorers(application: Application) -> list[Assignment]:
    rows = Assignment.objects.filter(application=application).exclude(state=AssignmentState.REMOVED)
    return list(rows.select_related("seat__user", "application").order_by("pk"))


def _to_replace(appeal: Appeal) -> list[str]:
    """Seats of the old scorers that do not score again: the charter's share of them, drawn."""
    judged = (
        ConceptScore.objects.filter(application=appeal.application).order_by("pk").values_list("seat_id", flat=True)
    )
    scored = [one.seat_id for one in _scorers(appeal.application)]
    seats = [str(one) for one in (judged if stages.is_concept(appeal.application) else scored)]
    share = facts.rules_of(appeal.application.call).appeals.replaced_members
    return sorted(secrets.SystemRandom().sample(seats, share.rounded_up(len(seats))))


def _evaluate_anew(appeal: Appeal) -> None:
    """The application goes back before scoring, or the concept note to be judged, by a team of which the charter's share is new."""
    cause = f"appeal {appeal.reference} was upheld"
    if stages.is_concept(appeal.application):
        concepts.judge_anew(appeal.application, cause=cause)
        return
    application = review.send_back(Application.objects.get(pk=appeal.application_id), cause=cause)
    superseded_by_appeal(application, cause=cause)
    panel = Panel.objects.select_for_update(no_key=True).filter(call=application.call_id).first()
    if panel is None:
        return
    for assignment in _scorers(application):
        take_back(assignment, cause="evaluated anew after an appeal", actor=None)
    rules = facts.rules_of(panel.call)
    due = working_deadline(timezone.now(), rules.deadlines.scoring_days)
    if panel.state not in {PanelState.DECLARING, PanelState.SCORING}:
        event = events.PanelSentBack(application=application.pk)
        panel = lifecycle.move(panel, event, actor=None, changes={"scoring_due": due})
    if panel.state == PanelState.SCORING:
        # The secretariat assigns the renewed team: "Assign missing scorers" leaves out who is replaced.
        review.start_scoring(application, scorers=rules.scoring.scorers_needed(application.requested_minor))


# Closing --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def close(appeal: Appeal) -> Appeal:
    """The appeal is answered and remedied: what was kept aside is free again."""
    closed = lifecycle.move(
        appeal, events.AppealClosed(), actor=None, changes={"closed_at": timezone.now(), "due_at": None}
    )
    free_money(closed, leaf=closed.leaf)
    return closed


def close_after_renewed_decision(application: Application) -> bool:
    """The renewed decision is made: the money held for it is free for it, and the appeal closed. Whether there was one."""
    waiting = Appeal.objects.filter(application=application, re_evaluate=True, state__in=[_S.UPHELD, _S.PARTLY_UPHELD])
    return bool([close(appeal) for appeal in waiting])
