"""An installation on several hosts: PostgreSQL and web on one, workers on others, made as the manuals say.

db ── PostgreSQL by TCP, scram passwords, `denrei migrate`, `denrei serve`
one, two ── `denrei worker`
sink ── the mail server, at a distance
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from denrei.project import starting
from denrei.project.demo.actors import Actor, acting
from tools import ground, postgres_server
from tools.namespaces import NETWORK, Host, Network, network
from tools.postgres_server import PostgresServer

#: The same on all hosts; invented.
KEY = "a-key-that-every-host-of-this-installation-has-in-common"
_SINK_PORT = 2525


@dataclass
class Hosts:
    """An installation that runs; Django is set up in this process, which is the administrator's."""

    net: Network
    server: PostgresServer
    stack: ExitStack
    ground: ground.Ground
    environment: Mapping[str, str]

    def denrei(self, host: Host, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end on a host."""
        return subprocess.run(
            [sys.executable, "-m", *host.module("denrei.project", *words)],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def act(self, name: str, host: Host, *words: str) -> Actor:
        """Run a module on a host until the end."""
        folder = self.ground.folder
        return self.stack.enter_context(acting(name, host.module(*words), folder, self.environment))

    def sink(self, host: Host, log: Path) -> int:
        """Run the mail server on a host; return its port."""
        words = ["--log", str(log), "--host", host.address, "--port", str(_SINK_PORT)]
        self.act("sink", host, "chaos.sink", *words).first_line()
        return _SINK_PORT

    def backends(self, host: Host) -> int:
        """Return how many sessions the server believes to have with a host."""
        found = self.server.ask(
            f"SELECT count(*) FROM pg_stat_activity WHERE client_addr = '{host.address}'"
        )
        return int(str(found[0][0]))


@contextmanager
def installation(*, database_seconds: float = 0.0) -> Iterator[Hosts]:
    """Make the network and its database; the host `db` may stand so many seconds away (one way)."""
    with (
        tempfile.TemporaryDirectory(prefix="denrei-hosts-") as name,
        network(Path(name)) as net,
        ExitStack() as stack,
    ):
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL's own user passes through
        db = net.host("db", seconds=database_seconds)
        serving = postgres_server.serving(
            folder / "postgres",
            host=db.namespace,
            address=db.address,
            network=NETWORK,
            settings=ground.SETTINGS,
        )
        server = stack.enter_context(serving)
        server.make_database()
        environment = {"DATABASE_URL": server.url(), "DENREI_SECRET_KEY": KEY}
        os.environ |= {
            "DATABASE_URL": server.administrator(),
            "DENREI_SECRET_KEY": KEY,
            "DENREI_HOME": str(folder / "home"),
        }
        hosts = Hosts(
            net=net,
            server=server,
            stack=stack,
            ground=ground.Ground(folder),
            environment=environment,
        )
        migrated = hosts.denrei(db, "migrate")
        assert not migrated.returncode, migrated.stderr
        with starting.ready("worker"):
            yield hosts
