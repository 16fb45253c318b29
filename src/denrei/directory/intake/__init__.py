"""Imports of people that operators ask for by a page: kept, examined and written by a worker.

A file is received and stored, examined in a process beside the worker (`python -m
denrei.directory.intake`), looked at, and ordered; then the same process writes exactly what was
looked at, or examines again where the address book changed meanwhile (MSG-5).
"""

from __future__ import annotations
