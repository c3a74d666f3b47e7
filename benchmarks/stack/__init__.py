"""The processes of a server, on this machine and without containers: `make stack`.

PostgreSQL, Redis, two web processes, the worker, and nginx with TLS, each started with the settings and by the commands
of docker-compose.yml, on free ports of 127.0.0.1, with all they write in one folder. `processes` knows how one is
started, stopped, killed and waited for, `services` which there are, `proofs` what they promise together.

    with running_stack() as stack:
        stack.url              # https://127.0.0.1:PORT, through nginx
        stack.web[0].url       # one web process, by itself; plain HTTP, with the headers of `stack.as_proxy`
        stack.postgres.kill()  # -9; .start() begins it anew on the same data

Raises BenchmarkError where a program is missing, and says how to get it.
"""

from __future__ import annotations

from benchmarks.stack.services import Stack, running_stack

__all__ = ["Stack", "running_stack"]
