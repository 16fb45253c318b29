"""One broadcast in a file that proves itself: its lines, its seals, and what its rows must agree on.

No database is asked: `verifying.verify` takes lines of bytes and returns what they prove.
"""

from __future__ import annotations
