"""A town whose tables have grown a hundredfold since they were analysed, and what may be read there."""

from __future__ import annotations
