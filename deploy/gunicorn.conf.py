"""The web server of the image."""

import gc
import os
from typing import Any

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
worker_class = "gthread"
# Read before the workers are born, who share it: one that takes the place of a dead one answers at once.
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 75
worker_tmp_dir = "/dev/shm"
# Rarely: a newborn worker's connections know no plan.
max_requests = 50_000
max_requests_jitter = 5_000
# The application writes its own log; addresses of people are not kept.
accesslog = None
# Nobody steers it from outside; the image has no writable home for its socket either.
control_socket_disable = True


def when_ready(_server: Any) -> None:
    """Before the first worker is born."""
    from poolfund.warming import warm

    warm()
    gc.collect()
    gc.freeze()
    # A request makes thousands of objects and leaves no rings behind: looking for some after every 700 cost a tenth of
    # the time of a page.
    gc.set_threshold(20_000, 20, 50)
