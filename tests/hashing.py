"""Passwords of tests: the same algorithm as in production, at a thousandth of its cost."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickHasher(Argon2PasswordHasher):
    """Argon2 with the least of everything."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
