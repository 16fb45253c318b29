"""The address book in the console."""
