"""Sentences, terms, numerals, spellings."""
