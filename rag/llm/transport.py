"""Bytes to and from an LLM's server without TLS, as cheaply as asyncio can: httpx's own way costs a third of a token.

httpcore 1.0 opens a cancel scope for every read, and anyio stops and starts to listen around it. With two hundred streams
of twenty tokens a second that is a quarter of a processor core. Door to httpcore, the part of httpx that connects.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx


class LeanStream(httpcore.AsyncNetworkStream):
    """One connection, by asyncio's own streams."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come, b"" at the end."""
        try:
            if timeout is None:
                return await self._reader.read(max_bytes)
            async with asyncio.timeout(timeout):
                return await self._reader.read(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        try:
            async with asyncio.timeout(timeout):
                self._writer.write(buffer)
                await self._writer.drain()
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        """Close at once, after what the kernel takes without waiting."""
        self._writer.close()
        await asyncio.sleep(0)
        self._writer.transport.abort()

    def get_extra_info(self, info: str) -> Any:
        """Whether an idle connection is over, and what asyncio knows."""
        if info == "is_readable":  # nothing is to come on an idle one, so this is its end
            return self._reader.at_eof() or self._reader.exception() is not None
        return self._writer.get_extra_info({"client_addr": "sockname", "server_addr": "peername"}.get(info, info))


class LeanBackend(httpcore.AsyncNetworkBackend):
    """Connects by asyncio, without TLS."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a connection to the host."""
        local = (local_address, 0) if local_address else None
        try:
            async with asyncio.timeout(timeout):
                reader, writer = await asyncio.open_connection(host, port, local_addr=local)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        for option in socket_options or ():
            writer.get_extra_info("socket").setsockopt(*option)
        return LeanStream(reader, writer)

    async def sleep(self, seconds: float) -> None:
        """Pause between two tries to connect."""
        await asyncio.sleep(seconds)


class LeanTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over LeanBackend, for addresses without TLS; without proxies of the environment."""

    def __init__(self) -> None:
        super().__init__(verify=False, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(network_backend=LeanBackend())
