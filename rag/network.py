"""Addresses of clients, hosts and origins, as the settings write them and as requests bring them."""

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from rag.errors import SettingsError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")


def parse_address(text: str) -> Address | None:
    """Return the IP address that the text is, or None.

    An IPv4 address written as IPv6 (::ffff:10.0.0.1, as a socket for both shows it) is the IPv4 address.
    """
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def parse_forwarded_address(text: str) -> Address | None:
    """Return the address of one item of X-Forwarded-For, which some proxies write with a port, or None."""
    text = text.strip()
    if text.startswith("["):
        return parse_address(text[1:].partition("]")[0])
    return parse_address(text.partition(":")[0] if text.count(":") == 1 else text)


def parse_networks(entries: Sequence[str]) -> tuple[Network, ...]:
    """Read WENJU_TRUSTED_PROXIES: addresses or networks.

    Raises:
        SettingsError: one is neither.
    """
    networks: list[Network] = []
    for entry in entries:
        try:
            networks.append(ipaddress.ip_network(entry))
        except ValueError as error:
            raise SettingsError(
                f"WENJU_TRUSTED_PROXIES: {entry!r} is no address and no network: write 10.0.0.5 or 10.0.0.0/24"
            ) from error
    return tuple(networks)


def is_loopback_host(host: str) -> bool:
    """Whether the host of a URL, a Host header or a setting is this machine and can be nothing else."""
    name = host.strip().lower().removeprefix("[").removesuffix("]")
    address = parse_address(name)
    return address.is_loopback if address else name == "localhost"


def host_of(authority: str) -> str:
    """The host of "host:port", with neither port nor brackets; "" where it is malformed."""
    match = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:@/\\?#\[\]]+))(?::\d{1,5})?", authority)
    return (match.group(1) or match.group(2)) if match else ""


def check_origin(text: str) -> None:
    """See that an allowed origin is written as browsers send it: they are compared as text.

    Raises:
        SettingsError: it is not; says how to write it, where that is clear.
    """
    where = f"WENJU_ALLOWED_ORIGINS: {text!r}"
    example = "write scheme://host or scheme://host:port, e.g. http://oa.example.gov.cn"
    if "*" in text:
        raise SettingsError(f"{where}: an origin is exact, there are no wildcards: name each")
    try:
        parts = urlsplit(text)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError as error:
        raise SettingsError(f"{where} is no origin: {example}") from error
    if scheme not in DEFAULT_PORTS or not host or parts.username is not None or parts.query or parts.fragment:
        raise SettingsError(f"{where} is no origin of a web page: {example}")
    sent = _as_sent(scheme, host, port)
    if sent is None:
        raise SettingsError(f"{where}: its host is no name or address as browsers send it (xn--… where not ASCII)")
    if text != sent:
        raise SettingsError(f"{where} is not how browsers write it: write {sent}")


def _as_sent(scheme: str, host: str, port: int | None) -> str | None:
    """The origin as browsers serialise it: lower case, no default port, no path (RFC 6454, section 6.2)."""
    address = parse_address(host)
    if address is None and not all(_HOST_LABEL.fullmatch(label) for label in host.split(".")):
        return None
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" if port in {None, DEFAULT_PORTS[scheme]} else f"{scheme}://{name}:{port}"
