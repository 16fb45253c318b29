"""仮想端末: a page of the console that shows what recipients of the demo really got.

What a phone shows is the truth of the wire, read from the mail servers' own log; beside it stands
what the console says. Whoever answers here does it by HTTP, at the recipient's own page.
"""

from __future__ import annotations
