"""What is said: categories (発生・状況・指示・回答), the frozen content of a broadcast, its texts."""

from __future__ import annotations
