"""The index folder on disk."""

from index.store.generations import Generation, current_folder, open_generation

__all__ = ["Generation", "current_folder", "open_generation"]
