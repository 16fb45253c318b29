"""はじめての方へ: five steps on the home of an operator, which tick themselves when taken."""

from __future__ import annotations
