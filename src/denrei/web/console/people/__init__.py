"""名簿: the address book (MSG-5)."""
