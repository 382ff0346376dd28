"""What a text states."""
