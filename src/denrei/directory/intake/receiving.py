"""Receiving a file of people: what a page can say of it at once, then it waits for a worker."""

from __future__ import annotations

from typing import BinaryIO

from denrei.accounts import tenancy
from denrei.accounts.models import Operator, Organization
from denrei.directory import importing
from denrei.directory.importing.faults import FileFault, ImportFileError
from denrei.directory.intake import pieces, queueing
from denrei.directory.intake.models import PeopleImport
from denrei.domain import text

#: Bytes of a file; 100,000 people have some 20 MB.
MAX_BYTES = 50 << 20
#: Characters of a file's name that are kept.
_NAME = 200


def receive(
    organization: Organization,
    actor: Operator,
    file: BinaryIO,
    name: str,
    *,
    create_missing: bool = False,
) -> PeopleImport:
    """Store a file and have it examined. Raises ImportFileError; then nothing is stored."""
    size = file.seek(0, 2)
    if size > MAX_BYTES:
        raise ImportFileError(FileFault.TOO_LARGE, MAX_BYTES >> 20)
    surveyed = importing.look(organization, file)
    with tenancy.acting_for(organization.pk):
        one = PeopleImport.objects.create(
            organization=organization,
            unit=actor.unit,
            actor=actor,
            actor_name=actor.name,
            file_name=text.clean(name).text[:_NAME],
            size=size,
            digest=surveyed.digest,
            create_missing=create_missing,
        )
        one.refresh_from_db()
        pieces.store(one, file)
        queueing.ask_for(one)
    return one
