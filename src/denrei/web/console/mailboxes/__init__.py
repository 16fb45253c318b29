"""Mailboxes of the organization: registered, tried out, changed and removed (MSG-7)."""
