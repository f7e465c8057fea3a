"""The web server of the image."""

import gc
import os
from typing import Any

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_WORKERS", "3"))
# Each has a connection with plans of its own, and all share one core: more of them answer fewer requests in a rush.
threads = 2
worker_class = "gthread"
# Read before the workers are born, who share it: one that takes the place of a dead one answers at once.
preload_app = True
timeout = 60
graceful_timeout = 20
# The proxy keeps the connections of browsers. One that it kept with a worker would tie its browsers to that worker: after a
# death all of them would hang on the other, whose one core is not enough.
keepalive = 0
# What waits, waits in the system's queue, where the first that is free takes it and a death loses nothing.
worker_connections = 5
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
