"""What the parts of the application keep in memory, counted for /metrics."""

from collections.abc import Mapping
from typing import Protocol


class CacheOwner(Protocol):
    """A part of the application that keeps things in memory."""

    def cache_sizes(self) -> Mapping[str, int]:
        """Return name of cache → entries now; asked for in a thread, at each scrape."""


class CacheSizes:
    """The caches of one application by their owners, which are told to it: nothing registers itself.

    Args:
        owners: those that are there from the start.
    """

    def __init__(self, *owners: CacheOwner) -> None:
        self._owners = list(owners)

    def add(self, owner: CacheOwner) -> None:
        """Count the caches of one more owner."""
        self._owners.append(owner)

    def sizes(self) -> dict[str, int]:
        """Return name of cache → entries now, those of equal names together."""
        sizes: dict[str, int] = {}
        for owner in self._owners:
            for name, entries in owner.cache_sizes().items():
                sizes[name] = sizes.get(name, 0) + entries
        return sizes
