"""Tests of the pages of recipients."""

from __future__ import annotations
