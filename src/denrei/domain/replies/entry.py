"""What a relay says to who has not signed in at its POP server, or whose time has passed.

POP before SMTP was never written down: relays remember the address of who signed in, and refuse the
others by whatever words they have for strangers. With such a relay these words are about us, never
about a recipient, also where a carrier says the same of an address (au: `BAD_ADDRESS`).
"""

from __future__ import annotations

import re

from denrei.domain.replies import judging, words
from denrei.domain.replies.rules import Stage
from denrei.domain.replies.tongues import any_of

#: Of whom the words are, wherever they come.
_STRANGER = re.compile(any_of(words.RELAYING, r"\bpop ?-?3?\b|\bpop[- ]?before"))
#: Where a relay looks at who sends; after the text "authenticated" may be about DKIM.
_AT_THE_DOOR = frozenset({Stage.MAIL, Stage.RCPT, Stage.DATA})
_AT_THE_DOOR_TOO = re.compile(
    any_of(
        words.LOG_IN,
        r"\bauthenti|\bnot authori[sz]ed\b|\b(?:log|sign) ?in\b|\blogged in\b",
        r"\bclient host rejected\b|\bclient was not\b",
        r"\b(?:check|receive|fetch|get|read) (?:your |for )?(?:new )?(?:e-?)?mails? (?:first|before)",
        r"認証|受信(?:して|を)",
    )
)
#: RFC 4954, 6: an authentication is missing or too weak.
_NO_ENTRY = frozenset({"530", "534", "535", "538"})


def is_refused(raw: bytes, stage: Stage) -> bool:
    """Tell whether a refusal is about who sends, beyond doubt."""
    reply = judging.parse(judging.text(raw))
    if _STRANGER.search(reply.words) is not None:
        return True
    is_no_entry = reply.code in _NO_ENTRY or _AT_THE_DOOR_TOO.search(reply.words) is not None
    return stage in _AT_THE_DOOR and is_no_entry


def is_doubtful(raw: bytes, stage: Stage) -> bool:
    """Tell whether a refusal may be about who sends: worth one more sign-in, and one more try.

    "Access denied" and its status X.7.Y (RFC 3463: security or policy) is what a look-up in a table
    of addresses answers by itself.
    """
    reply = judging.parse(judging.text(raw))
    is_policy = reply.status.startswith("7.") or "access denied" in reply.words
    return is_refused(raw, stage) or (stage in _AT_THE_DOOR and is_policy)
