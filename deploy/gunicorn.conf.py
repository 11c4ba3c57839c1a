"""gunicorn: two processes of four threads suit two cores; WEB_CONCURRENCY and WEB_THREADS change that."""

import os

bind = os.environ.get("BIND") or "{}:{}".format(
    os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
)
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 20
keepalive = 15
# A process is replaced after some thousands of requests, each at another moment, so that no leak can grow for weeks.
max_requests = 20_000
max_requests_jitter = 2_000
# Heartbeat files belong in memory: a slow disk must not get a healthy process killed.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True
