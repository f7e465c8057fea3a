"""Periodic work of the accounts."""

from datetime import timedelta

from celery import shared_task

from accounts import services
from audit.leases import lease


@shared_task(name="accounts.close_expired_staff_sessions", ignore_result=True)
def close_expired_staff_sessions() -> int:
    """Record the end of staff sessions whose time is over (they give no right since then)."""
    with lease("accounts.close_expired_staff_sessions", duration=timedelta(minutes=1)) as mine:
        return services.close_expired() if mine else 0


SCHEDULE = {"close-expired-staff-sessions": (close_expired_staff_sessions, timedelta(minutes=5))}
