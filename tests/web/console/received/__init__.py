"""Pages of 受信した連絡."""
