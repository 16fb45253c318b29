"""Tests of the confirm page, 送信 and 予約."""
