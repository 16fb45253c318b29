"""Against smtp-sink, the receiver that Postfix brings for measuring."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from denrei.channels import Accepted
from tests.channels.smtp.relay import PATIENCE, fates, on_both_loops, outgoing, smtp

MESSAGES = 2_000


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """Start a sink that keeps what it gets; return its port and the file."""
    program = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    if not Path(program).exists():
        pytest.skip("smtp-sink is not installed: apt-get install postfix")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "main.cf").write_text("compatibility_level = 3.6\n")
    kept = tmp_path / "kept"
    kept.touch(mode=0o666)
    process = subprocess.Popen(
        [program, "-u", "root", "-D", str(kept), f"127.0.0.1:{port}", "256"],
        env={"MAIL_CONFIG": str(tmp_path), "PATH": "/usr/sbin:/usr/bin:/bin"},
    )
    try:
        yield port, kept
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


@pytest.mark.peers
@on_both_loops
async def test_smtp_sink_takes_every_message_once(sink: tuple[int, Path]) -> None:
    port, kept = sink
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        await asyncio.sleep(0.05)
    async with smtp(port, connections=10).open() as sender:
        ends = await fates(sender, *(outgoing(number) for number in range(MESSAGES)))

    assert {Accepted} == {type(one) for one in ends}
    ids = [line for line in kept.read_bytes().splitlines() if line.startswith(b"Message-ID: ")]
    assert sorted(b"Message-ID: <c%d@city.example.jp>" % n for n in range(MESSAGES)) == sorted(ids)
