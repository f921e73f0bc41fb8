"""The servers: which is asked, what for, and again when; what HTTP responses mean.

Servers need not be trusted, since the key is pinned; so all that matters here is that a response is
bounded in time and size, comes from the host that was asked, and is handed on byte for byte.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import NamedTuple

import httpx

from pith_tui.errors import NotARecordError, NotFoundError, PithError, UnreachableError, UsageError
from pith_tui.lookup.connections import Connections, RequestProgress
from pith_tui.lookup.network import Network, Notice
from pith_tui.lookup.transport import (
    AbsentError,
    Response,
    RetryError,
    ServerError,
    accept,
    proxy_prefix,
    retry_message,
)
from pith_tui.patterns import pattern
from pith_tui.protocol.identifiers import Identifier, IdentifierError, Kind, parse_identifier
from pith_tui.user.servers import check_server

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRIES = 3
_MAX_REDIRECTS = 5
_FIRST_PAUSE = 0.5
_RECORD_PATH = pattern(r".*/pith/[A-Z2-7]+\.json\Z")
_MAX_ETAG = 1024
_LONGEST_NUMBER = 65536
"""Bytes of a response that can be a Pith Number only; a longer one is treated as a record."""
_BOM = b"\xef\xbb\xbf"


class ServerResponse(NamedTuple):
    """A record as a server sent it, byte for byte."""

    raw: bytes
    url: str
    etag: str | None


class Unchanged(NamedTuple):
    """A server's statement (304) that it still has the record with the ETag sent."""

    url: str
    raw: None = None
    etag: None = None


class _Attempt(NamedTuple):
    """One server being asked on behalf of one fetch, within a limit of time.

    ``etag`` is that of the stored bytes where they came from this server, else None.
    """

    server: str
    etag: str | None
    notice: Notice
    limit: asyncio.Timeout
    progress: RequestProgress


class _ServerFailure(NamedTuple):
    """Why a server gave no record, and what can be done here, if anything."""

    text: str
    hint: str = ""


