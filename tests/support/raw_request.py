"""Requests written byte by byte, as no well-behaved client would send them, and clients that stand still."""

import http.client
import socket

from api_server import Reply, Service


def send_raw(site: Service, head: bytes, body: bytes = b"", timeout_s: float = 10) -> Reply:
    """Send a request as it is; a Host and the empty line after the head are added.

    Args:
        head: request line and headers, lines ending in CR LF or LF.
    """
    lines = head.replace(b"\r\n", b"\n").strip(b"\n").split(b"\n")
    if not any(line.lower().startswith(b"host:") for line in lines):
        lines.insert(1, f"Host: 127.0.0.1:{site.port}".encode())
    with socket.create_connection(("127.0.0.1", site.port), timeout_s) as connection:
        connection.sendall(b"\r\n".join([*lines, b"Connection: close", b"", b""]) + body)
        return read_reply(connection)


def read_reply(connection: socket.socket) -> Reply:
    """Read one response whole."""
    response = http.client.HTTPResponse(connection)
    try:
        response.begin()
        return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        response.close()
