"""テスト連絡 (EMC-8): one message to one contact, asked for by an operator who watches what becomes of it.

Past the ledger and all its counts, like every test; but what comes back is matched to it, and an
arrival ends the suppression of its address (EMC-6).
"""
