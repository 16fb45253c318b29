"""Phones that open their page and answer: `python -m bench.herd.phones`, one JSON line of what they saw.

A closed loop of keep-alive connections over HTTP/1.1: GET a page, POST its answer, and on to the next person.
A process of its own, so that its work is in no server's account. It reads paths from a file, one a line, and
writes to another one the path of each answer that was acknowledged (303), which is the truth about losses.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvloop

_BODY = b"choice=1&source=self&comment="


class Crowd:
    """What all connections share."""

    def __init__(self, port: int, paths: Iterator[str], seconds: float) -> None:
        self.port = port
        self.paths = paths
        self.until = time.perf_counter() + seconds
        self.took: dict[str, list[float]] = {"GET": [], "POST": []}
        self.statuses: Counter[str] = Counter()
        self.taken: list[str] = []
        self.without_retry = 0
        self.used = 0


class Phone(asyncio.Protocol):
    """One connection."""

    def __init__(self, crowd: Crowd, done: asyncio.Future[None]) -> None:
        self.crowd, self.done = crowd, done
        self.method, self.path, self.asked = "POST", "", 0.0
        self.buffer, self.needed = bytearray(), -1
        self.head = b""

    def connection_made(self, transport: Any) -> None:
        """Begin, or go on where a server closes each connection after its answer."""
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        """Send the next request."""
        if self.method == "POST":
            self.method, self.path = "GET", next(self.crowd.paths, "")
            self.crowd.used += 1
            if not self.path or time.perf_counter() > self.crowd.until:
                self.end()
                return
            body, more = b"", b""
        else:
            self.method, body = "POST", _BODY
            more = (
                b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n"
                % len(body)
            )
        self.asked = time.perf_counter()
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.crowd.port}\r\n"
        self.transport.write(head.encode() + b"User-Agent: Mozilla/5.0\r\n" + more + b"\r\n" + body)

    def data_received(self, data: bytes) -> None:
        """Read an answer."""
        self.buffer += data
        if self.needed < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self.head = bytes(self.buffer[:end]).lower()
            said = self.head.partition(b"content-length:")[2].split(b"\r")[0]
            self.needed = end + 4 + int(said or 0)  # without one it is closed at the end
        if len(self.buffer) >= self.needed:
            self.note()

    def note(self) -> None:
        """Note an answer, and ask again."""
        crowd, status = self.crowd, self.head[9:12].decode()
        crowd.took[self.method].append(time.perf_counter() - self.asked)
        crowd.statuses[f"{self.method} {status}"] += 1
        if status == "303":
            crowd.taken.append(self.path)
        if status == "503" and b"\r\nretry-after:" not in self.head:
            crowd.without_retry += 1
        self.buffer.clear()
        self.needed = -1
        if b"connection: close" in self.head:
            self.asked = 0.0
            self.transport.close()
        else:
            self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        """Connect anew after a polite close; an answer that did not come is none."""
        del error
        if self.done.done():
            return
        if self.asked:
            self.crowd.statuses[f"{self.method} cut"] += 1
            self.method = "POST"
        asyncio.get_running_loop().create_task(self.again())

    async def again(self) -> None:
        """Connect once more."""
        if time.perf_counter() > self.crowd.until:
            self.end()
            return
        try:
            await asyncio.get_running_loop().create_connection(
                lambda: self, "127.0.0.1", self.crowd.port
            )
        except OSError:
            self.end()

    def end(self) -> None:
        """Be done."""
        if not self.done.done():
            self.done.set_result(None)
        if not self.transport.is_closing():
            self.transport.close()


async def run(crowd: Crowd, connections: int) -> float:
    """Let so many phones ask until the time is over; return the seconds it took."""
    loop, done = asyncio.get_running_loop(), []
    began = time.perf_counter()
    for _ in range(connections):
        future = loop.create_future()
        done.append(future)
        await loop.create_connection(
            lambda future=future: Phone(crowd, future), "127.0.0.1", crowd.port
        )  # type: ignore[misc]
    await asyncio.wait(done, timeout=crowd.until - time.perf_counter() + 30)
    return time.perf_counter() - began


def percentile(values: list[float], part: float) -> float:
    """Return milliseconds that this part of them does not exceed."""
    return round(sorted(values)[int(part * (len(values) - 1))] * 1000, 1) if values else 0.0


def main() -> None:
    """Ask, and print what was seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--paths", type=Path, required=True)
    parser.add_argument("--taken", type=Path, required=True)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args()
    crowd = Crowd(given.port, iter(given.paths.read_text().split()), given.seconds)
    took = uvloop.run(run(crowd, given.connections))
    given.taken.write_text("\n".join(crowd.taken))
    print(
        json.dumps(
            {
                "requests_per_s": round(sum(map(len, crowd.took.values())) / took, 1),
                "seconds": round(took, 2),
                "used": crowd.used,
                **{
                    f"{method.lower()}_p{int(part * 100)}_ms": percentile(times, part)
                    for method, times in crowd.took.items()
                    for part in (0.5, 0.99)
                },
                "statuses": dict(crowd.statuses),
                "without_retry_after": crowd.without_retry,
                "cpu_s": round(time.process_time(), 2),
            }
        )
    )


if __name__ == "__main__":
    main()
