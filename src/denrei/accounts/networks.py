"""Networks from which operators may sign in or change something (SMS-13)."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

_SEPARATORS = re.compile(r"[\s,;、]+")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class InvalidNetworkError(ValueError):
    """A typed network can't be read; the message names it and says what to write, in Japanese."""


def address(text: str) -> Address | None:
    """Read an IP address; an IPv4 one in the clothes of IPv6 becomes IPv4, a zone is dropped."""
    try:
        found = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def allowed(client: str, networks: Iterable[str]) -> bool:
    """Tell whether a client's address lies in one of the networks; no networks allow everybody.

    Where there are networks, an address that nobody can read lies in none.
    """
    wanted = tuple(networks)
    found = address(client)
    return not wanted or (found is not None and any(_holds(text, found) for text in wanted))


def _holds(network: str, client: Address) -> bool:
    found = ipaddress.ip_network(network, strict=False)
    return client.version == found.version and client in found


def parse(text: str) -> tuple[str, ...]:
    """Read networks as an operator types them: one or more on a line, full-width signs too.

    Returns each once, as CIDR (`192.0.2.5/24` is `192.0.2.0/24`, `192.0.2.5` is `192.0.2.5/32`).
    InvalidNetworkError where one can't be read.
    """
    words = _SEPARATORS.split(unicodedata.normalize("NFKC", text).strip())
    return tuple(dict.fromkeys(str(_network(word)) for word in words if word))


def _network(word: str) -> Network:
    try:
        found = ipaddress.ip_network(word, strict=False)
    except ValueError as error:
        raise InvalidNetworkError(
            _(
                "「%(word)s」はIPアドレスの範囲として読めません。"
                "「192.0.2.0/24」や「2001:db8::/32」のように入力してください。"
            )
            % {"word": word[:60]}
        ) from error
    return _unmapped(found)


def _unmapped(network: Network) -> Network:
    inner = getattr(network.network_address, "ipv4_mapped", None)
    if inner is None or network.prefixlen < 96:
        return network
    return ipaddress.ip_network((inner, network.prefixlen - 96))
