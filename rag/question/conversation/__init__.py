"""Makes a follow-up question self-contained."""
