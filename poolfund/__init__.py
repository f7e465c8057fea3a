"""The house: settings, URLs, the queue and the commands that run the fund."""

import gc

# Every process of the fund begins here and loads half a million objects that stay: looking for rings among them after every
# 700 took a fifth of its start. Afterwards it need not look so often either (deploy/gunicorn.conf.py).
gc.set_threshold(20_000, 20, 50)

from poolfund.celery import app as celery_app  # noqa: E402 -- its libraries are a good part of what is loaded

__all__ = ["celery_app"]
