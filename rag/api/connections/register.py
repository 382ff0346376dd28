"""The open connections of one process: how many there may be, of one address and in all, and who goes when there are too many.

A connection costs a descriptor, and a process has only so many. Whoever holds most connections loses one first: of his
connections the one that has waited longest for its client. So a reader who comes while somebody holds all that there may be
is answered at once, and a connection that the service is at work for is never closed for another.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from rag.api.security.limits import rate_key

REGISTER = "connections"
"""Name of the ConnectionRegister in the application's state."""
MOST_CONNECTIONS = 4096
"""Some 30 kB each; more is a proxy's business."""
USUAL_DESCRIPTORS = 1024
"""Where the system does not tell."""


class Connection(Protocol):
    """One open connection."""

    @property
    def address(self) -> str:
        """The peer's, without port."""

    @property
    def waits_for_client(self) -> bool:
        """Whether there is nothing to be done for it but by its client: to send, or to read."""

    def abort(self) -> None:
        """Close it now."""


class ConnectionRegister:
    """The open connections by address, those first that have heard of their client least lately.

    A trusted proxy brings many readers by one address: only the number in all holds for it, and its idle connections go last.

    Args:
        most: connections at a time.
        most_per_address: of them, of one address (IPv6: one /64).
        is_proxy: whether an address is a trusted proxy's.
    """

    def __init__(self, most: int, most_per_address: int, is_proxy: Callable[[str], bool]) -> None:
        self._most = most
        self._most_per_address = most_per_address
        self._is_proxy = is_proxy
        self._open: dict[str, OrderedDict[Connection, None]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def admit(self, connection: Connection) -> bool:
        """Take a new connection in, for which others may be closed; False where none of them can be spared."""
        address = rate_key(connection.address)
        held = self._open.get(address)
        if held and len(held) >= self._most_per_address and not self._is_proxy(connection.address):
            if not self._close_one(address):
                return False
        elif self._count >= self._most and not any(self._close_one(holder) for holder in self._holders()):
            return False
        self._open.setdefault(address, OrderedDict())[connection] = None
        self._count += 1
        return True

    def heard_of(self, connection: Connection) -> None:
        """The client has sent something, or was answered: its connection is the last of its address to go."""
        held = self._open.get(rate_key(connection.address))
        if held and connection in held:
            held.move_to_end(connection)

    def remove(self, connection: Connection) -> None:
        """Forget a connection that is closed, if it is known."""
        address = rate_key(connection.address)
        held = self._open.get(address)
        if held and connection in held:
            del held[connection]
            self._count -= 1
            if not held:
                del self._open[address]

    def _holders(self) -> list[str]:
        """Addresses, those with most connections first and proxies last."""
        return sorted(self._open, key=lambda address: (self._is_proxy(address), -len(self._open[address])))

    def _close_one(self, address: str) -> bool:
        for connection in self._open[address]:
            if connection.waits_for_client:
                self.remove(connection)
                connection.abort()
                return True
        return False


def room_for_connections() -> int:
    """How many connections this process may have: half of its descriptors; files, logs and the LLM's need the others."""
    try:
        import resource
    except ImportError:  # not on Windows
        return USUAL_DESCRIPTORS // 2
    descriptors, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if descriptors == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, descriptors // 2)
