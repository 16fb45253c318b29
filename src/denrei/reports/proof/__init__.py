"""One broadcast, or one person of it, as a file that proves itself (NEW-1): read and written in pieces."""

from __future__ import annotations
