"""An invented city for demo and tests: its people, its mail servers, and who judges what arrived.

Nothing here knows denrei's ledger: mails come by SMTP, answers go by HTTP, as from outside.
"""

from __future__ import annotations
