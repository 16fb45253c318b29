"""Debian's dovecot with one mailbox, in a folder of its own, started and ended by us."""

from __future__ import annotations

import datetime
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "bousai", "secret"
_OWNER = "mail"
_PROTOCOLS = ("imap", "imaps", "pop3", "pop3s", "auth")
_CONFIGURATION = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap pop3
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{folder}/mail
namespace inbox {{
  inbox = yes
}}
passdb {{
  driver = static
  args = user={user} password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={folder}
}}
service auth {{
  inet_listener {{
    port = {auth}
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
"""


def why_not() -> str:
    """Return why dovecot can't run here, or ""."""
    if os.geteuid() != 0:
        return "dovecot needs root to change users"
    if shutil.which("dovecot") is None or not Path("/usr/lib/dovecot/imap").exists():
        return "dovecot is not installed: apt-get install dovecot-imapd dovecot-pop3d"
    return "" if Path("/usr/lib/dovecot/pop3").exists() else "dovecot-pop3d is not installed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dovecot:
    """Where it listens, and the mailbox as files."""

    folder: Path
    imap: int
    imaps: int
    pop3: int
    pop3s: int
    #: Where postfix asks whether somebody may sign in (SASL).
    auth: int
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it before its time."""
        self.process.terminate()
        self.process.wait(20)

    @property
    def certificate(self) -> str:
        """Return the file that clients must trust."""
        return str(self.folder / "cert.pem")

    @property
    def log(self) -> Path:
        """Return where it writes who signed in."""
        return self.folder / "log"

    @property
    def ports(self) -> Mapping[str, int]:
        """Return where it listens, by protocol."""
        return {name: getattr(self, name) for name in _PROTOCOLS}

    def deliver(self, *mails: bytes) -> None:
        """Put mails into the mailbox."""
        with self._signed_in() as connection:
            for raw in mails:
                assert connection.append("INBOX", "", "", raw)[0] == "OK"

    def empty(self, *folders: str) -> None:
        """Begin anew, with these folders beside the mailbox."""
        with self._signed_in() as connection:
            if connection.select()[1] != [b"0"]:
                connection.store("1:*", "+FLAGS", r"(\Deleted)")
                connection.expunge()
            for folder in folders:
                connection.delete(folder)
                assert connection.create(folder)[0] == "OK"

    def lying(self, folder: str = "INBOX", which: str = "ALL") -> int:
        """Return how many mails are in a folder, all or the read ones ("SEEN")."""
        with self._signed_in() as connection:
            connection.select(folder, readonly=True)
            return len(connection.search(None, which)[1][0].split())

    @contextmanager
    def _signed_in(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.imap, timeout=20) as connection:
            connection.login(USER, PASSWORD)
            yield connection


@contextmanager
def dovecot(ports: Mapping[str, int] | None = None) -> Iterator[Dovecot]:
    """Run it, where one ran before (`Dovecot.ports`) or elsewhere."""
    with tempfile.TemporaryDirectory(prefix="denrei-dovecot-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for part in ("run", "state", "mail"):
            (folder / part).mkdir()
        shutil.chown(folder / "mail", _OWNER, _OWNER)
        ports = ports or dict(zip(_PROTOCOLS, _free_ports(len(_PROTOCOLS)), strict=True))
        _certify(folder)
        configuration = _CONFIGURATION.format(
            folder=folder, user=USER, password=PASSWORD, owner=pwd.getpwnam(_OWNER).pw_uid, **ports
        )
        (folder / "dovecot.conf").write_text(configuration)
        # It keeps what it inherits open: a pipe would never end.
        with (folder / "said.txt").open("w") as said:
            process = subprocess.Popen(
                ["dovecot", "-F", "-c", str(folder / "dovecot.conf")],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )
        try:
            for port in ports.values():
                _wait_for(port)
            yield Dovecot(folder=folder, process=process, **ports)
        finally:
            process.terminate()
            process.wait(20)


def _certify(folder: Path) -> None:
    """Write a key and a certificate for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline, "dovecot does not listen"
            time.sleep(0.05)
        else:
            return
