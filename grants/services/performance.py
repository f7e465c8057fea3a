"""What a closed grant says of its organisation: the facts of its reports, in points of the charter."""

from django.utils import timezone

from charter.selectors import charter_in_force
from grants.models import Grant
from grants.states import ReportState
from organisations import capacity
from organisations.services import take_performance


def count_performance(grant: Grant) -> int | None:
    """Give the organisation the mean of what its reports left of a hundred points; None without an accepted report."""
    rules = charter_in_force().rules.capacity
    reports = grant.reports.filter(state=ReportState.ACCEPTED, submitted_at__isnull=False)
    points = [
        capacity.report_points(
            due=one.due_on,
            sent=timezone.localdate(one.submitted_at),
            returns=one.returns,
            late_day=rules.late_day_points,
            per_return=rules.return_points,
        )
        for one in reports
        if one.submitted_at is not None
    ]
    if not points:
        return None
    score = capacity.mean((one, 1) for one in points)
    take_performance(grant.organisation, grant_id=grant.pk, reference=grant.reference, score=score)
    return score
