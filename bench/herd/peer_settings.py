"""Settings of the peer: those of the project, without middleware."""

from __future__ import annotations

from denrei.project.settings import *  # noqa: F403

MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # allauth does not start without
ROOT_URLCONF = "bench.herd.peer"
