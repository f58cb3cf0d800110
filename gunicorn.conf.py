"""How gunicorn serves ``app:create_app()``; ``GUNICORN_CMD_ARGS`` and the command line win over this file.

Threads, because a save waits for the disk and a slow phone holds its
connection. No worker is recycled by count: that would cut connections that a
candidate's page keeps open.
"""

import gc
import os

bind = f"127.0.0.1:{os.environ.get('PORT') or 5000}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(4, max(2, os.cpu_count() or 2)))
threads = 8
keepalive = 30
timeout = 60
graceful_timeout = 20
loglevel = "warning"
control_socket_disable = True  # it would be opened in the home folder
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # a heartbeat file must not wait for a busy disk


def post_worker_init(worker: object) -> None:
    """What was loaded stays for good: the collector need not look through it again, which took 60 ms in the middle of a request."""
    gc.collect()
    gc.freeze()
