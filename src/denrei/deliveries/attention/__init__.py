"""要対応: contacts that ask an operator to act, and what operators do about them (EMC-7)."""
