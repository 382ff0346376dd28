"""Statements to verified citations, or to what is wrong with them."""
