"""Messages → completion stream, from any OpenAI-compatible server; with transport.py and response.py the only importer of httpx.

Every failure becomes a ChatModelError whose reason the answer can carry. Tries again once, before the first token only.
"""

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from types import TracebackType
from typing import Self

import anyio
import anyio.lowlevel
import httpx

from rag.errors import ChatModelError, SettingsError
from rag.llm.dialects import excerpt, reason_of
from rag.llm.request import refused_parameters, request_body
from rag.llm.response import END_GRACE_S, Deadlines, Reply, TransientError, body_text
from rag.llm.retries import BACKOFF_S, RETRIED_STATUSES, RetryBudget, retry_after_s, retry_pause_s
from rag.llm.transport import LeanTransport
from rag.records import Message, Usage

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Session:
    """The connections of one completion."""

    client: httpx.AsyncClient
    owned: bool
    responses: list[httpx.Response] = field(default_factory=list)

    async def aclose(self) -> None:
        for response in self.responses:
            with contextlib.suppress(httpx.HTTPError, OSError):
                await response.aclose()
        if self.owned:
            await self.client.aclose()


class OpenAIChatModel:
    """A model behind `POST {base_url}/chat/completions`.

    Args:
        base_url: from the settings, never from a request; used as it is, with or without /v1.
        api_key: sent as a bearer token; "" sends a dummy, which Ollama and others want.
        model: its name at the server.
        connect_timeout_s, first_token_timeout_s, idle_timeout_s, total_timeout_s: how long to wait for a connection
            (each try), for the first token (all tries and pauses together), for each next one (comments and
            keep-alives do not count, thoughts do), and in all.
        end_grace_s: how long to wait, after the model has said that it stopped, for what may follow.
        backoff_s: the pause before a retry where the server names none.
        client: used for every request and left open; by default each completion has a client of its own.

    Raises:
        SettingsError: base_url is no http(s) address, or api_key cannot be sent in a header.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        model: str,
        *,
        connect_timeout_s: float = 3,
        first_token_timeout_s: float = 30,
        idle_timeout_s: float = 20,
        total_timeout_s: float = 120,
        end_grace_s: float = END_GRACE_S,
        backoff_s: float = BACKOFF_S,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        self.name = model
        self.first_token_timeout_s = first_token_timeout_s
        self.total_timeout_s = total_timeout_s
        self._base_url, self._host = _checked_url(base_url)
        self._secret = api_key.strip()
        if not re.fullmatch(r"[\x21-\x7e]*", self._secret):
            raise SettingsError("OPENAI_API_KEY has characters that no HTTP header may carry: copy it again")
        self._waits = (first_token_timeout_s, idle_timeout_s, total_timeout_s, end_grace_s)
        self._backoff_s = backoff_s
        self._connect_timeout_s = connect_timeout_s
        self._client = client
        # once, and only where it is used: reading the certificates takes 30 ms, all else about a client 0.3 ms
        secure = self._base_url.startswith("https:")
        self._tls = httpx.create_ssl_context(trust_env=False) if secure else None
        self._refused: frozenset[str] = frozenset()
        self._retries = RetryBudget()
        self._closing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Wait until the connections of all closed streams are closed."""
        if self._closing:
            await asyncio.wait(self._closing)

    async def stream(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str | Usage, None]:
        """Yield the answer's text in pieces, then one Usage if the server sent one.

        Leaving early closes the connection, if the generator is closed: use `contextlib.aclosing`.

        Raises:
            ChatModelError: no completion, or, after its pieces, an incomplete one.
        """
        deadlines = Deadlines(*self._waits)
        session = self._open()
        try:
            reply = await self._begin(session, messages, max_tokens, deadlines, self._retries)
            while True:
                yielded_at = monotonic()
                for piece in reply.take():
                    yield piece
                deadlines.extend(monotonic() - yielded_at)
                if reply.ended:
                    break
                await reply.read()
            if reply.failure:
                raise reply.failure
            if reply.reader.finish_reason == "length":
                logger.warning("LLM %s: the completion was cut at %d tokens", self.name, max_tokens)
            if reply.reader.usage:
                yield reply.reader.usage
        finally:
            await self._close(session)

    async def probe(self) -> str:
        """Return in one line how the server answers, for `wenju doctor`.

        Raises:
            ChatModelError: neither its list of models nor a completion of one token can be had.
        """
        deadlines = Deadlines(*self._waits)
        session = self._open()
        try:
            names = await self._model_names(session, deadlines)
            if self.name in names:
                return f"{self._host} offers {self.name}"
            await self._ask_for_token(session, deadlines)
            listed = f", though it lists only {excerpt(', '.join(names[:5]), self._secret)}" if names else ""
            return f"{self._host} answers as {self.name}{listed}"
        finally:
            await self._close(session)

    async def ask_for_token(self) -> None:
        """Ask for one token, once.

        Raises:
            ChatModelError: the model has not begun a completion.
        """
        session = self._open()
        try:
            await self._ask_for_token(session, Deadlines(*self._waits))
        finally:
            await self._close(session)

    async def _ask_for_token(self, session: _Session, deadlines: Deadlines) -> None:
        reply = await self._begin(session, [Message("user", "1")], 1, deadlines)
        if reply.failure and not reply.has_begun:  # one token may be white space or a thought: good enough here
            raise reply.failure

    async def _begin(
        self,
        session: _Session,
        messages: Sequence[Message],
        max_tokens: int,
        deadlines: Deadlines,
        retries: RetryBudget | None = None,
    ) -> Reply:
        """Return a reply that has begun.

        Args:
            retries: whether it may be asked for again; None: it may not.
        """
        refused = self._refused
        is_retried = False
        if retries:
            retries.request_began()
        while True:
            body = request_body(self.name, messages, max_tokens, refused)
            try:
                response = await self._send(session, deadlines, "chat/completions", body)
                if not response.is_success:
                    said = await body_text(response, deadlines)
                    if response.status_code in (400, 422) and (named := refused_parameters(said, body)):
                        refused |= named  # each of them once at most, so this ends
                        continue
                    raise self._status_error(response, said)
                reply = Reply(response, deadlines, self._secret)
                while not reply.has_begun and not reply.ended:
                    await reply.read()
                self._refused = refused  # only now: a 400 may name a parameter and mean its value
                return reply
            except TransientError as failure:
                pause_s = retry_pause_s(failure.error.retry_after_s, self._backoff_s)
                if is_retried or pause_s >= deadlines.remaining_s() or not (retries and retries.take()):
                    raise failure.error from failure
                is_retried = True
                logger.warning("LLM %s: %s; trying again in %.1f s", self.name, failure, pause_s)
                await anyio.sleep(pause_s)

    async def _send(
        self, session: _Session, deadlines: Deadlines, path: str, body: Mapping[str, object] | None = None
    ) -> httpx.Response:
        """Return the response to a POST of `body`, or to a GET without one; its body is not read yet."""
        headers = {"Authorization": f"Bearer {self._secret or 'none'}", "Accept-Encoding": "identity"}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")  # PDFs yield lone surrogates
        method = "GET" if body is None else "POST"
        # Deadlines waits for all but the connection: to httpx a keep-alive comment is as good as a token. A cancelled TLS
        # handshake leaves its socket to the garbage collector (httpcore 1.0.9, start_tls), so httpx must be first there
        timeout = httpx.Timeout(None, connect=min(self._connect_timeout_s, 0.9 * deadlines.remaining_s()))
        request = session.client.build_request(
            method, f"{self._base_url}/{path}", headers=headers, content=content, timeout=timeout
        )
        try:
            with anyio.fail_after(deadlines.remaining_s()):
                response = await session.client.send(request, stream=True, follow_redirects=False)
        except TimeoutError as error:
            raise ChatModelError("timeout", f"{self._host} did not reply in time") from error
        except (httpx.TransportError, OSError, UnicodeError) as error:  # the last: a host name that cannot be, a..b
            what = f"{self._host} cannot be reached: {excerpt(str(error), self._secret) or type(error).__name__}"
            raise TransientError(ChatModelError("unreachable", what)) from error
        except httpx.HTTPError as error:
            raise ChatModelError("bad_reply", f"{self._host}: {type(error).__name__}") from error
        session.responses.append(response)
        return response

    def _status_error(self, response: httpx.Response, said: str) -> Exception:
        """Return what a status other than 2xx means."""
        status = response.status_code
        reason = reason_of(status)
        if reason == "unauthorised":  # no excerpt: such replies like to repeat the key
            return ChatModelError(reason, f"{self._host} refuses the API key ({status}): check OPENAI_API_KEY")
        if response.has_redirect_location:
            return ChatModelError(reason, f"{self._host} redirects ({status}): set OPENAI_BASE_URL to where it leads")
        wait_s = retry_after_s(response.headers.get("Retry-After"))
        words = f"{self._host} replies {status}: {excerpt(said, self._secret)}"
        error = ChatModelError(reason, words, retry_after_s=wait_s)
        return TransientError(error) if status in RETRIED_STATUSES else error

    async def _model_names(self, session: _Session, deadlines: Deadlines) -> list[str]:
        """Return the names under GET /models, [] where there is no such list."""
        try:
            response = await self._send(session, deadlines, "models")
            listed = json.loads(await body_text(response, deadlines)) if response.is_success else {}
            return [str(model["id"]) for model in listed["data"]]
        except (TransientError, ValueError, KeyError, TypeError, RecursionError):
            return []

    def _open(self) -> _Session:
        """Return a session for one completion.

        httpx 0.28 loses a pool's slot when a second cancellation arrives while it closes a cancelled stream
        (encode/httpx#3782): after enough of them every request waits for ever. A pool of its own has none to lose, and
        beside a completion a connection costs nothing.
        """
        if self._client is not None:
            return _Session(self._client, owned=False)
        transport = (
            LeanTransport() if self._tls is None else httpx.AsyncHTTPTransport(verify=self._tls, trust_env=False)
        )
        return _Session(httpx.AsyncClient(transport=transport, trust_env=False), owned=True)

    async def _close(self, session: _Session) -> None:
        """Close the connections in a task of its own, so that they close even if this one is cancelled again.

        Measured: without it, a caller cancelled twice between two pieces left sockets open.
        """
        task = asyncio.create_task(session.aclose())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        await asyncio.shield(task)


def _checked_url(base_url: str) -> tuple[str, str]:
    """Return the address without its last slash, and its host and port for messages."""
    try:
        url = httpx.URL(base_url.strip())
    except httpx.InvalidURL as error:
        raise SettingsError("OPENAI_BASE_URL is no address: expected http(s)://host[:port]/path") from error
    known = url.scheme in ("http", "https") and url.host and (url.port or 0) < 2**16
    if not known or url.userinfo or url.query or url.fragment:
        raise SettingsError("OPENAI_BASE_URL must be http(s)://host[:port]/path, without user:password@ and ?query")
    return str(url).rstrip("/"), url.netloc.decode("ascii")
