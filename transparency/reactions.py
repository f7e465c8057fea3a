"""What follows from the charter for the public figures, and from a signature or a withholding for what is told."""

from typing import Any

from audit import outbox
from audit.models import Leaf
from audit.reactions import reacts_to
from charter.events import CharterRatified
from charter.models import CharterVersion
from committees import events as committees
from committees import follow_up_events as follow_up
from disbursements.events import TrancheReceived
from disbursements.models import Tranche
from funds import events as funds
from funds.models import Contribution
from grants.events import (
    AgreementCountersigned,
    CallCancelled,
    CallClosed,
    CallDecided,
    CallExtended,
    CallOpened,
    CallPublished,
    GrantClosed,
    GrantSuspended,
    GrantTerminated,
    ReportAccepted,
)
from grants.models import Call, Grant, Report
from transparency.events import (
    NameConsentGiven,
    NameConsentRenewed,
    NameConsentTakenBack,
    WithholdingBegun,
    WithholdingLifted,
)
from transparency.models import NameConsent, SafetyReview, Withholding
from transparency.safety_events import ReportCleared
from transparency.selectors.dashboard import newest_edition
from transparency.services import alerts, drawing_own, indexing, open_data, papers, releasing, safety, withholding
from transparency.services.drawing_own import DRAW_FUND
from transparency.services.importing import DRAW
from transparency.states import AlertKind


@reacts_to(funds.ContributionConfirmed)
def tell_who_gave(contribution: Contribution, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The donor's people hear that its money arrived, and all donors' when too much of the year's comes from one."""
    alerts.announce(AlertKind.MONEY_RECEIVED, leaf=leaf, contribution=contribution.pk)


@reacts_to(TrancheReceived)
def tell_whose_money_was_paid(tranche: Tranche, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """People of the donors whose money is in the grant hear that a partner was paid."""
    alerts.announce(AlertKind.TRANCHE_PAID, leaf=leaf, grant=tranche.grant_id)


@reacts_to(ReportCleared)
def tell_who_may_read(review: SafetyReview, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """They hear that a report of theirs can be read."""
    alerts.announce(AlertKind.REPORT_CLEARED, leaf=leaf, grant=review.report.grant_id)


@reacts_to(GrantSuspended)
@reacts_to(GrantTerminated)
def tell_that_it_stopped(grant: Grant, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """They hear that one of their grants stopped; not which, and not why."""
    alerts.announce(AlertKind.GRANT_SUSPENDED, leaf=leaf, grant=grant.pk)


@reacts_to(GrantClosed)
def tell_that_it_is_closed(grant: Grant, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """They hear that one of their grants ended well."""
    alerts.announce(AlertKind.GRANT_CLOSED, leaf=leaf, grant=grant.pk)


@reacts_to(CharterRatified)
def draw_by_the_new_rules(version: CharterVersion, event: CharterRatified, *, actor: Any, leaf: Leaf) -> None:
    """The charter says what is withheld: figures that are public already are drawn by the new rules."""
    if newest_edition() is not None:
        outbox.put(DRAW, {}, dedupe_key=f"{DRAW}:{leaf.pk}")


@reacts_to(AgreementCountersigned)
def keep_what_call_and_charter_withhold(grant: Grant, event: AgreementCountersigned, *, actor: Any, leaf: Leaf) -> None:
    """A grant begins with what its call and the charter withhold; the organisation may consent to tell it."""
    withholding.inherit(grant)


@reacts_to(ReportAccepted)
def have_it_read_for_safety(report: Report, event: ReportAccepted, *, actor: Any, leaf: Leaf) -> None:
    """Donors read an accepted report after two people of the secretariat did."""
    safety.open_review(report)


@reacts_to(WithholdingBegun)
def read_reports_anew(subject: Withholding, event: WithholdingBegun, *, actor: Any, leaf: Leaf) -> None:
    """What donors could read of the grant's reports is gone until it was read again."""
    if subject.grant is not None:
        safety.reopen(subject.grant)


@reacts_to(WithholdingBegun)
@reacts_to(WithholdingLifted)
@reacts_to(NameConsentGiven)
@reacts_to(NameConsentRenewed)
@reacts_to(NameConsentTakenBack)
def tell_the_grant_anew(subject: Withholding | NameConsent, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """What the public reads changes with the withholding, in the same transaction; what it read before is at no address."""
    row = releasing.tell_anew(subject.grant) if subject.grant is not None else None
    if row is not None:
        indexing.index_beside(row)
        open_data.forget(leaf=leaf)
        drawing_own.hide()
        papers.take_back(row.batch)


@reacts_to(
    CharterRatified,
    CallDecided,
    AgreementCountersigned,
    WithholdingBegun,
    WithholdingLifted,
    NameConsentGiven,
    NameConsentRenewed,
    NameConsentTakenBack,
    funds.DonorChanged,
    funds.PledgeMade,
    funds.PledgeSigned,
    funds.PledgeFulfilled,
    funds.PledgeWithdrawn,
    funds.ContributionConfirmed,
    committees.CommitteeConstituted,
    committees.CommitteeDissolved,
    committees.SeatFilled,
    committees.SeatVacated,
    committees.SeatSuspended,
    committees.SeatReinstated,
    follow_up.AppealLodged,
    follow_up.AppealNotAdmitted,
    follow_up.AppealUpheld,
    follow_up.AppealPartlyUpheld,
    follow_up.AppealDismissed,
)
def draw_the_fund_anew(subject: Any, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The worker draws what this fact has changed in the public charts of the fund; payments come with their release."""
    outbox.put(DRAW_FUND, {}, dedupe_key=f"{DRAW_FUND}:{leaf.pk}")


@reacts_to(CallPublished)
@reacts_to(CallOpened)
@reacts_to(CallExtended)
@reacts_to(CallClosed)
@reacts_to(CallCancelled)
def let_the_call_be_found(call: Call, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """What is public of a call can be found from the moment on which it is; a cancelled one cannot."""
    indexing.index_call(call)
