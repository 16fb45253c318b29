"""Debian's postfix as a relay, in a folder of its own, started and ended by us."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DAEMONS = Path("/usr/lib/postfix/sbin")

_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
alias_maps =
local_recipient_maps =
default_transport = smtp:[127.0.0.1]:{next_port}
relay_transport = smtp:[127.0.0.1]:{next_port}
smtp_tls_security_level = none
smtpd_tls_security_level = none
disable_dns_lookups = yes
smtp_dns_support_level = disabled
default_destination_concurrency_limit = 20
smtputf8_enable = no
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def why_not() -> str:
    """Return why postfix can't run here, or ""."""
    if os.geteuid() != 0:
        return "postfix needs root to change users"
    if shutil.which("postfix") is None or not DAEMONS.is_dir():
        return "postfix is not installed: apt-get install postfix"
    return ""


@contextmanager
def relay(next_port: int, *settings: str) -> Iterator[int]:
    """Run a relay that hands everything to a port of this machine; yield its own port.

    `settings` are lines of main.cf beside those above.
    """
    with tempfile.TemporaryDirectory(prefix="denrei-postfix-") as name:
        folder, port = Path(name), _free_port()
        folder.chmod(0o755)
        for part in ("spool", "data", "etc"):
            (folder / part).mkdir()
        shutil.chown(folder / "data", pwd.getpwnam("postfix").pw_uid)
        main = _MAIN.format(folder=folder, next_port=next_port)
        (folder / "etc/main.cf").write_text("\n".join([main, *settings, ""]))
        (folder / "etc/master.cf").write_text(_MASTER.format(port=port))
        _postfix(folder, "start")
        try:
            _wait_for(port)
            yield port
        finally:
            _postfix(folder, "stop")


def _postfix(folder: Path, command: str) -> None:
    # Daemons keep what they inherit open: a pipe would never end.
    with (folder / f"{command}.txt").open("w") as said:
        subprocess.run(
            ["postfix", "-c", str(folder / "etc"), command],
            check=True,
            stdout=said,
            stderr=said,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline, "postfix does not listen"
            time.sleep(0.05)
        else:
            return