class RegistryClient:
    """A client of the servers, asked in their order; ``deadline`` is in seconds for all of it.

    ``before_request`` is awaited before each request: callers limit their rate there.
    """

    def __init__(
        self,
        servers: Sequence[str],
        *,
        deadline: float = 20.0,
        network: Network | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        if not servers:
            raise UsageError("there is no server to ask", "name one with --server")
        self._servers = [check_server(server) for server in servers]
        self._deadline = deadline
        self._connections = Connections(network or Network(), deadline)
        self._sleep = sleep
        self._jitter = jitter
        self.before_request: Callable[[], Awaitable[None]] | None = None

    @property
    def servers(self) -> tuple[str, ...]:
        """The servers, in the order in which they are asked."""
        return tuple(self._servers)

    async def fetch(
        self,
        identifier: Identifier,
        *,
        known: tuple[str, str] | None = None,
        is_enough: Callable[[ServerResponse | Unchanged], bool] = lambda _: True,
        notice: Notice = lambda _: None,
    ) -> list[ServerResponse | Unchanged]:
        """Fetch the record that an identifier names, from each server until a response is enough.

        ``known`` is the URL and the ETag of stored bytes: the server that they came from may
        answer that nothing changed.  Raises NotFoundError where every server says it has no such
        record, UnreachableError where none sent one and one could not say.  ``is_enough`` raises
        NotARecordError for a response that is none.
        """
        failures: list[_ServerFailure] = []
        responses: list[ServerResponse | Unchanged] = []
        waiting = list(self._servers)
        progress = RequestProgress()
        try:
            async with asyncio.timeout(self._deadline) as limit:
                while waiting:
                    etag = _etag_for(waiting[0], known)
                    attempt = _Attempt(waiting[0], etag, notice, limit, progress)
                    try:
                        if await self._is_enough(attempt, identifier, is_enough, responses):
                            return responses
                    except (ServerError, NotARecordError) as error:
                        failures.append(_server_failure(attempt.server, error))
                        if len(waiting) > 1:
                            notice(f"{failures[-1].text}; asking the next one")
                        elif responses:
                            notice(failures[-1].text)
                    del waiting[0]
        except TimeoutError:
            failures += self._late(waiting, progress)
        if responses:
            return responses
        raise self._nothing(identifier, failures)

    async def _is_enough(
        self,
        attempt: _Attempt,
        identifier: Identifier,
        is_enough: Callable[[ServerResponse | Unchanged], bool],
        responses: list[ServerResponse | Unchanged],
    ) -> bool:
        """Ask one server and add its record, if it has one; return whether that is enough."""
        try:
            response = await self._ask(attempt, identifier)
        except AbsentError:
            return False
        enough = is_enough(response)
        responses.append(response)
        return enough

    def _late(self, waiting: list[str], progress: RequestProgress) -> list[_ServerFailure]:
        """Return the message about the servers that did not respond before the deadline."""
        late, *unasked = waiting
        via = "" if progress.proxy is None else f" {proxy_prefix(progress.proxy)}"
        return [
            _ServerFailure(f"{late}{via} sent no response within {self._deadline:g} seconds"),
            *(_ServerFailure(f"{server} could not be asked in that time") for server in unasked),
        ]

    def _nothing(self, identifier: Identifier, failures: list[_ServerFailure]) -> PithError:
        """Return the error for a record that no server sent: not there, or nobody could say."""
        if failures:
            hints = dict.fromkeys(failure.hint for failure in failures if failure.hint)
            return UnreachableError(
                f"{identifier.text} could not be fetched:"
                f" {'; '.join(failure.text for failure in failures)}",
                "; ".join(hints) or "try again later, or use --offline for what is stored",
            )
        verb = "has" if len(self._servers) == 1 else "have"
        hint = "check the id; papers get a Pith Number some time after they appear"
        if not (identifier.kind is Kind.PITH and identifier.is_full):
            hint += "; a static mirror knows records only by their full Pith Number"
        return NotFoundError(
            f"{' and '.join(self._servers)} {verb} no record of {identifier.text}", hint
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._connections.aclose()

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

    async def _get(self, attempt: _Attempt, url: str) -> Response:
        """Get a URL, with a few retries, after pauses, where trying again may help."""
        for pause in self._backoff():
            try:
                return await self._follow(attempt, url)
            except RetryError as error:
                if pause is None:
                    raise ServerError(retry_message(error)) from None
                pause = max(error.after or 0.0, pause)
                # Waiting past the deadline helps nobody, and another server may have it.
                if pause > _seconds_left(attempt.limit):
                    raise ServerError(retry_message(error)) from None
                attempt.notice(f"{attempt.server} {error}; trying again in {pause:.1f} s")
                await self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _backoff(self) -> Iterator[float | None]:
        """Return the seconds to wait after each try that fails, None after the last one."""
        for retry in range(_TRIES - 1):
            yield _FIRST_PAUSE * 2**retry * (0.5 + self._jitter())
        yield None

    async def _follow(self, attempt: _Attempt, url: str) -> Response:
        """Follow redirects by hand: never to another host, never to a weaker scheme."""
        origin = httpx.URL(attempt.server)
        for _ in range(_MAX_REDIRECTS + 1):
            # The ETag is a record's: what resolves an id may answer with its number alone.
            etag = attempt.etag if _RECORD_PATH.match(httpx.URL(url).path) else None
            response = await self._send(attempt, url, etag)
            if response.status not in _REDIRECTS:
                return accept(response, conditional=etag is not None)
            target = _target(url, response)
            same = (target.scheme, target.host, target.port) == (
                origin.scheme,
                origin.host,
                origin.port,
            )
            if target.userinfo:
                raise ServerError("redirects to a URL with a user name in it")
            if not same:
                raise ServerError("redirects to another server, which is not allowed")
            url = str(target)
        raise ServerError("redirects in a loop")

    async def _send(self, attempt: _Attempt, url: str, etag: str | None) -> Response:
        headers = {
            "Accept": "application/json, application/ld+json;q=0.9",
            # A record is a few kilobytes; what need not be unpacked cannot be a bomb.
            "Accept-Encoding": "identity",
        }
        if etag is not None:
            headers["If-None-Match"] = etag
        if self.before_request is not None:
            left = _seconds_left(attempt.limit)
            attempt.limit.reschedule(None)  # the server is not to blame for the wait
            await self.before_request()
            attempt.limit.reschedule(asyncio.get_running_loop().time() + left)
        return await self._connections.get(url, headers, attempt.progress, attempt.notice)


def _seconds_left(limit: asyncio.Timeout) -> float:
    until = limit.when()
    assert until is not None, "the limit is taken off only while a turn is waited for"
    return until - asyncio.get_running_loop().time()


def _etag_for(server: str, known: tuple[str, str] | None) -> str | None:
    """Return the ETag of the stored bytes, if they came from this server.

    Another may have its own below a path of the same host.
    """
    if known is None or not known[0].startswith((f"{server}/pith/", f"{server}/api/")):
        return None
    return known[1] if _is_sound_etag(known[1]) else None


def _etag_of(response: Response) -> str | None:
    etag = response.headers.get("etag")
    return etag if etag is not None and _is_sound_etag(etag) else None


def _is_sound_etag(etag: str) -> bool:
    """Return whether an ETag can be sent back: visible ASCII, and of a reasonable length."""
    return 0 < len(etag) <= _MAX_ETAG and all("!" <= character <= "~" for character in etag)


def _server_failure(server: str, error: ServerError | NotARecordError) -> _ServerFailure:
    if isinstance(error, NotARecordError):
        return _ServerFailure(f"{server} sent no record ({error})")
    return _ServerFailure(f"{server} {error}", error.hint)


def _resolved(response: Response) -> str | None:
    """Read the resolve endpoint's response, whose form is unknown (docs/protocol.md, Endpoints).

    Returns the suffix of a Pith Number to fetch, or None if the response is the record itself.
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
        raise ServerError("sent no record")
    try:
        named = parse_identifier(number)
    except IdentifierError:
        raise ServerError("resolved the id to something that is not a Pith Number") from None
    if named.kind is not Kind.PITH:
        raise ServerError("resolved the id to something that is not a Pith Number")
    return named.value


def _refuse_no_object(response: Response) -> None:
    """Refuse what does not even begin as a record: most often it is a web page."""
    if response.body.removeprefix(_BOM).lstrip()[:1] == b"{":
        return
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_page = kind in ("text/html", "application/xhtml+xml")
    raise ServerError("sent a web page instead of a record" if is_page else "sent no record")


def _target(url: str, response: Response) -> httpx.URL:
    """Return where a redirect leads: from a record's page (``/pith/X``) to the record itself."""
    try:
        target = httpx.URL(url).join(response.headers.get("location", ""))
        path = target.path
        if "/pith/" in path and "." not in path.rpartition("/")[2]:
            return target.copy_with(path=f"{path.rstrip('/')}.json")
    except (httpx.InvalidURL, ValueError):
        raise ServerError("redirects to a URL that cannot be read") from None
    return target


def _arxiv_text(identifier: Identifier) -> str:
    version = "" if identifier.version is None else f"v{identifier.version}"
    return f"{identifier.arxiv}{version}"
