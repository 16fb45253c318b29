"""The page `/styleguide/`: every component of the console, drawn by its own template, with how to write it."""
