"""English questions in the words of the archive."""
