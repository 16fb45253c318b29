"""Tests of 再通知."""
