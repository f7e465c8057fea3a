"""The house: settings, URLs, the queue and the commands that run the fund."""

from poolfund.celery import app as celery_app

__all__ = ["celery_app"]
