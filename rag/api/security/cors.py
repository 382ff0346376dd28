"""Which pages may call from a browser: the service's own, and those of the allowed origins.

Browsers say in Origin whose page calls. A page elsewhere must neither read an answer nor cause one, so its request is
refused whatever it sends, and not only its answer kept from it, as CORS alone would.
"""

from collections.abc import Sequence

from litestar.exceptions import PermissionDeniedException
from litestar.types import Scope

from rag.api.security.callers import values_of

Headers = list[tuple[bytes, bytes]]
ALLOWED_METHODS = b"GET, POST, DELETE"
SENT = b"Authorization, Content-Type, X-API-Key, X-Request-ID"
SHOWN = b"X-Request-ID, Retry-After"
KEPT_S = b"600"
"""Seconds that browsers may keep the answer to a preflight."""
VARY = (b"vary", b"Origin")


class Origins:
    """The origins whose pages may call.

    Args:
        allowed: as browsers write them; see rag.network.check_origin.
    """

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = frozenset(origin.encode("ascii", "replace") for origin in allowed)

    def check(self, scope: Scope, scheme: str) -> bytes | None:
        """Return the foreign origin that calls; None where it is the service's own page or no page.

        Args:
            scheme: that the client used to reach the service.
        Raises:
            PermissionDeniedException: a page of another origin calls.
        """
        origins = values_of(scope, b"origin")
        site = b"".join(values_of(scope, b"sec-fetch-site"))
        if not origins:
            # Images and scripts of other pages come without Origin; a link that is followed is a person's own will.
            if site in {b"cross-site", b"same-site"} and values_of(scope, b"sec-fetch-mode") != [b"navigate"]:
                raise _refusal("another page")
            return None
        origin = origins[0]
        if len(origins) == 1 and origin in self._allowed:
            return origin
        hosts = values_of(scope, b"host")
        own = scheme.encode() + b"://" + hosts[0] if len(hosts) == 1 else None
        # Sec-Fetch-Site is the browser's own word, and right where a proxy changes scheme or host.
        if len(origins) == 1 and origin != b"null" and (origin == own or site == b"same-origin"):
            return None
        raise _refusal("this page's origin")


def is_preflight(scope: Scope) -> bool:
    """Whether a browser asks beforehand what a page may send."""
    return scope.get("method") == "OPTIONS" and bool(values_of(scope, b"access-control-request-method"))


def preflight_headers(scope: Scope, origin: bytes) -> Headers:
    """What an allowed origin may send. Never credentials: keys come in headers, and there are no cookies."""
    headers = [
        *response_headers(origin),
        (b"access-control-allow-methods", ALLOWED_METHODS),
        (b"access-control-allow-headers", SENT),
        (b"access-control-max-age", KEPT_S),
    ]
    if values_of(scope, b"access-control-request-private-network") == [b"true"]:
        headers.append((b"access-control-allow-private-network", b"true"))
    return headers


def response_headers(origin: bytes | None) -> Headers:
    """What lets the page of an allowed origin read a response; without one, that caches must look at Origin."""
    if origin is None:
        return [VARY]
    return [VARY, (b"access-control-allow-origin", origin), (b"access-control-expose-headers", SHOWN)]


def _refusal(who: str) -> PermissionDeniedException:
    return PermissionDeniedException(
        f"{who} may not call: the operator lists the origins whose pages may in WENJU_ALLOWED_ORIGINS "
        "(and, where a proxy ends TLS before the service, the proxy in WENJU_TRUSTED_PROXIES)"
    )
