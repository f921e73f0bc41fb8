"""The servers: the only module that speaks HTTP.

Servers need not be trusted, since the key is pinned; so all that matters here is that an answer is
bounded in time and size, comes from the host that was asked, and is handed on byte for byte.
"""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import json
import random
import re
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import httpx

from pith_tui import __version__
from pith_tui.errors import NotARecordError, NotFoundError, UnreachableError, UsageError
from pith_tui.protocol.identifiers import Identifier, IdentifierError, Kind, parse_identifier
from pith_tui.protocol.strict_json import MAX_SIZE
from pith_tui.user.servers import check_server, is_loopback

_USER_AGENT = f"pith-tui/{__version__} (terminal browser for Pith Number records)"
_RETRIED = frozenset({429, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRIES = 3
_MAX_REDIRECTS = 5
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 31_536_000.0  # seconds: "in a year" says enough, whatever number was sent
_RECORD_PATH = re.compile(r".*/pith/[A-Z2-7]+\.json\Z")
_MAX_ETAG = 1024
_LONGEST_NUMBER = 65536
"""Bytes of an answer that can hold a number alone; a longer one is taken for a record."""
_BOM = b"\xef\xbb\xbf"
_TOO_LARGE = f"answered with more than {MAX_SIZE:,} bytes"

Notice = Callable[[str], None]


class ServerResponse(NamedTuple):
    """A record as a server sent it, byte for byte."""

    raw: bytes
    url: str
    etag: str | None


class Unchanged(NamedTuple):
    """A server's word (304) that the record with the ETag sent is still the one it has."""

    url: str
    raw: None = None
    etag: None = None


class _Response(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class _Attempt(NamedTuple):
    """One server being asked on behalf of one fetch; ``until`` is a time of the event loop.

    ``etag`` is that of the stored bytes where they came from this server, else None.
    """

    server: str
    etag: str | None
    notice: Notice
    until: float


class _ServerError(Exception):
    """One server could not give an answer; the text says why."""


class _RetryError(_ServerError):
    """The same, but it may go better in a moment; ``after`` is in seconds, None if not said."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


class _AbsentError(Exception):
    """A server answered that it does not have the record."""


class RegistryClient:
    """A client of the servers, asked in their order; ``deadline`` is in seconds for all of it.

    ``before_request`` is awaited before each request: whoever fetches many sets the pace by it.
    """

    def __init__(
        self,
        servers: Sequence[str],
        *,
        deadline: float = 20.0,
        verify: ssl.SSLContext | bool = True,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        if not servers:
            raise UsageError("there is no server to ask", "name one with --server")
        self._servers = [check_server(server) for server in servers]
        self._deadline = deadline
        self._verify = verify
        self._sleep = sleep
        self._jitter = jitter
        self._clients: dict[bool, httpx.AsyncClient] = {}
        self.before_request: Callable[[], Awaitable[None]] | None = None

    async def fetch(
        self,
        identifier: Identifier,
        *,
        known: tuple[str, str] | None = None,
        is_enough: Callable[[ServerResponse | Unchanged], bool] = lambda _: True,
        notice: Notice = lambda _: None,
    ) -> list[ServerResponse | Unchanged]:
        """Fetch the record that an identifier names, from each server until an answer is enough.

        ``known`` is the URL and the ETag of stored bytes: the server that they came from may
        answer that nothing changed.  Raises NotFoundError where every server says it has no such
        record, UnreachableError where none sent one and one could not say.  ``is_enough`` raises
        NotARecordError for an answer that is none.
        """
        troubles: list[str] = []
        answers: list[ServerResponse | Unchanged] = []
        waiting = list(self._servers)
        until = asyncio.get_running_loop().time() + self._deadline
        try:
            async with asyncio.timeout_at(until):
                while waiting:
                    attempt = _Attempt(waiting[0], _etag_for(waiting[0], known), notice, until)
                    try:
                        answer = await self._ask(attempt, identifier)
                        enough = is_enough(answer)
                        answers.append(answer)
                        if enough:
                            return answers
                    except _AbsentError:
                        pass
                    except (_ServerError, NotARecordError) as error:
                        troubles.append(f"{attempt.server} {_trouble(error)}")
                        if len(waiting) > 1:
                            notice(f"{troubles[-1]}; asking the next one")
                    del waiting[0]
        except TimeoutError:
            late, *unasked = waiting
            troubles.append(f"{late} gave no answer within {self._deadline:g} seconds")
            troubles += [f"{server} could not be asked in that time" for server in unasked]
        if answers:
            return answers
        if troubles:
            raise UnreachableError(
                f"{identifier.text} could not be fetched: {'; '.join(troubles)}",
                "try again later, or use --offline for what is stored",
            )
        verb = "has" if len(self._servers) == 1 else "have"
        hint = "check the id; papers get a Pith Number some time after they appear"
        if not (identifier.kind is Kind.PITH and identifier.is_full):
            hint += "; a static mirror knows records by their full Pith Number alone"
        raise NotFoundError(
            f"{' and '.join(self._servers)} {verb} no record of {identifier.text}", hint
        )

    async def aclose(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()

    async def _ask(self, attempt: _Attempt, identifier: Identifier) -> ServerResponse | Unchanged:
        if identifier.kind is Kind.PITH:
            return await self._record(attempt, identifier.value)
        name = "doi" if identifier.arxiv is None else "arxiv"
        value = identifier.value if identifier.arxiv is None else _arxiv_text(identifier)
        params = {name: value, "json": "true"}
        url = httpx.URL(f"{attempt.server}/api/pith-number/resolve", params=params)
        response = await self._get(attempt, str(url))
        if response.status == 304:
            return Unchanged(response.url)
        resolved = _resolved(response)
        if resolved is None:
            return ServerResponse(response.body, response.url, _etag_of(response))
        return await self._record(attempt, resolved)

    async def _record(self, attempt: _Attempt, suffix: str) -> ServerResponse | Unchanged:
        response = await self._get(attempt, f"{attempt.server}/pith/{suffix}.json")
        if response.status == 304:
            return Unchanged(response.url)
        _refuse_no_object(response)
        return ServerResponse(response.body, response.url, _etag_of(response))

    async def _get(self, attempt: _Attempt, url: str) -> _Response:
        """Get a URL, trying again where that may help, as often and as late as is polite."""
        for pause in self._pauses():
            try:
                return await self._follow(attempt, url)
            except _RetryError as error:
                if pause is None:
                    raise _ServerError(_retry_message(error)) from None
                pause = max(error.after or 0.0, pause)
                # Waiting past the deadline helps nobody, and another server may have it.
                if pause > attempt.until - asyncio.get_running_loop().time():
                    raise _ServerError(_retry_message(error)) from None
                attempt.notice(f"{attempt.server} {error}; trying again in {pause:.1f} s")
                await self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _pauses(self) -> Iterator[float | None]:
        """Return the seconds to wait after each try that fails, None after the last one."""
        for retry in range(_TRIES - 1):
            yield _FIRST_PAUSE * 2**retry * (0.5 + self._jitter())
        yield None

    async def _follow(self, attempt: _Attempt, url: str) -> _Response:
        """Follow redirects by hand: never to another host, never to a weaker scheme."""
        origin = httpx.URL(attempt.server)
        for _ in range(_MAX_REDIRECTS + 1):
            # The ETag is a record's: what resolves an id may answer with its number alone.
            etag = attempt.etag if _RECORD_PATH.match(httpx.URL(url).path) else None
            response = await self._send(url, etag)
            if response.status not in _REDIRECTS:
                return _accepted(response, conditional=etag is not None)
            target = httpx.URL(url).join(response.headers.get("location", ""))
            same = (target.scheme, target.host, target.port) == (
                origin.scheme,
                origin.host,
                origin.port,
            )
            if target.userinfo:
                raise _ServerError("sends us to an address with a user name in it")
            if not same:
                raise _ServerError("sends us to another server, which was not asked for")
            url = str(_as_json(target))
        raise _ServerError("sends us in circles")

    async def _send(self, url: str, etag: str | None) -> _Response:
        headers = {
            "Accept": "application/json, application/ld+json;q=0.9",
            # A record is a few kilobytes; what need not be unpacked cannot be a bomb.
            "Accept-Encoding": "identity",
        }
        if etag is not None:
            headers["If-None-Match"] = etag
        if self.before_request is not None:
            await self.before_request()
        client = self._client(url)
        try:
            async with client.stream("GET", url, headers=headers) as response:
                body = _unpacked(response.headers, await _bounded(response))
                return _Response(response.status_code, response.headers, body, url)
        except httpx.HTTPError as error:
            raise _connection_error(error) from None
        except (httpx.InvalidURL, ValueError):
            raise _ServerError("answered with a URL or header that cannot be read") from None

    def _client(self, url: str) -> httpx.AsyncClient:
        # A proxy must not see what is asked of this very machine, nor could it answer.
        local = is_loopback(httpx.URL(url).host) or httpx.URL(url).host == "::1"
        if local not in self._clients:
            self._clients[local] = httpx.AsyncClient(
                verify=self._verify,
                trust_env=not local,
                follow_redirects=False,
                timeout=httpx.Timeout(self._deadline),
                headers={"User-Agent": _USER_AGENT},
            )
        return self._clients[local]


def _etag_for(server: str, known: tuple[str, str] | None) -> str | None:
    """Return the ETag of the stored bytes, if they came from this server."""
    if known is None or not known[0].startswith(f"{server}/"):
        return None
    return known[1] if _is_sound_etag(known[1]) else None


def _etag_of(response: _Response) -> str | None:
    etag = response.headers.get("etag")
    return etag if etag is not None and _is_sound_etag(etag) else None


def _is_sound_etag(etag: str) -> bool:
    """Return whether an ETag can be sent back: visible ASCII, and no longer than is decent."""
    return 0 < len(etag) <= _MAX_ETAG and all("!" <= character <= "~" for character in etag)


def _trouble(error: _ServerError | NotARecordError) -> str:
    if isinstance(error, NotARecordError):
        return f"sent no record ({error})"
    return str(error)


async def _bounded(response: httpx.Response) -> bytes:
    """Read the body as it is sent, giving up where it is larger than any record may be."""
    body = bytearray()
    async for chunk in response.aiter_raw(65536):
        body += chunk
        if len(body) > MAX_SIZE:
            raise _ServerError(_TOO_LARGE)
    return bytes(body)


def _unpacked(headers: Mapping[str, str], raw: bytes) -> bytes:
    """Unpack the gzip of a server that packs unasked, up to the size of a record.

    httpx would unpack a whole chunk at once, and as many layers as a header names: measured, 826
    bytes of two layers took 800 MiB.
    """
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity") or not raw:
        return raw
    if encoding not in ("gzip", "x-gzip"):
        raise _ServerError("packed its answer in a way that was not asked for")
    unpacker = zlib.decompressobj(wbits=31)  # 31: a gzip header and the largest window
    try:
        body = unpacker.decompress(raw, MAX_SIZE + 1)
    except zlib.error:
        raise _ServerError("gave an answer that cannot be unpacked") from None
    if len(body) > MAX_SIZE:
        raise _ServerError(_TOO_LARGE)
    if not unpacker.eof:
        raise _ServerError("broke off its answer")
    if unpacker.unused_data:
        raise _ServerError("sent further bytes behind its packed answer")
    return body


def _accepted(response: _Response, *, conditional: bool) -> _Response:
    """Let through what is an answer; a 304 is one only to a request that sent an ETag."""
    if response.status == 200 or (response.status == 304 and conditional):
        return response
    if response.status in (404, 410):
        raise _AbsentError
    why = f"answered {response.status}"
    if response.status in _RETRIED:
        raise _RetryError(why, _retry_after(response.headers.get("retry-after")))
    raise _ServerError(why)


def _retry_message(error: _RetryError) -> str:
    if error.after is None:
        return str(error)
    return f"{error}; it asks to come back in {error.after:.0f} seconds"


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


def _resolved(response: _Response) -> str | None:
    """Read the resolve endpoint's answer, whose form is unknown (docs/protocol.md, Endpoints).

    Gives the suffix of a Pith Number to fetch, or None where the answer is the record itself.
    """
    body = response.body
    if len(body) > _LONGEST_NUMBER or b'"canonical_record"' in body or b'"record_type"' in body:
        _refuse_no_object(response)
        return None
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    number = value.get("pith_number") if isinstance(value, dict) else None
    if not isinstance(number, str):
        _refuse_no_object(response)
        raise _ServerError("sent no record")
    try:
        named = parse_identifier(number)
    except IdentifierError:
        raise _ServerError("resolved the id to something that is no number") from None
    if named.kind is not Kind.PITH:
        raise _ServerError("resolved the id to something that is no number")
    return named.value


def _refuse_no_object(response: _Response) -> None:
    """Refuse what does not even begin as a record: a page for people is the likely one."""
    if response.body.removeprefix(_BOM).lstrip()[:1] == b"{":
        return
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_page = kind in ("text/html", "application/xhtml+xml")
    raise _ServerError("sent no record but a web page" if is_page else "sent no record")


def _as_json(target: httpx.URL) -> httpx.URL:
    """Ask for the record (``/pith/X.json``) where a redirect leads to its page (``/pith/X``)."""
    path = target.path
    if "/pith/" in path and "." not in path.rpartition("/")[2]:
        return target.copy_with(path=f"{path.rstrip('/')}.json")
    return target


def _arxiv_text(identifier: Identifier) -> str:
    version = "" if identifier.version is None else f"v{identifier.version}"
    return f"{identifier.arxiv}{version}"


def _connection_error(error: httpx.HTTPError) -> _ServerError:
    """Say in plain words what kept a server from answering."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _ServerError(f"has a certificate that is not trusted ({cause.verify_message})")
        if isinstance(cause, ssl.SSLError):
            return _ServerError("does not speak TLS as it should")
        if isinstance(cause, socket.gaierror):
            return _RetryError("cannot be reached: its name cannot be looked up")
        if isinstance(cause, ConnectionRefusedError):
            return _RetryError("cannot be reached: it refuses the connection")
    if isinstance(error, httpx.ConnectTimeout | httpx.ReadTimeout):
        return _RetryError("does not answer")
    if isinstance(error, httpx.ConnectError):
        return _RetryError("cannot be reached")
    # One type stands for an answer that ends early and for one that is no HTTP; the text tells.
    early = re.search("closed|disconnected", str(error))
    if isinstance(error, httpx.ReadError) or (
        isinstance(error, httpx.RemoteProtocolError) and early
    ):
        return _RetryError("broke off its answer")
    return _ServerError("gave an answer that cannot be read")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Return an error and all that led to it; several addresses tried come as a group of errors."""
    yield error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for cause in (error.__cause__ or error.__context__, *inner):
        if cause is not None:
            yield from _causes(cause)
