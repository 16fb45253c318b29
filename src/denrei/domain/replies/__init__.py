"""What the words and codes of mail servers mean, said in a dialogue or quoted in a bounce.

One table for both: `rules.RULES` holds the rows, `words` the phrases of the mail systems, `judging`
takes a reply apart and looks it up.
"""
