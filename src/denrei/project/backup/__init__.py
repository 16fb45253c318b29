"""One file that holds an installation with the embedded database: its data, and its secret key.

A zip file without compression of its own: `about.json` (what this is, and how many rows it has), `secret-key`, `database.dump`
(`pg_dump --format=custom`). Its checksums tell a file that was damaged on its way.
"""

from __future__ import annotations

#: Members of the file, and the version of this layout.
ABOUT, KEY, DUMP = "about.json", "secret-key", "database.dump"
LAYOUT = 1


class BackupError(Exception):
    """Nothing was written or restored; the message says why and what to do, in Japanese."""
