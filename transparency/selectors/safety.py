"""Reading safety reviews: what waits for whom, and the review of one report."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from grants.models import Report
from grants.states import ReportState
from transparency.models import SafetyReview
from transparency.safety_rules import reads_reviews
from transparency.states import SafetyState


def visible_to(user: Any) -> QuerySet[SafetyReview]:
    """All for the secretariat and auditors, nobody else's."""
    rows = SafetyReview.objects.all() if reads_reviews(user) else SafetyReview.objects.none()
    return rows.select_related("report__grant__organisation", "report__grant__application", "proposed_by", "cleared_by")


def _due() -> Q:
    waits = Q(state__in=[SafetyState.WAITING, SafetyState.PROPOSED])
    return waits | Q(state=SafetyState.KEPT_BACK, review_on__lte=timezone.localdate())


def waiting(user: Any) -> QuerySet[SafetyReview]:
    """Those that somebody of the secretariat reads next: new, proposed, or kept back and to be looked at again."""
    return visible_to(user).filter(_due()).order_by("moved_at", "pk")


def done(user: Any) -> QuerySet[SafetyReview]:
    """Those that nobody has to read now, the latest first."""
    return visible_to(user).exclude(_due()).order_by("-moved_at", "pk")


def unread() -> QuerySet[Report]:
    """Accepted reports without a review."""
    return Report.objects.filter(state=ReportState.ACCEPTED, safety_review__isnull=True)
