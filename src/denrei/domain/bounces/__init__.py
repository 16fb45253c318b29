"""Mails that came back, read: who did not get it, and why (EMC-6, RFC 3464).

Pure: bytes in, findings out. Nothing in a mail is executed, fetched or believed further than its
words go; no bytes raise.
"""
