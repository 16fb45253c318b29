"""The doors: pages of recipients, and later of operators, the API and providers' callbacks."""

from __future__ import annotations
