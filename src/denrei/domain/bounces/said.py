"""What a mail says of one recipient before anybody has judged it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Said:
    """The words about one recipient, wherever in the mail they stood."""

    #: "" where the mail names none.
    recipient: str
    #: RFC 3464's Original-Recipient, "" where it is not given.
    original: str = ""
    #: RFC 3464's Action in lower case; "" where there is no report.
    action: str = ""
    #: RFC 3464's Status as given: `5.1.1`; "" without one.
    status: str = ""
    #: RFC 3464's Remote-MTA: who refused; "" where it is not given.
    host: str = ""
    #: What systems said, the most precise first: diagnostic code, transcript, text.
    words: list[str] = field(default_factory=list)
