"""What comes back: mails that bounced and replies, taken in, matched to deliveries, told the ledger.

`receiver` and `fetching` bring mails in, `keeping` stores each before its sender is told so,
`reading` finds out whose it is and what it says; `post` is the process that does all of it.
"""
