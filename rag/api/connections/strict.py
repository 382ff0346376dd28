"""h11's reading of requests, with what it reads leniently refused.

Where a proxy stands before the service, the two must agree where a request ends: else what is one request to the one is two
to the other, and the second has passed none of the proxy's checks (request smuggling). RFC 9112 leaves a server the choice to
refuse all of this, and no client in use sends it.
"""

import re

import h11

_HEAD_ENDS = re.compile(rb"\n\r?\n")
_NO_HEAD = re.compile(rb"(?<!\r)\n|\r(?!\n)|\n[ \t]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""A line that ends in LF alone, a CR alone, a line that goes on with the next (obs-fold), another control character."""
VERSIONS = (b"1.0", b"1.1")


class StrictConnection(h11.Connection):
    """A server's side of a connection that takes nothing for a request which another reader may read otherwise."""

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """Return the next event.

        Raises:
            RemoteProtocolError: what came is no request; nothing that follows on this connection is one either.
        """
        if self.their_state is h11.IDLE:
            self._check_head()
        event = super().next_event()
        if isinstance(event, h11.Request):
            _check_request(event)
        elif isinstance(event, h11.EndOfMessage) and list(event.headers):
            raise h11.RemoteProtocolError("a request has no trailers here")
        return event

    def _check_head(self) -> None:
        data, _is_closed = self.trailing_data
        end = _HEAD_ENDS.search(data)
        if end and _NO_HEAD.search(data, 0, end.end()):
            raise h11.RemoteProtocolError("lines end in CR LF, none is folded, none has control characters")


def _check_request(request: h11.Request) -> None:
    names = [name for name, _value in request.headers]
    if request.http_version not in VERSIONS:
        raise h11.RemoteProtocolError("HTTP is 1.0 or 1.1 here", error_status_hint=505)
    if b"transfer-encoding" in names and (b"content-length" in names or request.http_version != b"1.1"):
        raise h11.RemoteProtocolError("a length is given once: by Content-Length, or in HTTP/1.1 by chunks")
