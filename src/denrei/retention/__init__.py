"""How long what is kept (OPS-8): the kinds, what an organization chose, the nightly round, its report."""

from __future__ import annotations
