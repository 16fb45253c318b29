"""The herd of `bench.answers`: phones, and the peer that serves them by plain Django."""

from __future__ import annotations
