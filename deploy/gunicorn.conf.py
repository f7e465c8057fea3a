"""The web server of the image."""

import os

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
worker_class = "gthread"
timeout = 60
graceful_timeout = 20
keepalive = 75
worker_tmp_dir = "/dev/shm"
max_requests = 2_000
max_requests_jitter = 200
# The application writes its own log; addresses of people are not kept.
accesslog = None
# Nobody steers it from outside; the image has no writable home for its socket either.
control_socket_disable = True
