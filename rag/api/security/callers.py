"""Who calls: the address, believed of proxies only where they are trusted, and the key."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.types import Scope

from rag.api_keys import ApiKey, Role, find_key
from rag.network import Network, host_of, is_loopback_host, parse_address, parse_forwarded_address

FORWARDING = (b"forwarded", b"x-forwarded-for", b"x-real-ip", b"x-forwarded-host", b"via")
"""Headers by which a proxy shows that there is one."""
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="wenju"'}
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request, as `request.state.caller` of every route under /v1.

    Args:
        name: of the API key; "local" where none are set, which only this machine may use.
        role: what the caller may do.
        address: the client's, without port.
    """

    name: str
    role: Role
    address: str


def values_of(scope: Scope, name: bytes) -> list[bytes]:
    """The values of a header, in order; header names are lower case in ASGI."""
    return [value for header, value in scope["headers"] if header == name]


class Callers:
    """Tells who calls.

    Args:
        keys: who may; none: whoever is on this machine.
        proxies: whose X-Forwarded-For and X-Forwarded-Proto are believed.
    """

    def __init__(self, keys: Sequence[ApiKey], proxies: Sequence[Network]) -> None:
        self._keys = tuple(keys)
        self._proxies = tuple(proxies)

    def address(self, scope: Scope) -> str:
        """Return the client's address: the socket's peer, or the last one that trusted proxies did not add."""
        client = scope.get("client")
        peer = client[0] if client else UNKNOWN
        if not self.is_proxy(peer):
            known = parse_address(peer)
            return str(known) if known else peer
        named = b",".join(values_of(scope, b"x-forwarded-for")).decode("latin-1")
        hops = [item for item in named.split(",") if item.strip()]
        address = peer
        for hop in reversed(hops):
            known = parse_forwarded_address(hop)
            if known is None:  # what stands before it was believed by nobody
                break
            address = str(known)
            if not self.is_proxy(address):
                break
        return address

    def scheme(self, scope: Scope) -> str:
        """Return the scheme that the client used: https too where a trusted proxy ends TLS."""
        client = scope.get("client")
        said = values_of(scope, b"x-forwarded-proto")
        if client and self.is_proxy(client[0]) and said[-1:] in ([b"http"], [b"https"]):
            return said[-1].decode()
        return scope.get("scheme", "http")

    def identify(self, scope: Scope) -> Caller:
        """Return who calls.

        Raises:
            NotAuthorizedException: there are keys, and none of them was sent.
            PermissionDeniedException: there are none, and this is not surely a client on this machine.
        """
        address = self.address(scope)
        if not self._keys:
            self._check_local(scope, address)
            return Caller("local", "administer", address)
        for sent in _sent_keys(scope):
            if key := find_key(self._keys, sent):
                return Caller(key.name, key.role, address)
        raise NotAuthorizedException("send one of the API keys as 'Authorization: Bearer KEY'", headers=CHALLENGE)

    def is_proxy(self, text: str) -> bool:
        """Whether the address is one of a trusted proxy."""
        address = parse_address(text)
        return address is not None and any(address in network for network in self._proxies)

    def _check_local(self, scope: Scope, address: str) -> None:
        """Without keys whoever calls may do everything, so it must be this machine's own user.

        A page whose name was made to resolve to 127.0.0.1 (DNS rebinding) calls from this machine too, but under that
        name; a proxy on this machine passes on requests of others. So neither is let in. A client that names no host, as
        HTTP/1.0 has it, is no browser.
        """
        is_direct = not any(values_of(scope, header) for header in FORWARDING)
        hosts = values_of(scope, b"host")
        if not (
            is_loopback_host(address)
            and (is_direct or self._all_hops_are_local(scope))
            and len(hosts) <= 1
            and all(is_loopback_host(host_of(host.decode("latin-1"))) for host in hosts)
        ):
            raise PermissionDeniedException(
                "no API keys are set, so only clients on this machine are answered, at http://127.0.0.1 or http://localhost: "
                "the operator makes a key with wenju keys new NAME and puts what it prints into WENJU_API_KEYS"
            )

    def _all_hops_are_local(self, scope: Scope) -> bool:
        """Whether a trusted proxy passes on a request of this machine: an untrusted one may pass on what others claim."""
        client = scope.get("client")
        if not client or not self.is_proxy(client[0]) or values_of(scope, b"forwarded") or values_of(scope, b"via"):
            return False
        named = [*values_of(scope, b"x-forwarded-for"), *values_of(scope, b"x-real-ip")]
        hops = [parse_forwarded_address(hop) for hop in b",".join(named).decode("latin-1").split(",")]
        hosts = [host_of(host.decode("latin-1")) for host in values_of(scope, b"x-forwarded-host")]
        return all(hop is not None and hop.is_loopback for hop in hops) and all(
            is_loopback_host(host) for host in hosts
        )


def _sent_keys(scope: Scope) -> list[bytes]:
    """The keys of a request; none where a header came twice, for proxies and servers disagree about which one counts."""
    bearers, plain = values_of(scope, b"authorization"), values_of(scope, b"x-api-key")
    if len(bearers) > 1 or len(plain) > 1:
        return []
    schemes = [value.partition(b" ") for value in bearers]
    return [key.strip() for scheme, _, key in schemes if scheme.lower() == b"bearer"] + [key.strip() for key in plain]
