"""Addresses of clients, hosts and origins, as the settings write them and as requests bring them."""

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from rag.errors import SettingsError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
DEFAULT_PORTS = {"http": 80, "https": 443}
MOST_PORT = 65535
_AUTHORITY = re.compile(
    r"(?:\[(?P<address>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._~%!$&'*+,;=()-]+))(?::(?P<port>[0-9]{1,5}))?"
)  # RFC 3986, section 3.2
_HOST_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_ODD_ADDRESS = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}\.?", re.IGNORECASE)
"""What inet_aton(3) takes for an IPv4 address, though it is not four decimal numbers: 2130706433, 0x7f.1, 127.1."""
_METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254")))
"""Where a cloud's machine is told its secrets, besides the link-local addresses: Aliyun, Oracle, Azure, AWS over IPv6."""
_RESERVED = int(ipaddress.IPv4Address("240.0.0.0"))


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


def check_endpoint(setting: str, url: str) -> None:
    """See that an address which the service will send texts to can be no other server than it seems.

    The operator's word is taken for every machine that serves something; not for what none does, and not for spellings of
    which programs differ in what they mean (OWASP, Server-Side Request Forgery Prevention).

    Args:
        setting: its name, for the message.
    Raises:
        SettingsError: it is none; says why, and shows no password.
    """
    if fault := _endpoint_fault(url):
        raise SettingsError(f"{setting}: {fault}, e.g. http://10.0.0.5:8000/v1")


def _endpoint_fault(url: str) -> str | None:
    """What is wrong with it; None where nothing is."""
    if "@" in url:
        return "a name or password does not belong into an address: a key has a setting of its own"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # a bracket or a port that is none
        return f"{url!r} is not an http(s) address"
    if parts.scheme not in DEFAULT_PORTS or not host or port == 0 or re.search(r"[^\x21-\x7e]|\\", url):
        return f"{url!r} is not an http(s) address"
    if parts.query or parts.fragment or url.endswith(("?", "#")):
        return f"{url!r}: write it without what follows ? or #"
    return _host_fault(host)


def _host_fault(host: str) -> str | None:
    address = parse_address(host)
    if address is None:
        if _ODD_ADDRESS.fullmatch(host):
            return f"{host!r} is an IP address in a spelling that is not taken: write four decimal numbers"
        if not all(_HOST_LABEL.fullmatch(label) for label in host.removesuffix(".").split(".")):
            return f"{host!r} is no name of a host (xn--… where not ASCII)"
        return None
    if address.is_link_local or address.is_multicast or address.is_unspecified or address in _METADATA:
        return f"{host!r} is the address of no server (link-local, multicast, a cloud's metadata, or none)"
    if isinstance(address, ipaddress.IPv4Address) and int(address) >= _RESERVED:
        return f"{host!r} is the address of no server (reserved)"
    return None


def is_loopback_host(host: str) -> bool:
    """Whether the host of a URL, a Host header or a setting is this machine and can be nothing else."""
    name = host.strip().lower().removeprefix("[").removesuffix("]")
    address = parse_address(name)
    return address.is_loopback if address else name == "localhost"


def host_of(authority: str) -> str:
    """The host of "host:port", with neither port nor brackets; "" where it is malformed."""
    match = _AUTHORITY.fullmatch(authority)
    return match["host"] or match["address"] if match and int(match["port"] or 0) <= MOST_PORT else ""


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
