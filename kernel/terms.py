"""Terms: what begins on a day and is over on the day of its end, or has none yet (memberships, mandates)."""

from datetime import date

from django.db.models import Q


def runs_on(day: date) -> Q:
    """Rows with ``starts_on`` and ``ends_on`` that hold on ``day``; on the day of its end a term is over."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))
