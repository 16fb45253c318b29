"""The operator's own account: password, second factor, the browsers he is signed in with."""

from __future__ import annotations
