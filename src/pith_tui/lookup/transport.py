"""One HTTP response: bounded in size, unpacked, and a message for what went wrong.

These are the rules for a single request; which server is asked, and when again, is the client's.
"""

from __future__ import annotations

import contextlib
import email.utils
import re
import socket
import ssl
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import httpx

from pith_tui.lookup.proxies import Proxy
from pith_tui.protocol.strict_json import MAX_SIZE

_RETRIED = frozenset({429, 502, 503, 504})

_LONGEST_PAUSE = 31_536_000.0  # seconds: "in a year" says enough, whatever number was sent

_PROXY_AUTHENTICATION = 407

_CERTIFICATE_FAULTS = {
    9: "it is not valid yet; check the clock here too",
    10: "it has expired; check the clock here too",
    18: "it is self-signed",
    19: "it is signed by an authority that is not known here",
    20: "it is signed by an authority that is not known here",
    21: "the chain to its authority is incomplete",
    62: "it belongs to another host",
    64: "it belongs to another address",
}
"""What OpenSSL found, by its codes: X509_STORE_CTX_get_error(3)."""
_UNKNOWN_ISSUER = frozenset({18, 19, 20, 21})

_TOO_LARGE = f"answered with more than {MAX_SIZE:,} bytes"


class Response(NamedTuple):
    """One response: its status, headers, unpacked body, and the URL that it came from."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class ServerError(Exception):
    """One server could not give a response; the text says why, ``hint`` what can be done here."""

    def __init__(self, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.hint = hint


class RetryError(ServerError):
    """The same, but it may go better in a moment; ``after`` is in seconds, None if not said."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


class AbsentError(Exception):
    """A server answered that it does not have the record."""


async def read_bounded(response: httpx.Response) -> bytes:
    """Read the body as it is sent, giving up where it is larger than any record may be."""
    body = bytearray()
    async for chunk in response.aiter_raw(65536):
        body += chunk
        if len(body) > MAX_SIZE:
            raise ServerError(_TOO_LARGE)
    return bytes(body)


def unpack(headers: Mapping[str, str], raw: bytes) -> bytes:
    """Unpack the gzip of a server that packs unasked, up to the size of a record.

    httpx would unpack a whole chunk at once, and as many layers as a header names: measured, 826
    bytes of two layers took 800 MiB.
    """
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity") or not raw:
        return raw
    if encoding not in ("gzip", "x-gzip"):
        raise ServerError("compressed its response in a way that was not requested")
    unpacker = zlib.decompressobj(wbits=31)  # 31: a gzip header and the largest window
    try:
        body = unpacker.decompress(raw, MAX_SIZE + 1)
    except zlib.error:
        raise ServerError("sent a response that cannot be decompressed") from None
    if len(body) > MAX_SIZE:
        raise ServerError(_TOO_LARGE)
    if not unpacker.eof:
        raise ServerError("broke off its response")
    if unpacker.unused_data:
        raise ServerError("sent further bytes after its compressed response")
    return body


def accept(response: Response, *, conditional: bool) -> Response:
    """Let through what is a response; a 304 is one only to a request that sent an ETag."""
    if response.status == 200 or (response.status == 304 and conditional):
        return response
    if response.status in (404, 410):
        raise AbsentError
    why = f"answered {response.status}"
    if response.status in _RETRIED:
        raise RetryError(why, _retry_after(response.headers.get("retry-after")))
    raise ServerError(why)


def retry_message(error: RetryError) -> str:
    """Describe what went wrong, and when the server allows another request."""
    if error.after is None:
        return str(error)
    return f"{error}; it asks to be tried again in {error.after:.0f} seconds"


def _retry_after(value: str | None) -> float | None:
    """Read Retry-After, seconds or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value), _LONGEST_PAUSE)
    with contextlib.suppress(ValueError, TypeError):
        then = email.utils.parsedate_to_datetime(value)
        seconds = (then - datetime.now(UTC)).total_seconds()
        return min(max(seconds, 0.0), _LONGEST_PAUSE)
    return None


def connection_error(error: Exception) -> ServerError:
    """Return the error for what kept a server from answering."""
    failed = _failed_to_connect(error)
    if failed is not None:
        return failed
    if isinstance(error, httpx.InvalidURL | ValueError):
        return ServerError("answered with a URL or header that cannot be read")
    if isinstance(error, httpx.ConnectTimeout | httpx.ReadTimeout):
        return RetryError("does not answer")
    if isinstance(error, httpx.ConnectError):
        return RetryError("cannot be reached")
    # One type stands for a response that ends early and for one that is no HTTP; the text decides.
    early = re.search("closed|disconnected", str(error))
    if isinstance(error, httpx.ReadError) or (
        isinstance(error, httpx.RemoteProtocolError) and early
    ):
        return RetryError("broke off its response")
    return ServerError("sent a response that cannot be read")


def proxy_error(error: Exception, proxy: Proxy, status: int | None) -> ServerError:
    """Return what kept a proxy from leading to a server; ``status`` is its response, if any.

    It is asked again only where it says that the server may come back: else a person must look.
    """
    if status in _RETRIED:
        return RetryError(f"{proxy_prefix(proxy)} answered {status}")
    hint = f"correct or unset {proxy.variable}, or use --offline for what is stored"
    failed = _failed_to_connect(error)
    if failed is not None:
        why = str(failed)
    elif status == _PROXY_AUTHENTICATION:
        why = f"asks for a user name and a password ({status})"
        hint = f"set {proxy.variable} to SCHEME://USER:PASSWORD@HOST:PORT"
    elif status is not None:
        why = f"answered {status}"
    elif isinstance(error, httpx.TimeoutException):
        why = "does not answer"
    elif isinstance(error, httpx.ProxyError):
        why = "did not make the connection"
    else:
        why = "broke off the connection"
    return ServerError(f"{proxy_prefix(proxy)} {why}", hint)


def proxy_prefix(proxy: Proxy) -> str:
    """Return how a remark on a server begins that is about the proxy before it."""
    return f"is asked through the proxy {proxy.name}, which"


def _failed_to_connect(error: Exception) -> ServerError | None:
    """Return what the system or TLS says of a connection; None where neither says anything."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate_error(cause.verify_code)
        if isinstance(cause, ssl.SSLError):
            return ServerError("does not speak TLS correctly")
        # A name that no look-up can even ask for is refused by Python's own encoding.
        if isinstance(cause, socket.gaierror | UnicodeError):
            return RetryError("cannot be reached: its name cannot be looked up")
        if isinstance(cause, ConnectionRefusedError):
            return RetryError("cannot be reached: it refused the connection")
    return None


def _certificate_error(code: int) -> ServerError:
    why = _CERTIFICATE_FAULTS.get(code, f"OpenSSL's code {code}")
    hint = ""
    if code in _UNKNOWN_ISSUER:
        hint = "if your organisation signs certificates, name its own with --ca-file or `ca_file`"
    return ServerError(f"has a certificate that is not trusted: {why}", hint)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Return an error and all that led to it; several addresses tried come as a group of errors."""
    yield error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for cause in (error.__cause__ or error.__context__, *inner):
        if cause is not None:
            yield from _causes(cause)
