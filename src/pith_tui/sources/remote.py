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
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import httpx

from pith_tui import __version__
from pith_tui.errors import NotFoundError, UnreachableError
from pith_tui.protocol.identifiers import Identifier, IdentifierError, Kind, parse_identifier
from pith_tui.protocol.strict_json import MAX_SIZE
from pith_tui.sources.servers import check_server, is_loopback

_USER_AGENT = f"pith-tui/{__version__} (terminal browser for Pith Number records)"
_RETRIED = frozenset({429, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRIES = 3
_MAX_REDIRECTS = 5
_FIRST_PAUSE = 0.5

Notice = Callable[[str], None]


class Answer(NamedTuple):
    """A record as a server sent it, byte for byte."""

    raw: bytes
    url: str
    etag: str | None


class Unchanged(NamedTuple):
    """A server's word (304) that the record with the ETag sent is still the one it has."""

    url: str


class _Response(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class _ServerError(Exception):
    """One server could not give an answer; the text says why."""


class _RetryError(_ServerError):
    """The same, but it may go better in a moment; ``after`` is in seconds, None if not said."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


class _AbsentError(Exception):
    """A server answered that it does not have the record."""


class Remote:
    """A client of the servers, asked in their order; ``deadline`` is in seconds for all of it."""

    def __init__(
        self,
        servers: Sequence[str],
        *,
        deadline: float = 20.0,
        verify: ssl.SSLContext | bool = True,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._servers = [check_server(server) for server in servers]
        self._deadline = deadline
        self._verify = verify
        self._sleep = sleep
        self._jitter = jitter
        self._clients: dict[bool, httpx.AsyncClient] = {}

    async def fetch(
        self, identifier: Identifier, *, etag: str | None = None, notice: Notice = lambda _: None
    ) -> Answer | Unchanged:
        """Fetch the record that an identifier names.

        With ``etag`` a server may answer that nothing changed.  Raises NotFoundError where every
        server says it has no such record, UnreachableError where one could not say.
        """
        troubles: list[str] = []
        try:
            async with asyncio.timeout(self._deadline):
                for server in self._servers:
                    try:
                        return await self._ask(server, identifier, etag, notice)
                    except _AbsentError:
                        continue
                    except _ServerError as error:
                        troubles.append(f"{server} {error}")
                        if server != self._servers[-1]:
                            notice(f"{server} {error}; asking the next one")
        except TimeoutError:
            troubles.append(f"no answer within {self._deadline:g} seconds")
        if troubles:
            raise UnreachableError(
                f"{identifier.text} could not be fetched: {'; '.join(troubles)}",
                "try again later, or use --offline for what is at hand",
            )
        raise NotFoundError(
            f"{' and '.join(self._servers)} has no record of {identifier.text}",
            "check the id; papers get a Pith Number some time after they appear",
        )

    async def aclose(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()

    async def _ask(
        self, server: str, identifier: Identifier, etag: str | None, notice: Notice
    ) -> Answer | Unchanged:
        if identifier.kind is Kind.PITH:
            return await self._record(server, identifier.value, etag, notice)
        name = "doi" if identifier.arxiv is None else "arxiv"
        value = identifier.value if identifier.arxiv is None else _arxiv_text(identifier)
        url = httpx.URL(f"{server}/api/pith-number/resolve", params={name: value, "json": "true"})
        # No ETag here: what answers may be the record itself or only its number.
        response = await self._get(server, str(url), None, notice)
        resolved = _resolved(response)
        if resolved is None:
            return Answer(response.body, response.url, response.headers.get("etag"))
        return await self._record(server, resolved, etag, notice)

    async def _record(
        self, server: str, suffix: str, etag: str | None, notice: Notice
    ) -> Answer | Unchanged:
        response = await self._get(server, f"{server}/pith/{suffix}.json", etag, notice)
        if response.status == 304:
            return Unchanged(response.url)
        if not isinstance(_json(response.body), dict):
            raise _ServerError("answered with something that is no record")
        return Answer(response.body, response.url, response.headers.get("etag"))

    async def _get(self, server: str, url: str, etag: str | None, notice: Notice) -> _Response:
        """Get a URL, trying again where that may help, as often and as late as is polite."""
        for attempt in range(1, _TRIES + 1):
            try:
                return await self._follow(server, url, etag)
            except _RetryError as error:
                if attempt == _TRIES:
                    raise _ServerError(str(error)) from None
                pause = _FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + self._jitter())
                if error.after is not None:
                    if error.after > self._deadline:
                        raise _ServerError(
                            f"{error}; it asks to come back in {error.after:.0f} seconds"
                        ) from None
                    pause = max(error.after, pause)
                notice(f"{server} {error}; trying again in {pause:.1f} s")
                await self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    async def _follow(self, server: str, url: str, etag: str | None) -> _Response:
        """Follow redirects by hand: never to another host, never to a weaker scheme."""
        origin = httpx.URL(server)
        for _ in range(_MAX_REDIRECTS + 1):
            response = await self._send(url, etag)
            if response.status not in _REDIRECTS:
                return _accepted(response)
            target = httpx.URL(url).join(response.headers.get("location", ""))
            same = (target.scheme, target.host, target.port) == (
                origin.scheme,
                origin.host,
                origin.port,
            )
            if not same:
                raise _ServerError("sends us to another server, which was not asked for")
            url = str(_as_json(target))
        raise _ServerError("sends us in circles")

    async def _send(self, url: str, etag: str | None) -> _Response:
        headers = {"Accept": "application/json, application/ld+json;q=0.9"}
        if etag is not None:
            headers["If-None-Match"] = etag
        client = self._client(url)
        try:
            async with client.stream("GET", url, headers=headers) as response:
                body = b"".join([chunk async for chunk in _bounded(response)])
                return _Response(response.status_code, response.headers, body, url)
        except httpx.HTTPError as error:
            raise _trouble(error) from None
        except (httpx.InvalidURL, ValueError) as error:
            raise _ServerError(f"answered with a URL or header of no use ({error})") from None

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


async def _bounded(response: httpx.Response) -> AsyncIterator[bytes]:
    """Give the decoded body, giving up where it is larger than any record may be."""
    size = 0
    async for chunk in response.aiter_bytes(65536):
        size += len(chunk)
        if size > MAX_SIZE:
            raise _ServerError(f"answered with more than {MAX_SIZE:,} bytes")
        yield chunk


def _accepted(response: _Response) -> _Response:
    if response.status in (200, 304):
        return response
    if response.status in (404, 410):
        raise _AbsentError
    why = f"answered {response.status}"
    if response.status in _RETRIED:
        raise _RetryError(why, _retry_after(response.headers.get("retry-after")))
    raise _ServerError(why)


def _retry_after(value: str | None) -> float | None:
    """Read Retry-After, seconds or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return float(value)
    with contextlib.suppress(ValueError, TypeError):
        then = email.utils.parsedate_to_datetime(value)
        return max((then - datetime.now(UTC)).total_seconds(), 0.0)
    return None


def _resolved(response: _Response) -> str | None:
    """Read the resolve endpoint's answer, whose form is unknown (PROTOCOL.md, Endpoints).

    Gives the suffix of a Pith Number to fetch, or None where the answer is the record itself.
    """
    value = _json(response.body)
    if isinstance(value, dict):
        if "canonical_record" in value or value.get("record_type") == "pith_number_record":
            return None
        number = value.get("pith_number")
        if isinstance(number, str):
            try:
                named = parse_identifier(number)
            except IdentifierError:
                raise _ServerError("resolved the id to something that is no number") from None
            if named.kind is Kind.PITH:
                return named.value
    raise _ServerError("answered the id with something that names no record")


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _as_json(target: httpx.URL) -> httpx.URL:
    """Ask for the record (``/pith/X.json``) where a redirect leads to its page (``/pith/X``)."""
    path = target.path
    if "/pith/" in path and "." not in path.rpartition("/")[2]:
        return target.copy_with(path=f"{path.rstrip('/')}.json")
    return target


def _arxiv_text(identifier: Identifier) -> str:
    version = "" if identifier.version is None else f"v{identifier.version}"
    return f"{identifier.arxiv}{version}"


def _trouble(error: httpx.HTTPError) -> _ServerError:
    """Say in plain words what kept a server from answering."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _ServerError(f"has a certificate that is not trusted ({cause.verify_message})")
        if isinstance(cause, ssl.SSLError):
            return _ServerError("does not speak TLS as it should")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.ConnectTimeout | httpx.ReadTimeout):
        return _RetryError("does not answer")
    if isinstance(error, httpx.ConnectError):
        return _RetryError(f"cannot be reached ({error})")
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
        return _RetryError("broke off its answer")
    return _ServerError(f"gave an answer that cannot be read ({type(error).__name__})")
