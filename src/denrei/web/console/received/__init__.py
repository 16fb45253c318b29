"""受信した連絡: bounces and replies, and the button 受信 (MSG-7)."""

from __future__ import annotations
