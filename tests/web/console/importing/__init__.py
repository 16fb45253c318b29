"""The import of people in the console."""
