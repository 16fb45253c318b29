"""Between a draft and its broadcast: the confirm page, 送信, 予約 (NEW-6, OPS-2, OPS-4, OPS-7)."""

from __future__ import annotations
