"""Composing, drafts and 定型連絡."""
