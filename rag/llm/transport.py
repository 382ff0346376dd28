"""Bytes to and from an LLM's server without TLS, as cheaply as asyncio can: httpx's own way costs half as much again.

httpcore 1.0 opens a cancel scope for every read, and anyio stops and starts to listen around it. With two hundred streams
of twenty tokens a second that is a quarter of a processor core. The only importer of httpcore, the part of httpx that
connects; both are used by their public interfaces only.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from time import monotonic
from typing import Any

import httpcore
import httpx

_ERRORS: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.ReadTimeout, httpx.ReadTimeout),
    (httpcore.WriteTimeout, httpx.WriteTimeout),
    (httpcore.PoolTimeout, httpx.PoolTimeout),
    (httpcore.TimeoutException, httpx.TimeoutException),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.ReadError, httpx.ReadError),
    (httpcore.WriteError, httpx.WriteError),
    (httpcore.NetworkError, httpx.NetworkError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.RemoteProtocolError, httpx.RemoteProtocolError),
    (httpcore.ProtocolError, httpx.ProtocolError),
)
"""httpcore's error → httpx's; the first that fits, so that the more exact ones come first."""


READ_BYTES = 1 << 14
"""Read at once: what is made of it, chunks of a completion or a thousand heads of 1xx, takes some milliseconds."""
TURN_S = 0.002


class LeanStream(httpcore.AsyncNetworkStream):
    """One connection, by asyncio's own streams."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._read_at = monotonic()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come, b"" at the end; after a turn of the event loop where what came last took its reader long.

        What has come already is read without a turn: a server that sends without end would have the loop to itself.
        """
        if monotonic() - self._read_at > TURN_S:
            await asyncio.sleep(0)
        try:
            async with asyncio.timeout(timeout) if timeout is not None else nullcontext():
                return await self._reader.read(min(max_bytes, READ_BYTES))
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error
        finally:
            self._read_at = monotonic()

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


class LeanTransport(httpx.AsyncBaseTransport):
    """httpcore's connections over LeanBackend as httpx asks for them; for addresses without TLS, without proxies."""

    def __init__(self) -> None:
        self._connections = httpcore.AsyncConnectionPool(network_backend=LeanBackend())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response to a request; its body is not read yet.

        Raises:
            httpx.TransportError: there is no connection, or it broke.
        """
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        sent = httpcore.Request(
            request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        with _httpx_errors():
            reply = await self._connections.handle_async_request(sent)
        return httpx.Response(
            reply.status, headers=reply.headers, stream=_Body(reply), extensions=dict(reply.extensions)
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connections.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of a reply as it comes; closing it gives its connection back."""

    def __init__(self, reply: httpcore.Response) -> None:
        self._reply = reply

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _httpx_errors():
            async for data in self._reply.aiter_stream():
                yield data

    async def aclose(self) -> None:
        await self._reply.aclose()


@contextmanager
def _httpx_errors() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        known = next((ours for theirs, ours in _ERRORS if isinstance(error, theirs)), None)
        if known is None:
            raise
        raise known(str(error)) from error
