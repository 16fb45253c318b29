"""Write a proof file: lines of bytes as they are asked for, signed at the end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from denrei.accounts import signing
from denrei.domain.proof import keys
from denrei.domain.proof.lines import Writer
from denrei.domain.proof.rows import Kind
from denrei.reports.proof import snapshot
from denrei.reports.proof.sections import Sections

#: Lines that go out in one piece.
_LINES = 200


def export(
    organization_id: int, broadcast_id: int, by: str, recipient_id: int | None = None
) -> Iterator[bytes]:
    """Yield the file of a broadcast, or of one person of it, in pieces of some lines.

    Seal first what has committed (`denrei.deliveries.seal`): what is in no seal is counted and
    said. Opens a transaction of its own that sees one moment. UnknownBroadcastError.
    """
    with snapshot.opened(organization_id):
        lines = _lines(Sections(organization_id, broadcast_id, by, recipient_id))
        while piece := b"".join(islice(lines, _LINES)):
            yield piece


def _lines(sections: Sections) -> Iterator[bytes]:
    writer = Writer()
    for kind, row in sections:
        yield writer.line(kind, row)
    digest = writer.digest
    yield writer.line(
        Kind.END,
        {
            "lines": writer.lines,
            "sha256": digest,
            "key": signing.public_key().hex(),
            "signature": signing.sign(keys.message_of_file(digest)).hex(),
        },
    )
