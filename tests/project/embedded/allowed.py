"""What this environment may not allow, and tests can't do without."""

from __future__ import annotations

import os
import subprocess

import pytest

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
in_namespaces = pytest.mark.skipif(
    subprocess.run(["unshare", "-Urm", "true"], check=False, capture_output=True).returncode != 0,
    reason="user namespaces are closed here",
)
