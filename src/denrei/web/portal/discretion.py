"""What must not reach a log: a token opens a person's page for whoever reads it there."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(?<=/r/)[^\s/?#]+")


class HideTokens(logging.Filter):
    """Put `…` in the place of tokens in what Django logs about requests; the token's head stays.

    The first eight characters tell one page from another and are far from opening one.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, changed."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                _TOKEN.sub(lambda found: found[0][:8] + "…", value)
                if isinstance(value, str)
                else value
                for value in record.args
            )
        return True
