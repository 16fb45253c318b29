"""操作者: who works with the console, what each may do, and their keys (MSG-1, SMS-13)."""

from __future__ import annotations
