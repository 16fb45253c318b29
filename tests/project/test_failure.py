"""What is told of a failure whose reason is the disk of the database."""

from __future__ import annotations

import psycopg
import pytest
from django.db import OperationalError
from psycopg.errors import DiskFull, QueryCanceled

from denrei.project.failure import is_full


def behind(cause: Exception) -> OperationalError:
    """Return an error as Django raises it."""
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(behind(DiskFull("could not extend file")), True, id="a statement refused"),
        pytest.param(
            psycopg.OperationalError("FATAL:  could not write init file: No space left on device"),
            True,
            id="a connection refused",
        ),
        pytest.param(behind(QueryCanceled("canceling statement")), False, id="another reason"),
        pytest.param(psycopg.OperationalError("Connection refused"), False, id="nobody there"),
    ],
)
@pytest.mark.spec("ALL-1")
def test_a_full_disk_is_known_by_its_code_or_by_the_words_of_a_connection(
    error: Exception, expected: bool
) -> None:
    assert is_full(error) is expected
