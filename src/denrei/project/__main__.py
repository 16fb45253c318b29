"""`python -m denrei.project` is the command `denrei`."""

from __future__ import annotations

import sys

from denrei.project.commands import main

sys.exit(main())
