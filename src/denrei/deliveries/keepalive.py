"""How soon each end of a database connection lets go of the other when it fell silent.

A machine that is cut off says no goodbye. By the defaults of Linux a statement would wait for its
answer for a quarter of an hour (tcp_retries2), an idle connection would be believed in for two hours, and
the server would keep a dead machine's locks and snapshot for as long. Both ends count here, so that
a worker is back before its lease of 30 s has gone to somebody else twice, and a dead one holds nothing.
Nothing of this counts on a unix socket.
"""

from __future__ import annotations

from collections.abc import Mapping

#: libpq's parameters (PostgreSQL, Parameter Key Words): seconds; tcp_user_timeout in milliseconds.
CLIENT: Mapping[str, str] = {
    "connect_timeout": "10",
    "keepalives_idle": "4",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
    # of several servers the one that takes writes: after a failover a standby is no use
    "target_session_attrs": "read-write",
}
#: The server's, for the session (PostgreSQL, TCP Settings), in its own units.
SERVER: Mapping[str, str] = {
    "tcp_keepalives_idle": "4",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10s",
    # a statement that runs or waits for a lock looks whether anybody is still there
    "client_connection_check_interval": "5s",
}
#: A transaction that nobody goes on with: of a frozen worker, and of a page whose reader takes nothing.
WORKER_IDLE, PAGE_IDLE = "30s", "5min"
