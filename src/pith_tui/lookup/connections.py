"""The connections to servers: the only module that makes HTTP clients, one for each origin.

Each has the one TLS context and, where the environment names one, its proxy; httpx itself reads
nothing of the environment.  Whatever goes wrong here is a ServerError, since a network may break in
ways that no list of exceptions holds: measured, a SOCKS proxy that hangs up is an AssertionError.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

import httpx

from pith_tui import __version__, trace
from pith_tui.errors import UnreachableError
from pith_tui.lookup.network import Network, Notice
from pith_tui.lookup.proxies import Proxy
from pith_tui.lookup.transport import (
    Response,
    ServerError,
    connection_error,
    proxy_error,
    read_bounded,
    unpack,
)

_USER_AGENT = f"pith-tui/{__version__} (terminal browser for Pith Number records)"
_AT_PROXY = frozenset({"connection.connect_tcp.started", "socks.connect_tcp.started"})
_PAST_PROXY = frozenset({"proxy.start_tls.started", "socks.start_tls.started"})
_OPENED = "socks.connect_tcp.complete"
_ANSWERED = "http11.receive_response_headers.complete"


_Origin = tuple[str, str, int | None]
"""Scheme, host and port; a port of None is the default of the scheme."""


class RequestProgress:
    """How far a request came: what ``proxy`` is being waited for, None for the server itself.

    ``status`` is what the proxy answered.  Set from httpcore's events, see
    https://www.encode.io/httpcore/extensions/#trace.
    """

    def __init__(self) -> None:
        self.proxy: Proxy | None = None
        self.status: int | None = None
        self._chosen: Proxy | None = None
        self._opened: Any = None

    def begin(self, proxy: Proxy | None) -> None:
        """Begin a request: over a connection that is open, there is no proxy to wait for."""
        self._chosen, self.proxy, self.status = proxy, None, None

    async def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Handle an event."""
        if event in _AT_PROXY:
            self.proxy = self._chosen
        elif event in _PAST_PROXY:
            self.proxy = self._opened = None
        elif event == _OPENED:
            self._opened = info["return_value"]
        elif event == _ANSWERED and self.proxy is not None:
            self.status = info["return_value"][1]  # to CONNECT

    async def end(self) -> None:
        """Close the connection to a SOCKS proxy that led nowhere, which httpcore leaves open."""
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.aclose()


class Connections:
    """The clients of the servers of one look-up, each made when its server is first asked."""

    def __init__(self, network: Network, timeout: float) -> None:
        self._network = network
        self._timeout = timeout
        self._clients: dict[
            tuple[str, str, int | None], tuple[httpx.AsyncClient, Proxy | None]
        ] = {}

    async def get(
        self, url: str, headers: Mapping[str, str], progress: RequestProgress, notice: Notice
    ) -> Response:
        """Get a URL: one request, no redirects.  Raises ServerError."""
        progress.begin(None)
        try:
            client, proxy = self._client(url, notice)
            progress.begin(proxy)
            extensions = {"trace": progress.note}
            async with client.stream(
                "GET", url, headers=headers, extensions=extensions
            ) as response:
                body = unpack(response.headers, await read_bounded(response))
                return Response(response.status_code, response.headers, body, url)
        except UnreachableError as error:
            raise ServerError(f"cannot be reached: {error}", error.hint) from None
        except ServerError:
            raise
        except Exception as error:
            trace.trace(f"{url} failed: {error!r}")
            if progress.proxy is not None:
                raise proxy_error(error, progress.proxy, progress.status) from None
            raise connection_error(error) from None
        finally:
            await progress.end()

    def _client(self, url: str, notice: Notice) -> tuple[httpx.AsyncClient, Proxy | None]:
        parts = httpx.URL(url)
        origin = parts.scheme, parts.host, parts.port
        if origin not in self._clients:
            proxy = self._network.proxy_for(url, notice)
            self._clients[origin] = self._make(parts.scheme == "https", proxy), proxy
        return self._clients[origin]

    def _make(self, is_https: bool, proxy: Proxy | None) -> httpx.AsyncClient:
        # Without TLS no certificate is read, and by an empty context none would be trusted.
        tls = self._network.tls() if is_https else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        # httpx has a proxy that is reached by TLS take a context, and refuses one for the others.
        own = tls if proxy is not None and proxy.url.startswith("https:") else None
        return httpx.AsyncClient(
            verify=tls,
            trust_env=False,
            proxy=proxy and httpx.Proxy(proxy.url, auth=proxy.auth, ssl_context=own),
            follow_redirects=False,
            timeout=httpx.Timeout(self._timeout),
            headers={"User-Agent": _USER_AGENT},
        )

    async def aclose(self) -> None:
        """Close every connection; one that cannot be closed does not affect the response."""
        for client, _ in self._clients.values():
            try:
                await client.aclose()
            except Exception as error:
                trace.trace(f"a connection could not be closed: {error!r}")
