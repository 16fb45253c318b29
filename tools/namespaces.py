"""Hosts without machines: network namespaces of this kernel, at a distance from each other, that can be cut off.

    hub ── a bridge to which each host has a cable; a long one is carried by `tools.cable`
     ├── host 192.0.2.N (RFC 5737: an address that leads nowhere else)
     └── …

Needs root with CAP_NET_ADMIN, iproute2 and /dev/net/tun. All names bear the process's id.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from denrei.project.demo.actors import acting

NETWORK = "192.0.2.0/24"
_DEVICE = "eth0"


class NoNamespacesError(Exception):
    """This machine does not let us make hosts; the message says why."""


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoNamespacesError(f"ip {' '.join(words)}: {done.stderr.strip()}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One namespace with one address."""

    namespace: str
    hub: str
    #: Of its cable's end at the hub.
    port: str
    address: str

    def module(self, *words: str) -> list[str]:
        """Return the words by which `acting` runs a module on this host."""
        return ["tools.inside", self.namespace, *words]

    def cut_off(self) -> None:
        """Pull its cable out of the hub: it hears nothing more, and nothing tells it so."""
        _ip("-n", self.hub, "link", "set", self.port, "nomaster")

    def join(self) -> None:
        """Plug it in again."""
        _ip("-n", self.hub, "link", "set", self.port, "master", "bridge")

    def deafen(self, other: Host) -> None:
        """Let nothing that this host says reach the other; what the other says still arrives here."""
        _ip("-n", self.namespace, "route", "add", "blackhole", f"{other.address}/32")

    def hear(self, other: Host) -> None:
        """Take `deafen` back."""
        _ip("-n", self.namespace, "route", "del", "blackhole", f"{other.address}/32")


@dataclass
class Network:
    """The hub and its hosts."""

    hub: str
    folder: Path
    stack: ExitStack
    hosts: dict[str, Host] = field(default_factory=dict)

    def host(self, name: str, *, seconds: float = 0.0) -> Host:
        """Add a host whose cable takes so many seconds one way."""
        number = len(self.hosts) + 1
        namespace, port = f"{self.hub}-{name}", f"p{number}"
        _add(self.stack, namespace)
        if seconds:
            words = ["tools.cable", self.hub, port, namespace, _DEVICE, str(seconds)]
            self.stack.enter_context(acting(f"cable-{name}", words, self.folder)).first_line()
        else:
            there = ("peer", "name", _DEVICE, "netns", namespace)
            _ip("-n", self.hub, "link", "add", port, "type", "veth", *there)
        address = f"192.0.2.{number}"
        _ip("-n", namespace, "address", "add", f"{address}/24", "dev", _DEVICE)
        _ip("-n", namespace, "link", "set", _DEVICE, "up")
        _ip("-n", self.hub, "link", "set", port, "master", "bridge", "up")
        self.hosts[name] = Host(namespace=namespace, hub=self.hub, port=port, address=address)
        return self.hosts[name]


def _add(stack: ExitStack, namespace: str) -> None:
    _ip("netns", "add", namespace)
    stack.callback(_ip, "netns", "delete", namespace)
    _ip("-n", namespace, "link", "set", "lo", "up")


@contextmanager
def network(folder: Path) -> Iterator[Network]:
    """Give a network without hosts; logs of its cables go to `folder`. Raises NoNamespacesError."""
    if os.geteuid():
        raise NoNamespacesError("network namespaces need root")
    with ExitStack() as stack:
        hub = f"denrei{os.getpid()}"
        _add(stack, hub)
        _ip("-n", hub, "link", "add", "bridge", "type", "bridge", "forward_delay", "0")
        _ip("-n", hub, "link", "set", "bridge", "up")
        yield Network(hub=hub, folder=folder, stack=stack)


def why_not() -> str:
    """Return why no hosts can be made here; "" where they can."""
    name = f"denrei{os.getpid()}-try"
    try:
        with ExitStack() as stack:
            _add(stack, name)
            _ip("-n", name, "link", "add", "p1", "type", "veth", "peer", "name", "p2")
    except (NoNamespacesError, FileNotFoundError) as error:
        return str(error)
    return "" if Path("/dev/net/tun").exists() else "there is no /dev/net/tun"
