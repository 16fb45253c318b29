"""What TLS, AUTH and DKIM cost, beside the same without, into the same kind of server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.rows import Bench, Reading, Row, Scale
from tools import ground

_PLAIN = "without"
_NAMES = ("STARTTLS", "AUTH PLAIN", "DKIM Ed25519", "DKIM RSA-2048")
_ROWS = tuple(Row(name=name, unit="/s", against="the same without") for name in _NAMES)


def _measure(scale: Scale) -> Iterator[Reading]:
    """Press → recorded by each way, interleaved; the way without is measured once in each round."""
    people = scale.of(10_000, 1_000)
    with ground.ground() as where, ground.worker(where):
        ways = _ways()
        for _ in range(scale.rounds):
            rates = {name: _rate(where, people, *ways[name]) for name in (_PLAIN, *_NAMES)}
            for name in _NAMES:
                yield Reading(row=name, value=rates[name], beside=rates[_PLAIN], people=people)


def _ways() -> dict[str, tuple[tuple[str, ...], dict[str, Any]]]:
    """Return for each way the server's arguments and the gateway's settings."""
    from denrei.channels import Secret
    from denrei.channels.smtp import dkim

    signed = {
        name: {"dkim_selector": "bench", "dkim_key": Secret(dkim.new_key(algorithm))}
        for name, algorithm in (("DKIM Ed25519", "ed25519"), ("DKIM RSA-2048", "rsa"))
    }
    return {
        _PLAIN: ((), {}),
        "STARTTLS": (("--tls",), {"security": "starttls", "verify": False}),
        "AUTH PLAIN": (("--auth",), {"username": "bench", "password": Secret("bench")}),
        **{name: ((), settings) for name, settings in signed.items()},
    }


def _rate(
    where: ground.Ground, people: int, server: tuple[str, ...], settings: dict[str, Any]
) -> float:
    arguments = [
        part for one in server for part in (one, *([str(where.folder)] if one == "--tls" else []))
    ]
    with ground.receiver(where, *arguments) as (_, port):
        where.people(people)
        where.gateway(port, settings)
        return where.pressed(people)[0]


BENCH = Bench(name="transport", rows=_ROWS, measure=_measure)
