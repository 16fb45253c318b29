"""The file of an import: kept in pieces of the database, put together where it is read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from denrei.accounts import tenancy
from denrei.directory.importing.faults import FileFault, ImportFileError
from denrei.directory.intake.models import ImportPiece, PeopleImport

#: Bytes; what a process holds of a file at once.
PIECE = 1 << 20


def store(one: PeopleImport, file: BinaryIO) -> None:
    """Keep a file from its beginning."""
    file.seek(0)
    for number, content in enumerate(iter(lambda: file.read(PIECE), b"")):
        ImportPiece.objects.create(
            organization_id=one.organization_id, people_import=one, number=number, content=content
        )


@contextmanager
def whole(one: PeopleImport) -> Iterator[BinaryIO]:
    """Provide the file, without a name, for a time. ImportFileError where it was forgotten."""
    contents = one.pieces.order_by("number").values_list("content", flat=True)
    with tempfile.TemporaryFile() as file:
        with tenancy.acting_for(one.organization_id):
            for content in contents.iterator(chunk_size=1):
                file.write(content)
        if file.tell() != one.size:
            raise ImportFileError(FileFault.FORGOTTEN)
        yield file


def forget(one: PeopleImport) -> None:
    """Delete the file."""
    one.pieces.all().delete()
