"""Offline side: newspaper files become articles, chunks and an index folder on disk."""
