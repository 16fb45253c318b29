"""A name server on 127.0.0.1 that knows a few names, and one that never answers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
from dns.resolver import Resolver

from denrei.project.doctor.dns_answers import Answers

#: (name, type) → records as a zone file writes them; a TXT record without its quotes.
Zone = Mapping[tuple[str, str], list[str]]
#: Answered with SERVFAIL.
BROKEN = "broken.denrei.jp"


@contextmanager
def answering(zone: Zone, *, seconds: float = 5.0) -> Iterator[Answers]:
    """Give answers from a zone, as a resolver gets them over UDP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(server, zone))
        thread.start()
        try:
            yield Answers(_resolver(server.getsockname()[1]), seconds=seconds)
        finally:
            server.sendto(b"", server.getsockname())
            thread.join(10)
            assert not thread.is_alive()


@contextmanager
def silent() -> Iterator[Answers]:
    """Give answers from a server that takes questions and says nothing, for half a second."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        yield Answers(_resolver(server.getsockname()[1]), seconds=0.5)


def _resolver(port: int) -> Resolver:
    resolver = Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = port
    return resolver


def _serve(server: socket.socket, zone: Zone) -> None:
    """Answer until an empty datagram comes."""
    while True:
        packet, client = server.recvfrom(4096)
        if not packet:
            return
        server.sendto(_answer(dns.message.from_wire(packet), zone).to_wire(), client)


def _answer(query: dns.message.Message, zone: Zone) -> dns.message.Message:
    response = dns.message.make_response(query)
    response.flags |= dns.flags.AA | dns.flags.RA
    question = query.question[0]
    name = question.name.to_text(omit_final_dot=True)
    kind = dns.rdatatype.to_text(question.rdtype)
    records = zone.get((name, kind), [])
    if records:
        told = [f'"{record}"' if kind == "TXT" else record for record in records]
        response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *told))
    elif name == BROKEN:
        response.set_rcode(dns.rcode.SERVFAIL)
    elif not any(known == name or known.endswith(f".{name}") for known, _ in zone):
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response
