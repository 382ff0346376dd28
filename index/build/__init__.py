"""Composes the offline side."""
