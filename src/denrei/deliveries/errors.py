"""Why something was not sent, in the language of the page; nothing was kept.

LaunchError
└── ConflictError
"""

from __future__ import annotations


class LaunchError(Exception):
    """A broadcast, or a wave of it, was not launched; the message says why and what to do."""


class ConflictError(LaunchError):
    """The idempotency key belongs to a broadcast with other content (HTTP 409)."""
