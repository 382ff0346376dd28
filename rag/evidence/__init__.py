"""Passages to ranked sentences, and to the decision whether they answer."""
