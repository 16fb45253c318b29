"""Each row of the table of faults, small: the receiver's log says that nothing was lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

#: Those that break the most in the least time; `make chaos ARGS=--short` runs every row.
ROWS = (2, 4, 7, 10, 11)
#: Seconds; a hanging row is a failure.
_PATIENCE = 600


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the migrated database of all rows is kept; the workers of xdist share it."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "ground"


@pytest.mark.spec("ALL-1", "ALL-2", "NEW-1")
@pytest.mark.parametrize("number", ROWS)
def test_a_row_of_faults_passes(kept: Path, number: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chaos", "--short", str(number)],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "KEPT_GROUND": str(kept)},
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )

    if "is missing: apt-get install" in done.stderr:
        pytest.skip(done.stderr.strip())
    assert done.stdout, done.stderr
    row = json.loads(done.stdout.splitlines()[-1])
    assert row["pass"], (row, done.stderr[-3000:])
    assert done.returncode == 0
