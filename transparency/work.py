"""What waits for people here: rehearsed imports, the log, and what is withheld from the public."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.roles import LOG_GUARDIANS, Role
from accounts.selectors import has_role
from audit import restart
from grants.selectors.grants import has_any
from kernel.work import WorkItem, source
from transparency.paper_rules import may_approve, may_publish
from transparency.rules import may_import_history
from transparency.safety_rules import may_clear, may_read_for_safety, reads_reviews
from transparency.selectors import papers, safety, withholdings
from transparency.selectors.imports import broken_for, waiting_for
from transparency.states import PaperState, SafetyState
from transparency.withholding_rules import SECRETARIAT, may_answer_lift, oversees


@source
def imports_to_confirm(user: Any) -> Iterator[WorkItem]:
    """Uploads of the person that were checked, and those that broke down."""
    if not may_import_history(user):
        return
    for run in waiting_for(user):
        yield WorkItem(
            title=_("Look at the rehearsal of an import and confirm it"),
            url=reverse("transparency:history_import_detail", args=[run.pk]),
            kind=_("Imports"),
        )
    for run in broken_for(user):
        yield WorkItem(
            title=_("An import broke down: look at it and begin it again"),
            url=reverse("transparency:history_import_detail", args=[run.pk]),
            kind=_("Imports"),
        )


@source
def rollback_to_acknowledge(user: Any) -> Iterator[WorkItem]:
    """The signer refuses to sign the log: two people look at it."""
    if has_role(user, *LOG_GUARDIANS) and restart.open_alarm() is not None:
        yield WorkItem(
            title=_("The log is no longer signed: find out why, and acknowledge it"),
            url=reverse("transparency:log_rollback"),
            kind=_("Log"),
        )


@source
def withholdings_to_review(user: Any) -> Iterator[WorkItem]:
    """For the secretariat: what is withheld and has to be looked at again."""
    for one in withholdings.to_review(user):
        yield WorkItem(
            title=_("Look again at what is withheld from the public"),
            url=reverse("transparency:withholding_keep", args=[one.pk]),
            kind=_("Withheld from the public"),
            detail=str(one.grant or one.call),
        )


@source
def reports_to_read_for_safety(user: Any) -> Iterator[WorkItem]:
    """For the secretariat: reports that donors do not read before two people did; nobody is asked to be both."""
    if not reads_reviews(user):
        return
    for review in safety.waiting(user):
        if (may_clear if review.state == SafetyState.PROPOSED else may_read_for_safety)(review, actor=user):
            yield WorkItem(
                title=_("Read a partner's report for safety, before donors read it"),
                url=reverse("transparency:safety_review", args=[review.pk]),
                kind=_("Reports to read for safety"),
                detail=str(review),
            )


@source
def papers_to_read(user: Any) -> Iterator[WorkItem]:
    """For the board: reports to approve; for the secretariat: approved ones to publish."""
    if not has_role(user, *SECRETARIAT, Role.BOARD_MEMBER):
        return
    for paper in papers.waiting(user):
        act = {PaperState.DRAWN: may_approve, PaperState.APPROVED: may_publish}.get(paper.state)
        if act is not None and act(paper, actor=user):
            yield WorkItem(
                title=_("Read the report to everybody, and decide on it"),
                url=reverse("transparency:paper_detail", args=[paper.pk]),
                kind=_("Reports to everybody"),
                detail=str(paper),
            )


@source
def names_to_agree_to(user: Any) -> Iterator[WorkItem]:
    """For who signs for an organisation: whether the public may read its name."""
    if not has_any(user):
        return
    for grant in withholdings.to_name(user):
        yield WorkItem(
            title=_("Say whether the public may read your organisation's name"),
            url=reverse("transparency:public_view", args=[grant.pk]),
            kind=_("Withheld from the public"),
            detail=str(grant),
        )


@source
def consents_to_give(user: Any) -> Iterator[WorkItem]:
    """For the side that has to agree before something is told."""
    if not (oversees(user) or has_any(user)):
        return
    for one in withholdings.to_consent(user):
        if may_answer_lift(one, actor=user, event=None):
            yield WorkItem(
                title=_("Say whether what was withheld may be told in public"),
                url=reverse("transparency:withholding_consent", args=[one.pk]),
                kind=_("Withheld from the public"),
                detail=str(one.grant or one.call),
            )
